"""A new project: rendered, locked and committed in scratch directories, then moved to its place."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from unverse.ending import undisturbed
from unverse.errors import UsageError
from unverse.scaffold import copier, git
from unverse.scaffold.answers import Answers
from unverse.scaffold.history import PLACE, Template, remember
from unverse.scaffold.names import checked, name_for
from unverse.scaffold.questions import Wish, questions
from unverse.scratch import scratch_directory
from unverse.standards.names import canonical
from unverse.uv.run import Answer, lock

Progress = Callable[[str], AbstractContextManager[object]]
MESSAGE = "feat: start with unverse {version}"
_SHOWN = 5  # names of a directory that is not empty


@dataclass(frozen=True, slots=True)
class Created:
    """A project that is there.

    Attributes:
        place: its directory.
        answers: what it was made from.
        paths: its files, POSIX, relative to it.
        locked: what uv said to its pyproject.toml.
        above: the work tree that already holds it; None if it is one of its own.
        uncommitted: why there is no first commit; empty if there is one, or if it has no
            repository of its own.
    """

    place: Path
    answers: Answers
    paths: tuple[str, ...]
    locked: Answer
    above: Path | None
    uncommitted: str


def create(directory: Path, wish: Wish, progress: Progress, *, asks: bool) -> Created:
    """Make a project in `directory`, which is empty or not there; on an error, nothing.

    Args:
        directory: its last part gives the name unless `wish` has one.
        wish: answers that are given.
        progress: tells a person what is being done.
        asks: whether a person answers the other questions in this terminal.

    Raises:
        UsageError: the directory is not empty, or an answer will not do.
        ToolError: git, uv or Copier failed.
        IndexUnavailableError: there is no way to Copier.
        OSError: the directory cannot be written.
    """
    place = Path(os.path.abspath(directory))  # noqa: PTH100 - `..` goes, symlinks stay
    refuse_what_is_there(place)
    given = wish.answers(questions().usual)
    name = _name(place, wish, asks=asks)
    around = _existing(place)
    defaults = git.person(around) | ({"name": name} if name else {})
    with scratch_directory("unverse-new-") as scratch:
        made, calling = scratch / "project", scratch / "copier"
        calling.mkdir()
        with progress("getting the template and Copier"):
            tag = remember(Template.own())
            if asks:
                copier.fetch(calling)
        words = ("copy", f"--vcs-ref={tag}", PLACE, str(made))
        with _shown(progress, "rendering", quiet=asks):
            data = given if asks else {**defaults, **given}
            copier.run(copier.Call(words, calling, data, defaults, asks))
        answers = Answers.read(made)
        _refuse_a_dependency(checked(answers.name), made)
        with progress("locking: uv lock"):
            locked = lock(made)
        return _settle(made, place, around, answers, locked)


def refuse_what_is_there(place: Path) -> None:
    """Let nothing be overwritten.

    Raises:
        UsageError: something is at `place` that is no empty directory.
    """
    if not os.path.lexists(place):
        return
    if not place.is_dir():
        raise UsageError("is there already, and no directory", where=str(place))
    found = sorted(path.name for path in place.iterdir())
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UsageError(
            f"the directory is not empty: {', '.join(found[:_SHOWN])}{more}",
            where=str(place),
            hint="name one that is empty or not there yet: `unverse new DIRECTORY`",
        )


def _name(place: Path, wish: Wish, *, asks: bool) -> str:
    """Return the name to propose; a person may be asked for one where the directory gives none."""
    if "name" in wish.data:
        return checked(wish.data["name"])
    try:
        return name_for(place)
    except UsageError:
        if asks:
            return ""
        raise


def _refuse_a_dependency(name: str, made: Path) -> None:
    """Tell what uv would only find out while it locks: a project cannot need itself."""
    project = tomllib.loads((made / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project.get("dependency-groups", {}).values()
    entries = [*project["project"]["dependencies"], *(entry for group in groups for entry in group)]
    needed = {_requirement(entry) for entry in entries if isinstance(entry, str)}
    if name in needed:
        raise UsageError(
            f"`{name}` cannot be the name of a project: it is a package that the project needs",
            hint="give one with `--data name=my-forecast`, or name the directory so",
        )


def _requirement(entry: str) -> str:
    """Return the name that a PEP 508 requirement begins with."""
    return canonical(re.split(r"[^\w.-]", entry, maxsplit=1)[0])


def _existing(place: Path) -> Path:
    """Return the nearest directory on the way to `place` that is there."""
    return next(one for one in (place, *place.parents) if one.is_dir())


@contextmanager
def _shown(progress: Progress, step: str, *, quiet: bool) -> Iterator[None]:
    if quiet:
        yield
    else:
        with progress(step):
            yield


def _settle(made: Path, place: Path, around: Path, answers: Answers, locked: Answer) -> Created:
    """Bring the project to where it is to be, in one step."""
    paths = tuple(sorted(_files(made)))
    held = git.ask(around, "rev-parse", "--show-toplevel")
    above = Path(held.text) if held.code == 0 else None
    base = around.parent if around == place else around
    with scratch_directory(".unverse-new-", base) as beside:
        ready = beside / place.name
        shutil.copytree(made, ready, symlinks=True)
        uncommitted = "" if above else _commit(ready, answers, locked)
        with undisturbed():
            _move(ready, place)
    return Created(place, answers, paths, locked, above, uncommitted)


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def _commit(place: Path, answers: Answers, locked: Answer) -> str:
    """Make a repository with a first commit; return why there is none."""
    git.run(place, "-c", "init.defaultBranch=main", "init", "--quiet")
    git.run(place, "add", "--all")
    if not locked.done:
        return "there is no lock to commit yet"
    if not git.has_identity(place):
        return "git does not know who you are"
    message = MESSAGE.format(version=answers.version)
    answer = git.ask(place, "commit", "--quiet", "--no-verify", f"--message={message}")
    return f"git says: {answer.told.splitlines()[0]}" if answer.code and answer.told else ""


def _move(ready: Path, place: Path) -> None:
    """Move a directory to where there is none, or an empty one, which stays the same directory."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        ready.rename(place)
        return
    refuse_what_is_there(place)
    for path in sorted(ready.iterdir()):
        path.rename(place / path.name)
