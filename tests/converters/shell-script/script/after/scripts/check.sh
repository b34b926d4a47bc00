#!/usr/bin/env bash
set -euo pipefail
# needs Poetry
if ! command -v uv >/dev/null; then
  echo "uv is missing, see https://docs.astral.sh/uv/getting-started/installation/"
  exit 1
fi
uv sync --locked --inexact --no-install-project --only-group lint
uv run --no-sync ruff check "$@"
source .venv/bin/activate
cmp uv.lock old/uv.lock || git add uv.lock
cat <<EOF
poetry run x
EOF
cmd="uv run --no-sync pytest -q"
$cmd
