"""Claims: what was changed can be read, and nothing else was changed.

The readers are not those that planned the changes: `tomllib`, `json`, `ast`, PyYAML where it is
installed, and the two that nothing else reads for us (shell and Dockerfile), before and after.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import PurePosixPath

from unverse.errors import ConfigurationError
from unverse.proof.claims import Claim, Verdict
from unverse.proof.commands import in_images
from unverse.repo import Repository, decode

_PARSES = "stability: every changed file can be read"
_OUTSIDE = "stability: nothing but what was planned changed, to the byte"
_FORM = "stability: line endings and modes stay"
_PYTHON = frozenset({".py", ".pyi"})
_TOML = frozenset({"uv.lock", "poetry.lock", "Pipfile"})
_TEMPLATE = re.compile(r"\{%|\{\{ ?(?:cookiecutter|copier)")


def stability_claims(
    before: Repository,
    after: Repository,
    planned: Mapping[str, str | None] | None = None,
    changed: tuple[str, ...] | None = None,
) -> Iterator[Claim]:
    """Compare two trees as files.

    Args:
        before: the tree on Poetry.
        after: the same repository on uv.
        planned: path -> text afterwards, None for a file that goes: what a run of unverse was to
            do, `uv.lock` included. None where a person has migrated it.
        changed: the paths that differ, if that is known.
    """
    changed = changed_paths(before, after) if changed is None else changed
    yield parse_claim(before, after, changed)
    yield _form(before, after, changed)
    if planned is not None:
        yield _outside(before, after, changed, planned)


def changed_paths(before: Repository, after: Repository) -> tuple[str, ...]:
    """Return the tracked files, and the untracked uv.lock, that are not byte for byte the same."""
    old, new = set(before.files), set(after.files)
    new.update(lock for lock in _locks(old | new) if after.exists(lock))
    both = (path for path in old & new if not _same(before, after, path))
    return tuple(sorted({*both, *(old ^ new)}))


def _locks(paths: set[str]) -> Iterator[str]:
    for path in paths:
        place = PurePosixPath(path)
        if place.name == "pyproject.toml":
            yield str(place.with_name("uv.lock"))


def _same(before: Repository, after: Repository, path: str) -> bool:
    with suppress(ConfigurationError):
        return before.read_bytes(path) == after.read_bytes(path)
    return False


def parse_claim(before: Repository, after: Repository, changed: tuple[str, ...]) -> Claim:
    """Claim that every changed file can be read, unless it could not be read before either."""
    broken, read = [], 0
    for path in changed:
        reason = _problem(after, path)
        if reason is None:
            continue
        read += 1
        if reason and not _problem(before, path):
            broken.append(f"{path}: {reason}")
    verdict = Verdict.FAILS if broken else Verdict.HOLDS
    return Claim(_PARSES, verdict, f"{read} of {len(changed)} changed files", tuple(broken))


def _problem(repository: Repository, path: str) -> str | None:
    """Say why a file cannot be read, empty if it can; None if it is of no kind that can fail."""
    reader = _reader(path)
    if reader is None or not repository.exists(path):
        return None
    try:
        text = decode(path, repository.read_bytes(path))
    except ConfigurationError as error:
        return error.message
    if _TEMPLATE.search(text):
        return None
    try:
        return reader(text.removeprefix("\ufeff"))
    except (ValueError, SyntaxError, RecursionError) as error:
        return str(error).partition("\n")[0]


def _reader(path: str) -> Callable[[str], str] | None:
    place = PurePosixPath(path)
    if place.suffix == ".toml" or place.name in _TOML:
        return _toml
    if place.suffix in _PYTHON:
        return _python
    if place.suffix in {".yml", ".yaml"}:
        return _yaml
    # `tsconfig.json` and the like have comments.
    if place.suffix == ".json" and not place.name.startswith((".", "tsconfig", "devcontainer")):
        return _json if ".vscode" not in place.parts else None
    if in_images.matches(path):
        return _dockerfile
    return _shell if place.suffix in {".sh", ".bash"} else None


def _toml(text: str) -> str:
    tomllib.loads(text)
    return ""


def _json(text: str) -> str:
    json.loads(text)
    return ""


def _python(text: str) -> str:
    with warnings.catch_warnings(action="ignore"):
        ast.parse(text)
    return ""


def _yaml(text: str) -> str:
    try:
        yaml = import_module("yaml")  # by name: it is no dependency, so nothing knows its types
    except ImportError:
        from unverse.syntax.yaml import parse

        return parse(text).broken
    try:
        # Unknown tags (`!reference`) are no mistake, so only the structure is read.
        list(yaml.parse(text))
    except yaml.YAMLError as error:
        return str(error).partition("\n")[0]
    return ""


def _dockerfile(text: str) -> str:
    from unverse.syntax.dockerfile import parse

    return parse(text).broken


def _shell(text: str) -> str:
    from unverse.syntax.shell import parse

    broken = parse(text).broken
    return f"line {text.count(chr(10), 0, broken[0][0]) + 1} is no shell" if broken else ""


def _form(before: Repository, after: Repository, changed: tuple[str, ...]) -> Claim:
    """Claim that files keep their line endings and whether they can be executed."""
    found = []
    for path in changed:
        if not (path in before.files and path in after.files):
            continue
        modes = ["755" if tree.executable(path) else "644" for tree in (before, after)]
        if modes[0] != modes[1]:
            found.append(f"{path}: mode {modes[0]} became {modes[1]}")
        with suppress(ConfigurationError):
            ends = ["CRLF" if tree.read(path).eol == "\r\n" else "LF" for tree in (before, after)]
            if ends[0] != ends[1]:
                found.append(f"{path}: {ends[0]} became {ends[1]}")
    verdict = Verdict.FAILS if found else Verdict.HOLDS
    return Claim(_FORM, verdict, f"{len(changed)} changed files", tuple(found))


def _outside(
    before: Repository,
    after: Repository,
    changed: tuple[str, ...],
    planned: Mapping[str, str | None],
) -> Claim:
    found = [
        f"{path}: changed, though no edit is about it" for path in changed if path not in planned
    ]
    for path, text in planned.items():
        there = after.read_bytes(path) if after.exists(path) else None
        if there != (None if text is None else text.encode()):
            found.append(f"{path}: other bytes than planned")
    verdict = Verdict.FAILS if found else Verdict.HOLDS
    total = len(set(before.files) | set(after.files))
    evidence = f"{total} files, {len(changed)} changed, {len(planned)} planned"
    return Claim(_OUTSIDE, verdict, evidence, tuple(found))
