"""Parts of the converter of Python files."""
