#!/bin/sh
# prints poetry
python -m anthology --kind poetry "$@"
cat poetry/*.txt | sort > poetry.txt
my-poetry install
poetry_dir=build/poetry
cd "$poetry_dir" && ./poetry.sh run
