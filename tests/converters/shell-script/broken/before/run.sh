poetry install
if true; then
poetry run "x
