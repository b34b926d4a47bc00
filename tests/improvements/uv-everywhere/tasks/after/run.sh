#!/bin/sh
set -e
pip install before
. .venv/bin/activate
uv pip install -q x
uv python pin 3.12
bash -c "uv pip install y"
ssh host pip install z
