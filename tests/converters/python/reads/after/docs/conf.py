import tomllib
from pathlib import Path

data = tomllib.loads(Path("../pyproject.toml").read_text())
project = data["tool"]["poetry"]["name"]
release = data.get("tool", {}).get("poetry", {})["version"]
lock = Path("poetry.lock").read_text()
