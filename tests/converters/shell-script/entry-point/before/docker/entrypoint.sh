#!/bin/sh
exec poetry run gunicorn app:app
