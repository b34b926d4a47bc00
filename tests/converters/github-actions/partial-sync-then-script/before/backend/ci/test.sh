poetry run pytest
