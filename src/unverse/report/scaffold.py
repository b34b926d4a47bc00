"""What `unverse new` has done, and what to type next, for a terminal of 80 columns."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unverse.scaffold.create import Created
    from unverse.scaffold.update import Updated

# What to say of a path, if it is there.
_PARTS = (
    ("confs", "a YAML file for each job: {jobs}"),
    ("src/{package}", "the package: core, io, runtime, jobs"),
    ("tests", "what checks it"),
    ("notebooks", "a notebook that runs"),
    ("justfile", "the tasks: `uv run just` lists them"),
    ("tasks.py", "the tasks: `uv run invoke --list` lists them"),
    (".github/workflows", "checks, tests and releases on GitHub"),
    ("Dockerfile", "the image"),
    ("docker-compose.yml", "MLflow on PostgreSQL, for who outgrows the file"),
    ("README.md", "the first ten minutes"),
)
# In the order of their work.
_JOBS = (
    "generate",
    "tune",
    "train",
    "evaluate",
    "promote",
    "infer",
    "explain",
    "drift",
    "serve",
)
_WIDTH = 80
_HOW = (
    "  git config --global user.name 'Your Name'",
    "  git config --global user.email you@example.com",
    "  git add --all && git commit -m 'feat: first commit'",
)
_LOCK = "uv lock && git add --all && git commit -m 'feat: first commit'"


def created_text(made: Created, start: Path) -> str:
    """Tell what was made, seen from the directory `start`."""
    lines = [f"{made.answers.name} is there: {_facts(made)}", ""]
    lines += _parts(made)
    lines += [*_repository(made), "", "next:", *(f"  {line}" for line in _next(made, start))]
    return "\n".join(lines)


def updated_text(found: Updated, start: Path) -> str:
    """Tell what an update has changed, seen from the directory `start`."""
    if found.before == found.after and not found.changes:
        return f"nothing to do: the project is on the template {found.after}"
    lines = [
        f"from the template {found.before} to {found.after}: {_counted(found.changes, 'file')}"
    ]
    for path, letter in found.changes.items():
        lines.append(f"  {letter} {path}" if path not in found.conflicts else f"  ! {path}")
    if found.conflicts:
        lines += ["", f"{_counted(found.conflicts, 'conflict')} to settle:"]
        lines += [f"  {where}" for where in _places(found)]
    if found.locked and not found.is_locked:
        lines += ["", *_wrapped(f"uv.lock is not up to date: {found.locked.message}")]
    lines += ["", "next:", *(f"  {line}" for line in _after(found, start))]
    return "\n".join(lines)


def _facts(made: Created) -> str:
    told = [_counted(made.paths, "file")]
    if made.locked.done:
        told.append("locked by uv")
    if not (made.above or made.uncommitted):
        told.append("first commit made")
    return ", ".join(told)


def _counted(things: Sized, noun: str) -> str:
    number = len(things)
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _parts(made: Created) -> list[str]:
    confs = {Path(path).stem for path in made.paths if path.startswith("confs/")}
    jobs = [name for name in _JOBS if name in confs]
    found = []
    for path, told in _PARTS:
        path = path.format(package=made.answers.package)
        if any(one == path or one.startswith(f"{path}/") for one in made.paths):
            found.append((path, told.format(jobs=", ".join(jobs))))
    width = max((len(path) for path, _ in found), default=0)
    return [
        line for path, told in found for line in _wrapped(told, f"  {path:<{width}}  ", width + 4)
    ]


def _wrapped(text: str, first: str = "", indent: int = 0) -> list[str]:
    from textwrap import wrap

    return wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _repository(made: Created) -> list[str]:
    if not made.locked.done:
        told = [*_wrapped(f"no uv.lock: {made.locked.message}"), f"  then run `{_LOCK}`"]
        return ["", *told]
    if made.above:
        return ["", *_wrapped(f"git: it lies in {made.above}, where nothing is committed")]
    if made.uncommitted:
        return ["", f"no first commit: {made.uncommitted}", *_HOW]
    return []


def _next(made: Created, start: Path) -> list[str]:
    task = made.answers.values.get("tasks", "just")
    enter = [] if made.place == start else [f"cd {shlex.quote(_seen(made.place, start))}"]
    return [*enter, "uv sync", f"uv run {task} check test"]


def _seen(place: Path, start: Path) -> str:
    try:
        relative = os.path.relpath(place, start)
    except ValueError:  # another drive of Windows
        return str(place)
    return min(relative, str(place), key=len)


def _places(found: Updated) -> list[str]:
    told = []
    for path, lines in found.conflicts.items():
        told += [f"{path}:{line}" for line in lines] or [f"{path}  removed on one side"]
    return told


def _after(found: Updated, start: Path) -> list[str]:
    enter = [] if found.place == start else [f"cd {shlex.quote(_seen(found.place, start))}"]
    settle = ["settle the conflicts, then `git add` the files"] if found.conflicts else []
    lock = [] if found.is_locked else ["uv lock"]
    return [*enter, "git diff", *settle, *lock, "uv sync", "git add --all && git commit"]
