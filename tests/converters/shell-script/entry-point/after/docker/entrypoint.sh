#!/bin/sh
exec uv run --no-sync gunicorn app:app
