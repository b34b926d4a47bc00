"""The step as a whole, with the real uv and an index on this machine; no other network."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from index_server import Response, Server, serve, wheel
from locks import flat, poetry_lock

from unverse.errors import ConfigurationError, IndexUnavailableError, LockError, ToolError
from unverse.poetry.lock import PoetryLock
from unverse.uv import run
from unverse.uv.lock import How, Project, make_lock


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    return own | {
        "UNVERSE_CACHE_DIR": str(tmp_path / "pages"),
        "UV_CACHE_DIR": str(tmp_path / "uv"),
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


def pyproject(server: Server, *dependencies: str, rest: str = "", python: str = ">=3.11") -> str:
    listed = ", ".join(f"'''{text}'''" for text in dependencies)
    return (
        f'[project]\nname = "own"\nversion = "1"\nrequires-python = "{python}"\n'
        f"dependencies = [{listed}]\n{rest}\n"
        f'[[tool.uv.index]]\nname = "here"\nurl = "{server.url}/simple"\ndefault = true\n'
    )


def locked(server: Server, name: str, version: str = "1.0", **fields: Any) -> str:
    """Offer a wheel and return its entry in poetry.lock."""
    requires = fields.get("requires", {})
    offered = server.wheel(name, version, *requires)
    server.page(name, offered)
    digest = f"sha256:{offered['hashes']['sha256']}"
    files = [{"file": offered["filename"], "hash": digest}]
    source = {"type": "legacy", "url": f"{server.url}/simple", "reference": "here"}
    return flat(name, version, **({"files": files, "source": source} | fields))


def project(
    root: Path, text: str, lock: PoetryLock | None, others: Mapping[str, str] | None = None
) -> Project:
    files = {"pyproject.toml": text, **(others or {})}
    for path in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
    return Project(root, "pyproject.toml", files.get, lock, tuple(files))


def test_translated_and_accepted(server: Server, environ: dict[str, str], tmp_path: Path) -> None:
    lock = poetry_lock(locked(server, "a", requires={"b": "*"}), locked(server, "b"))
    made = make_lock(project(tmp_path / "r", pyproject(server, "a>=1"), lock), environ)
    assert (made.how, made.checked, made.unchecked) == (How.TRANSLATED, True, "")
    assert made.messages == ()
    assert f'source = {{ registry = "{server.url}/simple" }}' in made.text
    assert not list((tmp_path / "r").rglob("uv.lock")), "nothing is written into the repository"


def test_uv_itself_would_not_change_a_byte(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    entries = [
        locked(server, "a", requires={"b": {"version": "*", "markers": 'sys_platform == "win32"'}}),
        locked(server, "b", markers='sys_platform == "win32"'),
        locked(server, "t", groups=["test"]),
    ]
    rest = "[dependency-groups]\ntest = ['t']\n"
    text = pyproject(server, "a", rest=rest)
    made = make_lock(project(tmp_path / "r", text, poetry_lock(*entries)), environ)
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "uv.lock").write_text(made.text)
    assert run.lock(tmp_path, environ=environ).done
    assert (tmp_path / "uv.lock").read_text() == made.text


def test_no_poetry_lock(server: Server, environ: dict[str, str], tmp_path: Path) -> None:
    locked(server, "a")
    made = make_lock(project(tmp_path, pyproject(server, "a"), None), environ)
    assert (made.how, made.checked) == (How.RESOLVED, True)
    assert 'name = "a"' in made.text
    assert "no poetry.lock" in made.messages[0]


def test_no_poetry_lock_and_no_answer(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(LockError, match="no set of versions fits"):
        make_lock(project(tmp_path, pyproject(server, "a"), None), environ)
    server.answers["/simple/a/"] = Response(b"", status=401)
    with pytest.raises((IndexUnavailableError, LockError)):
        make_lock(project(tmp_path, pyproject(server, "a"), None), environ)


@pytest.mark.slow
def test_a_missing_interpreter_is_told(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    environ.pop("UV_PYTHON")
    text = pyproject(server, "a", python=">=3.98")
    made = make_lock(project(tmp_path, text, poetry_lock(locked(server, "a"))), environ)
    assert (made.how, made.checked) == (How.TRANSLATED, False)
    assert made.unchecked.startswith("no interpreter for `requires-python`")
    with pytest.raises(ToolError, match="no interpreter") as error:
        make_lock(project(tmp_path, text, None), environ)
    assert "uv python install" in error.value.hint


def test_an_index_that_refuses(server: Server, environ: dict[str, str], tmp_path: Path) -> None:
    lock = poetry_lock(locked(server, "a"))
    server.answers["/simple/a/"] = Response(b"", status=401)
    with pytest.raises(IndexUnavailableError, match="401") as error:
        make_lock(project(tmp_path, pyproject(server, "a"), lock), environ)
    assert "UV_INDEX_HERE_USERNAME" in error.value.hint


def test_an_index_that_is_not_there_can_be_guessed(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    entry = locked(server, "a", source={"type": "legacy", "url": "http://127.0.0.1:9/x",
                                        "reference": "gone"})  # fmt: skip
    rest = '[[tool.uv.index]]\nname = "gone"\nurl = "http://127.0.0.1:9/x"\n'
    whole = project(tmp_path, pyproject(server, "a", rest=rest), poetry_lock(entry))
    with pytest.raises(IndexUnavailableError, match="cannot be reached"):
        make_lock(whole, environ)
    made = make_lock(whole, environ, guess=True)
    assert 'url = "http://127.0.0.1:9/x/a-1.0-py3-none-any.whl"' in made.text
    assert "not checked" in made.messages[0]


def test_what_poetry_lock_does_not_lead_to_is_resolved_again(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    # poetry.lock has lost the edge from a to b; the wheel of a still tells of it.
    lock = poetry_lock(locked(server, "a", requires={"b": "*"}), locked(server, "b"))
    lost = poetry_lock(locked(server, "a"), locked(server, "b"))
    locked(server, "a", requires={"b": "*"})
    files = {p.name: p for p in lock.packages}
    packages = tuple(replace(p, files=files[p.name].files) for p in lost.packages)
    made = make_lock(
        project(tmp_path, pyproject(server, "a"), replace(lost, packages=packages)), environ
    )
    assert made.how is How.SEEDED
    assert made.text.count("[[package]]") == 3
    assert "needs b" in " ".join(made.messages)


def test_a_path_dependency(server: Server, environ: dict[str, str], tmp_path: Path) -> None:
    source = {"type": "directory", "url": "../lib"}
    lock = poetry_lock(locked(server, "a"), flat("lib", source=source, files=[]))
    rest = '[tool.uv.sources]\nlib = { path = "../lib", editable = true }\n'
    lib = (
        '[project]\nname = "lib"\nversion = "2"\nrequires-python = ">=3.8"\ndependencies = ["a"]\n'
    )
    files = {"app/pyproject.toml": pyproject(server, "lib", rest=rest), "lib/pyproject.toml": lib}
    for path in files:
        (tmp_path / path).parent.mkdir()
    made = make_lock(Project(tmp_path, "app/pyproject.toml", files.get, lock), environ)
    assert (made.how, made.checked) == (How.TRANSLATED, True)
    assert 'source = { editable = "../lib" }' in made.text


def test_a_path_dependency_that_is_missing(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    lock = poetry_lock(flat("lib", source={"type": "directory", "url": "../lib"}))
    rest = '[tool.uv.sources]\nlib = { path = "../lib" }\n'
    whole = project(tmp_path, pyproject(server, "lib", rest=rest), lock)
    with pytest.raises(ConfigurationError, match=r"`\.\./lib` does not exist") as error:
        make_lock(whole, environ)
    assert error.value.where == "pyproject.toml"


def test_a_wheel_at_a_path(server: Server, environ: dict[str, str], tmp_path: Path) -> None:
    content = wheel("w", "1.0", "a>=1")
    (tmp_path / "w-1.0-py3-none-any.whl").write_bytes(content)
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    files = [{"file": "w-1.0-py3-none-any.whl", "hash": digest}]
    source = {"type": "file", "url": "w-1.0-py3-none-any.whl"}
    lock = poetry_lock(
        locked(server, "a"), flat("w", source=source, files=files, requires={"a": ">=1"})
    )
    rest = '[tool.uv.sources]\nw = { path = "w-1.0-py3-none-any.whl" }\n'
    made = make_lock(project(tmp_path, pyproject(server, "w", rest=rest), lock), environ)
    assert (made.how, made.checked) == (How.TRANSLATED, True), made
    assert 'source = { path = "w-1.0-py3-none-any.whl" }' in made.text


def test_dynamic_dependencies_are_left_to_uv(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    text = pyproject(server, "a").replace("dependencies = ['''a''']", 'dynamic = ["dependencies"]')
    lock = poetry_lock(locked(server, "a"))
    with pytest.raises((ToolError, LockError, IndexUnavailableError)) as error:
        make_lock(project(tmp_path, text, lock), environ)
    assert "uv lock" in error.value.message or "fits" in error.value.message


BACKEND = """
from pathlib import Path
from typing import Any

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    folder = Path(directory, "own-1.dist-info")
    folder.mkdir()
    head = "Metadata-Version: 2.1\\nName: own\\nVersion: 1\\nRequires-Python: >=3.11\\n"
    rest = "Provides-Extra: x\\nRequires-Dist: a>=1\\nRequires-Dist: b; extra == 'x'\\n"
    (folder / "METADATA").write_text(head + rest)
    return folder.name

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
"""


@pytest.mark.slow
@pytest.mark.parametrize(("wanted", "how"), [(">=1", How.TRANSLATED), (">=0.5", How.SEEDED)])
def test_what_is_left_to_poetry_core_is_translated_and_checked_by_a_build(
    server: Server, environ: dict[str, str], tmp_path: Path, wanted: str, how: How
) -> None:
    text = pyproject(server).replace(
        "dependencies = []", 'dynamic = ["dependencies", "optional-dependencies"]'
    )
    text += (
        f'[tool.poetry.dependencies]\na = "{wanted}"\nb = {{ version = "*", optional = true }}\n'
    )
    text += '[tool.poetry.extras]\nx = ["b"]\n[build-system]\nrequires = []\n'
    text += 'build-backend = "poetry.core.masonry.api"\nbackend-path = ["backend"]\n'
    lock = poetry_lock(
        locked(server, "a"), locked(server, "b", optional=True, markers='extra == "x"')
    )
    module = "backend/poetry/core/masonry/api.py"
    (tmp_path / module).parent.mkdir(parents=True)
    (tmp_path / module).write_text(BACKEND)
    made = make_lock(project(tmp_path, text, lock, {module: BACKEND}), environ)
    assert (made.how, made.checked) == (how, True)


def test_a_file_that_is_not_toml(server: Server, environ: dict[str, str], tmp_path: Path) -> None:
    del server
    with pytest.raises(ConfigurationError, match="invalid TOML"):
        make_lock(project(tmp_path, "[", poetry_lock(flat("a"))), environ)
    missing = Project(tmp_path, "pyproject.toml", lambda _: None, poetry_lock(flat("a")))
    with pytest.raises(ConfigurationError, match="no such file"):
        make_lock(missing, environ)


def test_importing_the_step_is_cheap() -> None:
    code = (
        "import sys; before = set(sys.modules); import unverse.uv.lock; "
        "print(sorted({'ssl', 'packaging', 'rich', 'uv', 'http.client'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
