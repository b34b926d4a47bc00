"""pyproject.toml in the words of the standards and of uv, written into the author's own lines."""
