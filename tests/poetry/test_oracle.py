"""What poetry-core publishes for small projects, against our reading of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from unverse.poetry import model
from unverse.poetry.model import Dependency, Git, Url

ROOT = Path(__file__).parents[2]
POETRY = '[tool.poetry]\nname = "demo"\nversion = "1.0"\n'
PROJECTS = {
    "tables": """
        [tool.poetry.dependencies]
        python = ">=3.8,<3.13"
        a = { version = "^1.2", extras = ["x"], python = "<3.11 || >=3.12", platform = "linux" }
        b = [{ version = "1.*", python = "3.8" }, { version = "2.*", python = ">=3.9,!=3.10.*" }]
        c = { version = "~1.2", markers = "os_name == 'nt' or os_name == 'posix'", optional = true }
        d = { git = "git@example.org:a/b.git", tag = "v1" }
        e = { path = "../e" }
        unused = { version = "1", optional = true }
        always = "!=1.5"
        [tool.poetry.extras]
        one = ["C", "always"]
        two = ["c"]
        [tool.poetry.group.docs]
        optional = true
        include-groups = ["lint"]
        [tool.poetry.group.docs.dependencies]
        mkdocs = ">=1 <2"
        [tool.poetry.group.lint.dependencies]
        ruff = "*"
        [tool.poetry.dev-dependencies]
        pytest = "^8"
        """,
    "extras in markers": """
        [tool.poetry.dependencies]
        torch = [
            { version = "1.*", markers = "extra == 'cpu'" },
            { version = "2.*", markers = "extra == 'cuda' and sys_platform == 'linux'" },
        ]
        [tool.poetry.extras]
        cpu = ["torch"]
        cuda = ["torch"]
        """,
    "standard": """
        [project]
        name = "demo"
        version = "1.0"
        requires-python = ">=3.9, <4"
        dependencies = ["a (>=1,<2) ; python_version < '3.12'", "b @ git+https://h/b.git@v1"]
        [project.optional-dependencies]
        X = ["c>=1", "a[y]"]
        [dependency-groups]
        dev = ["pytest", { include-group = "lint" }]
        lint = ["ruff"]
        [tool.poetry.dependencies]
        a = { source = "s" }
        ignored = "^1"
        [[tool.poetry.source]]
        name = "s"
        url = "https://example.org/s"
        """,
    "dynamic": """
        [project]
        name = "demo"
        version = "1.0"
        dynamic = ["dependencies"]
        [project.optional-dependencies]
        x = ["c>=1"]
        [tool.poetry.dependencies]
        python = "^3.9"
        a = "^1"
        b = { version = "^1", optional = true }
        [tool.poetry.extras]
        ignored = ["b"]
        """,
    "dynamic extras": """
        [project]
        name = "demo"
        version = "1.0"
        dependencies = ["a"]
        dynamic = ["optional-dependencies"]
        [tool.poetry.dependencies]
        b = { version = "^1", optional = true }
        [tool.poetry.extras]
        ignored = ["b"]
        """,
    "empty dependencies": """
        [project]
        name = "demo"
        version = "1.0"
        dependencies = []
        [tool.poetry.dependencies]
        b = { version = "^1", optional = true }
        [tool.poetry.extras]
        used = ["b"]
        """,
}


@pytest.fixture(scope="module")
def oracle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", ROOT / "tools" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", PROJECTS)
def test_as_poetry_core(name: str, oracle: ModuleType, tmp_path: Path) -> None:
    text = POETRY + "\n".join(line.strip() for line in PROJECTS[name].splitlines()) + "\n"
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    found = list(oracle.compare(path, text))
    assert found
    assert [message for kind, message in found if kind == "DIFFERENT"] == []
    assert not any("refuse" in message for _, message in found)


def test_how_our_reading_is_written(oracle: ModuleType) -> None:
    to_requirement = oracle.to_requirement
    dependency = Dependency("A", ">=1", ("y", "x"), 'os_name == "nt"')
    assert to_requirement(dependency) == 'A[x,y]>=1; os_name == "nt"'
    git = Dependency("a", marker='os_name == "nt"', location=Git("git@h:a/b", branch="main"))
    assert to_requirement(git) == 'a @ git+ssh://git@h/a/b@main ; os_name == "nt"'
    assert to_requirement(git, direct=False) == 'a; os_name == "nt"'
    assert to_requirement(Dependency("a", location=model.Path("../a"))) == "a"
    assert to_requirement(Dependency("a", location=Url("https://h/a", "s"))) == (
        "a @ https://h/a#subdirectory=s"
    )
