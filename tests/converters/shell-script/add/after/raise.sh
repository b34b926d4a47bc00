#!/bin/sh
set -e
uv add "$1"
uv add "numpy>=2,<3"
