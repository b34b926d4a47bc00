"""The projects that the command lines are about: trees of files, for both tools alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from repositories import write_files

from twins.packages import tiny_wheel

BIKES = """\
[tool.poetry]
name = "bikes"
version = "1.4.0"
description = "Bikes for hire"
authors = ["Ada <ada@example.org>"]
readme = "README.md"
packages = [{ include = "bikes", from = "src" }]

[tool.poetry.dependencies]
python = ">=3.11,<4.0"
alpha = "^1.0"
beta = ">=1.0"
gamma = { version = "^0.3", optional = true }

[tool.poetry.extras]
fast = ["gamma"]

[tool.poetry.group.dev.dependencies]
tester = ">=1.0"
lib = { path = "lib", develop = true }

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
scribe = "^2.0"

[tool.poetry.scripts]
bikes = "bikes:main"

[[tool.poetry.source]]
name = "local"
url = "INDEX"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""
LIBRARY = """\
[project]
name = "NAME"
version = "0.5.0"
requires-python = ">=3.11"
dependencies = ["delta>=1.0"]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""
_MAIN = """\
import sys

def main():
    print("bikes", *sys.argv[1:])
    return 3 if "fail" in sys.argv else 0
"""
_APPLICATION = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["beta"]

[project.optional-dependencies]
fast = ["gamma[fast]<0.4"]
tests = ["tester"]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""


def library(name: str) -> dict[str, str]:
    """Return the files of a tiny project, below a folder of its name."""
    return {
        f"{name}/pyproject.toml": LIBRARY.replace("NAME", name),
        f"{name}/src/{name}/__init__.py": "",
    }


def bikes(index: str) -> dict[str, str]:
    """Return the files of a project of Poetry's; `index` is the address of its packages."""
    return {
        "pyproject.toml": BIKES.replace("INDEX", index),
        "poetry.toml": "[virtualenvs]\nin-project = true\n",
        "README.md": "# Bikes\n",
        "src/bikes/__init__.py": _MAIN,
        ".gitignore": ".venv\ndist\n",
        **library("lib"),
        **library("other"),
    }


def shelf() -> dict[str, str]:
    """Return the files that command lines of pip and pip-tools name."""
    return {
        **library("lib"),
        "requirements.txt": "alpha==1.1.0\nhello\n",
        "gone.txt": "hello\ndelta\n",
        "constraints.txt": "alpha<1.2\ndelta==1.0.0\n",
        "hashes.txt": f"delta==1.0.0 --hash=sha256:{_digest('delta', '1.0.0')}\n",
        "wrong.txt": f"delta==1.0.0 --hash=sha256:{'0' * 64}\n",
        "exact.txt": "alpha==1.0.0\ntester==1.0.0\n",
    }


def sources() -> dict[str, str]:
    """Return what pip-compile reads; one file has been compiled before."""
    return {
        "pyproject.toml": _APPLICATION,
        "requirements.in": "beta\nscribe>=2\n",
        "old.in": "beta\ndelta\n",
        "old.txt": "alpha==1.0.0\nbeta==1.0.0\ndelta==1.0.0\n",
        "layered.in": "-r requirements.in\n-c constraints.txt\nhello\n",
        "extra.in": "gamma[fast]<0.4\n",
        "marked.in": 'alpha\ntester; python_version >= "3"\nrival; sys_platform == "none"\n',
        "conflict.in": "beta\nalpha>=2\n",
        "constraints.txt": "delta<1.3\n",
        "src/shop/__init__.py": "",
    }


def write_release(folder: Path) -> None:
    """Write a folder with two wheels to be uploaded."""
    folder.mkdir(parents=True)
    for name in ("alpha", "delta"):
        content = tiny_wheel(name, "1.0.0", ())
        (folder / f"{name}-1.0.0-py3-none-any.whl").write_bytes(content)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write a tree of files into a new folder."""
    folder.mkdir(parents=True)
    write_files(folder, dict(files))


def _digest(name: str, version: str) -> str:
    import hashlib

    return hashlib.sha256(tiny_wheel(name, version, ())).hexdigest()
