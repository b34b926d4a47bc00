#!/bin/sh
set -e
pip install before
. .venv/bin/activate
pip install -q x
pyenv local 3.12
bash -c "pip install y"
ssh host pip install z
