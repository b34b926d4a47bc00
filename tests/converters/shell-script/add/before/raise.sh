#!/bin/sh
set -e
poetry add "$1"
poetry add "numpy@^2"
