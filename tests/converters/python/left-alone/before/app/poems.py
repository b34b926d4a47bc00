"""Poetry of the sea."""

import poetry_reader


def poetry(poetry: str) -> str:
    print("poetry install fails here")
    raise ValueError("install it with `poetry add harbour[poems]`")


config = {"run": "poetry run x", "manager": "poetry"}
TEXT = """
poetry run x
"""
