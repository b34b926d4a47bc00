#!/usr/bin/env bash
set -euo pipefail
# needs Poetry
if ! command -v poetry >/dev/null; then
  echo "Poetry is missing, see https://python-poetry.org/docs/"
  exit 1
fi
poetry install --no-root --only lint
poetry run ruff check "$@"
source "$(poetry env info --path)/bin/activate"
cmp poetry.lock old/poetry.lock || git add poetry.lock
cat <<EOF
poetry run x
EOF
cmd="poetry run pytest -q"
$cmd
