#!/bin/sh
. .venv/bin/activate
pytest
