"""What a job or an image has installed, after each of its commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from unverse.proof.commands.meaning import Act, Meaning, Wanted, Where
from unverse.proof.commands.unit import Kind, Step, Unit
from unverse.standards.names import canonical

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_BIN = re.compile(r"(?:\.?venv|env|virtualenv)[\w.-]*/(?:bin|Scripts)|\$\{?V\w*_?ENV\w*\}?/bin")
_SELF = frozenset({"pip", "setuptools", "wheel", "poetry", "uv"})

Key = tuple[Where, str]
IsLocked = Callable[[str, str], bool]  # (folder of the project, package) -> whether its lock has it


@dataclass(frozen=True, slots=True)
class Contents:
    """What an environment holds.

    Attributes:
        wanted: everything that was installed into it from a lock and not removed since.
        overlay: what pip put on top, as written; what it removed begins with `-`.
    """

    wanted: tuple[Wanted, ...] = ()
    overlay: frozenset[str] = frozenset()

    def install(self, meaning: Meaning, is_locked: IsLocked) -> Contents:
        """Return the contents after an installation from the lock."""
        wanted = meaning.wanted
        if wanted is None:
            return self
        if meaning.exact:
            return Contents((wanted,))
        kept = frozenset(o for o in self.overlay if not is_locked(wanted.folder, name_of(o)))
        there = (self._without_extras(wanted) if meaning.drops_extras else self).wanted
        return Contents((*(w for w in there if w != wanted), wanted), kept)

    def _without_extras(self, wanted: Wanted) -> Contents:
        """Return the contents without the extras that are not asked for again."""
        return replace(
            self,
            wanted=tuple(
                replace(one, extras=one.extras & wanted.extras)
                if one.folder == wanted.folder
                else one
                for one in self.wanted
            ),
        )


def name_of(requirement: str) -> str:
    """Return the normalised name in a requirement; empty for a path or an option."""
    match = _NAME.match(requirement.lstrip("-"))
    is_path = requirement.startswith(("./", "/", "-r", "-e", "-c", "."))
    return canonical(match[0]) if match and not is_path else ""


class State:
    """Follows the commands of a unit.

    Args:
        is_locked: tells which packages a lock holds.
        start: contents of the project's own environment at first, for somebody's own machine.
    """

    def __init__(self, is_locked: IsLocked, start: Contents | None = None) -> None:
        self.is_locked, self.start = is_locked, start
        self.environments: dict[Key, Contents] = {}
        self.active: Key | None = None
        self.moved = False  # the lock or the version was changed on the way
        self.checked = False  # the lock was checked on the way

    def fork(self) -> State:
        """Return a copy: a stage that goes on from this one."""
        copy = State(self.is_locked, self.start)
        copy.environments, copy.active = dict(self.environments), self.active
        return copy

    def key(self, where: Where, folder: str) -> Key:
        """Return which environment is meant; only a project's own depends on the folder."""
        return (where, folder if where is Where.OWN else "")

    def contents(self, where: Where, folder: str) -> Contents:
        """Return what an environment holds now."""
        fresh = self.start if where is Where.OWN and self.start else Contents()
        return self.environments.get(self.key(where, folder), fresh)

    def take(self, meaning: Meaning, folder: str) -> Contents:
        """Follow a command, and return what its environment holds then."""
        key = self.key(meaning.where, folder)
        if meaning.act is Act.BARE:
            return self.contents(*(self.active or (Where.SYSTEM, "")))
        if meaning.act is Act.PIP and meaning.where is Where.SYSTEM and not meaning.detail:
            key = self.active or key
        contents = self.contents(*key)
        if meaning.act is Act.INSTALL and "--dry-run" in meaning.detail:
            return contents
        if meaning.act in {Act.INSTALL, Act.RUN} and meaning.wanted:
            contents = contents.install(meaning, self.is_locked)
        elif meaning.act is Act.PIP:
            contents = _overlaid(contents, meaning)
        elif meaning.act is Act.ACTIVATE:
            self.active = key
        self.environments[key] = contents
        self.moved |= meaning.changes_lock
        self.checked |= meaning.checks_lock
        return contents


def _overlaid(contents: Contents, meaning: Meaning) -> Contents:
    sign = "-" if meaning.words[:1] == ("uninstall",) else ""
    if meaning.detail:
        return contents  # another environment's pip
    told, flag = [], ""
    for word in meaning.words[1:]:
        if word in {"-r", "-e", "-c"}:
            flag = word
        elif not word.startswith("-"):
            told.append(f"{flag} {word}".strip())
            flag = ""
    new = {f"{sign}{word}" for word in told if name_of(word) not in _SELF}
    names = {name_of(word) for word in new} - {""}
    old = {word for word in contents.overlay if name_of(word) not in names}
    return replace(contents, overlay=frozenset(old | new))


def puts_on_path(step: Step) -> bool:
    """Whether a step puts the programs of an environment on PATH, for the steps behind it."""
    if step.action.lower().startswith("astral-sh/setup-uv@"):
        told = step.inputs.get("activate-environment", "").lower() == "true"
        old = re.search(r"@v[1-5](?:\.|$)", step.action) and step.inputs.get("python-version")
        return told or bool(old)
    if step.program in {"source", "."} and "activate" in step.text:
        return True
    return "GITHUB_PATH" in step.text and bool(_BIN.search(step.text))


def path_reaches(unit: Unit, step: Step) -> bool:
    """Whether the variable PATH of a unit or step leads into an environment."""
    path = step.environment.get("PATH", "") or (
        unit.properties.get("path", "") if unit.kind is Kind.IMAGE else ""
    )
    return bool(_BIN.search(path)) or "venv" in path.lower()
