"""Findings in files as texts: names of Poetry's files, its variables, its tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from unverse.proof.commands import in_images, in_tasks, in_workflows
from unverse.proof.findings import Finding, Level
from unverse.repo import Repository, SourceFile

_LOCK = re.compile(r"poetry(?:\\\\?)?\.lock")
_HOME = re.compile(r"pypoetry\b")
_CACHE = re.compile(r"cache(?:-manager)?:[ \t]*[\"']?poetry\b")
# The settings of Poetry and of its installer; another name is the repository's own.
_VARIABLE = re.compile(
    r"\bPOETRY_(?:VIRTUALENVS|INSTALLER|HTTP_BASIC|PYPI_TOKEN|REPOSITORIES|CERTIFICATES|KEYRING"
    r"|CACHE_DIR|CONFIG_DIR|DATA_DIR|HOME|VERSION(?!_)|NO_INTERACTION|NO_ANSI|REQUESTS|SOLVER|SYSTEM"
    r"|PREVIEW|ACCEPT|EXPERIMENTAL|PUBLISH|WARNINGS|PLUGINS|PYTHON)(?:_[A-Z0-9_]+)?\b"
)
_SECRET = re.compile(r"(?:secrets|vars)\.\w*$")
_COMMENT = re.compile(r"[ \t]*(?:#|//|;|rem\b)", re.IGNORECASE)
_IGNORES = frozenset({".dockerignore", ".gitattributes", "CODEOWNERS", ".prettierignore"})
_IGNORES |= {".eslintignore", ".codespellrc", ".typos.toml", "sonar-project.properties"}
_OTHER_CI = re.compile(
    r"(?:^|/)(?:\.gitlab-ci[^/]*|azure-pipelines[^/]*|bitbucket-pipelines|\.travis|appveyor"
    r"|\.pre-commit-config|\.readthedocs|readthedocs|Taskfile|render|netlify|codecov|dependabot"
    r"|docker-compose[^/]*|compose[^/]*)\.ya?ml$|^\.circleci/|^\.buildkite/|^\.github/.*\.ya?ml$",
    re.IGNORECASE,
)
_KEPT = "is not there any more: the name of uv's is `uv.lock`"
_PROVIDER = re.compile(r"(?m)^[ \t]*version_provider[ \t]*=[ \t]*[\"']poetry[\"']")
_VERSION = re.compile(r"tool\.poetry\.version")
_TABLE = re.compile(r"(?m)^[ \t]*\[\[?tool\.poetry\b[^\]\n]*\]")
# What poetry-core reads from `[tool.poetry]` though the metadata is in `[project]`.
_BUILD_KEYS = frozenset({"packages", "include", "exclude", "build", "scripts", "classifiers"})
_BUILD_KEYS |= {"version", "readme", "package-mode", "requires-poetry"}


def is_executable(path: str) -> bool:
    """Whether a machine acts on the file: CI, images, hooks, task files, lists of files."""
    place = PurePosixPath(path)
    return (
        in_workflows.matches(path)
        or in_images.matches(path)
        or in_tasks.is_makefile(path)
        or place.name in _IGNORES
        or place.suffix in {".sh", ".bash", ".envrc"}
        or place.name in {"tox.ini", "noxfile.py", "justfile", "Procfile", ".envrc"}
        or bool(_OTHER_CI.search(path))
    )


def names(file: SourceFile, *, has_lock: bool) -> Iterator[Finding]:
    """Yield what names Poetry's lock, cache or variables in an executable file."""
    at = 0
    for number, line in enumerate(file.text.split("\n"), start=1):
        at += len(line) + 1
        if _COMMENT.match(line) or "poetry" not in line.lower():
            continue
        if match := _CACHE.search(line):
            message = f"`{match[0]}` fails without Poetry: take it out, setup-uv caches"
            yield Finding(file.path, number, "dead/cache", message)
        elif _HOME.search(line):
            message = "a cache of Poetry, which nothing fills any more: take it out"
            yield Finding(file.path, number, "dead/cache", message)
        elif match := _LOCK.search(line):
            if not has_lock:
                yield _lock_name(file, number, line)
        else:
            yield from _variables(file, number, line)


def _is_read(file: SourceFile, name: str) -> bool:
    """Whether something besides Poetry reads a variable: a script, an expression."""
    return bool(re.search(rf"\$\{{?{name}\b|\benv\.{name}\b|\$env:{name}\b", file.text))


def _lock_name(file: SourceFile, number: int, line: str) -> Finding:
    if "hashFiles" in line or re.search(r"\bkey:|cache-dependency|checksum", line):
        message = f"a cache is keyed on `poetry.lock`, which {_KEPT}"
        return Finding(file.path, number, "dead/cache", message)
    return Finding(file.path, number, "dead/lock-name", f"`poetry.lock` {_KEPT}")


def _variables(file: SourceFile, number: int, line: str) -> Iterator[Finding]:
    for match in _VARIABLE.finditer(line):
        if not _SECRET.search(line[: match.end()]) and not _is_read(file, match[0]):
            message = f"`{match[0]}` is read by Poetry alone: take it out, or write uv's variable"
            # The repository itself may read which version it once wanted.
            level = Level.WARNING if match[0] == "POETRY_VERSION" else Level.ERROR
            yield Finding(file.path, number, "dead/variable", message, level)
            return


def project_file(file: SourceFile) -> Iterator[Finding]:
    """Yield what a pyproject.toml still says of Poetry; nothing if it is Poetry's project."""
    document = document_of(file)
    if is_poetry(document):
        return
    tools = document.get("tool", {})
    for match in _PROVIDER.finditer(file.text):
        message = 'commitizen would write the version to `[tool.poetry]`: `version_provider = "uv"`'
        yield Finding(file.path, file.line_at(match.start()), "dead/table", message)
    for match in _VERSION.finditer(file.text):
        message = "`tool.poetry.version` is `project.version` now"
        yield Finding(file.path, file.line_at(match.start()), "dead/table", message)
    table = tools.get("poetry") if isinstance(tools, dict) else None
    backend = str(document.get("build-system", {}).get("build-backend", ""))
    if not isinstance(table, dict):
        return
    dead = set(table) if not backend.startswith("poetry") else set(table) - _BUILD_KEYS
    if backend.startswith("poetry") and set(table.get("dependencies", ())) <= {"python"}:
        dead.discard("dependencies")  # it may say which classifiers are published
    if backend.startswith("poetry"):
        dead -= _left_to_backend(document)
    if dead or not table:
        shown = ", ".join(f"`{key}`" for key in sorted(dead)) or "an empty table"
        header = _TABLE.search(file.text)
        line = file.line_at(header.start()) if header else 1
        message = f"`[tool.poetry]`: nothing reads {shown} any more"
        yield Finding(file.path, line, "dead/table", message)


def _left_to_backend(document: Mapping[str, Any]) -> frozenset[str]:
    """Return the tables that poetry-core reads since `[project]` calls them dynamic."""
    dynamic = document.get("project", {}).get("dynamic", ())
    tables = {"dependencies": "dependencies", "optional-dependencies": "extras"}
    return frozenset(table for field, table in tables.items() if field in dynamic)


def files(repository: Repository, homes: dict[str, bool]) -> Iterator[Finding]:
    """Yield tracked files of Poetry in the folder of a project that is on uv.

    `homes` maps the folder of every pyproject.toml to whether Poetry manages it.
    """
    for path in repository.files:
        folder, _, name = path.rpartition("/")
        if name in {"poetry.lock", "poetry.toml"} and homes.get(folder) is False:
            message = f"`{name}` is read by Poetry alone: remove it"
            yield Finding(path, 0, "dead/file", message)


def ecosystems(
    file: SourceFile, homes: dict[str, bool], repository: Repository
) -> Iterator[Finding]:
    """Yield entries of dependabot that look at a project on uv as if it were pip's."""
    from unverse.syntax.yaml import parse
    from unverse.syntax.yaml_model import Mapping, Scalar

    root = parse(file.text).root
    updates = root.get("updates") if isinstance(root, Mapping) else None
    for item in getattr(updates, "items", ()):
        entry = item.value
        kind = entry.get("package-ecosystem") if isinstance(entry, Mapping) else None
        where = entry.get("directory") if isinstance(entry, Mapping) else None
        if not isinstance(kind, Scalar) or not isinstance(where, Scalar) or kind.value != "pip":
            continue
        folder = where.value.strip("/")
        lock = f"{folder}/uv.lock".lstrip("/")
        if homes.get(folder) is False and lock in repository.files:
            message = f"dependabot's `pip` does not update `{lock}`: `package-ecosystem: uv`"
            yield Finding(file.path, file.line_at(kind.start), "dead/ecosystem", message)


def document_of(file: SourceFile) -> dict[str, Any]:
    """Return a TOML file's contents; empty if it cannot be read."""
    try:
        return tomllib.loads(file.text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def is_poetry(document: dict[str, Any]) -> bool:
    """Whether Poetry manages the dependencies of a project."""
    tools = document.get("tool")
    table = tools.get("poetry") if isinstance(tools, dict) else None
    if not isinstance(table, dict):
        return False
    uv = isinstance(tools, dict) and "uv" in tools
    managed = {"dependencies", "group", "dev-dependencies", "source"} & set(table)
    return not uv and (bool(managed) or "project" not in document)
