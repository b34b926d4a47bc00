"""A `.python-version` for a project that has none, with the Python that it is run with anyway.

Where uv runs with another Python without being told, the file would overrule it: then there is a
note instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from unverse.edits import CreateFile, Note
from unverse.improvements.projects import is_managed, matches, table
from unverse.improvements.python_version_file_voices import Voice, voices
from unverse.improvements.view import View
from unverse.repo import SourceFile

__all__ = ["RULE", "WHY", "improve", "matches"]

RULE = "python-version-file"
WHY = (
    "without `.python-version` uv takes the first Python that fits, on each machine another one; "
    "with it everybody has the same, and uv fetches it where it is missing"
)
_NAME = ".python-version"
_SAID = "the Python of {}"
_LOWEST = (
    "the lowest one that is {}, as what works there works on the later ones, and nothing else "
    "names one for everybody"
)
_MINORS = range(7, 30)


def improve(file: SourceFile, view: View) -> Iterator[CreateFile | Note]:
    """Create the file beside a project's pyproject.toml."""
    document = view.document(file.path)
    target = str(PurePosixPath(file.path).with_name(_NAME))
    if not is_managed(document) or view.exists(target) or _is_member(file.path, view):
        return
    if ignored := _ignored(file.path, view):
        yield ignored
        return
    said = list(voices(view, file.path))
    requires = str(table(document, "project").get("requires-python", ""))
    if trouble := _trouble(said, requires):
        yield trouble
    elif found := _choice(said, requires):
        version, why = found
        yield CreateFile(target, f"{version}{file.eol}", RULE, why)


def _is_member(path: str, view: View) -> bool:
    """Whether the project belongs to a workspace, which has one environment and one file."""
    above = [str(folder / "pyproject.toml") for folder in PurePosixPath(path).parents]
    return any("workspace" in table(view.document(one), "tool", "uv") for one in above[1:])


def _ignored(path: str, view: View) -> Note | None:
    for folder in PurePosixPath(path).parents:
        name = str(folder / ".gitignore")
        for number, line in enumerate(_lines(view, name), start=1):
            if line.strip().lstrip("/") == _NAME:
                message = (
                    f"`{_NAME}` is not created, because git ignores it here: take the line out, so "
                    "that everybody gets the same Python"
                )
                return Note(name, number, f"{RULE}/ignored", message)
    return None


def _lines(view: View, name: str) -> list[str]:
    return view.load(name).splitlines() if view.exists(name) else []


def _trouble(said: Iterable[Voice], requires: str) -> Note | None:
    """Return why a file would change what runs somewhere."""
    bound = [voice for voice in said if voice.bound]
    versions = list(dict.fromkeys(voice.version for voice in bound))
    outside = [v for v in versions if v and not _allowed(v, requires)]
    if not outside and len(versions) < 2 and "" not in versions:
        return None
    places = _places(bound)
    voice, _ = max(places, key=lambda place: ("" in place[1], len(place[1])))
    told = "; ".join(f"{_where(one)} runs uv with {_listed(found)}" for one, found in places[:3])
    if outside:
        told += f"; `requires-python` excludes {_listed(outside)}"
    message = (
        f"`{_NAME}` is not created, because it would overrule the Python that comes first on PATH: "
        f"{told}; set `UV_PYTHON`, or `python-version` of setup-uv, where another one is meant"
    )
    return Note(voice.path, voice.line, f"{RULE}/overruled", message)


def _where(voice: Voice) -> str:
    return voice.who if voice.path in voice.who else f"{voice.who} ({voice.path})"


def _places(bound: Iterable[Voice]) -> list[tuple[Voice, list[str]]]:
    """Group the versions by who says them."""
    places: dict[tuple[str, str], tuple[Voice, list[str]]] = {}
    for voice in bound:
        _, versions = places.setdefault((voice.path, voice.who), (voice, []))
        versions.append(voice.version)
    return list(places.values())


def _listed(versions: list[str]) -> str:
    known = [version or "a Python that is not known here" for version in versions]
    return " and ".join((", ".join(known[:-1]), known[-1]) if known[1:] else known)


def _choice(said: list[Voice], requires: str) -> tuple[str, str] | None:
    """Return the version and why it is the one; None if nothing names any."""
    for group in ([v for v in said if v.bound], [v for v in said if not _is_tested(v, said)]):
        versions = {voice.version for voice in group if voice.version}
        if len(versions) == 1 and _allowed(min(versions), requires):
            who = list(dict.fromkeys(voice.who for voice in group))
            return versions.pop(), _SAID.format(_shortened(who))
    tested = {v.version for v in said if v.version and _allowed(v.version, requires)}
    if tested:
        return min(tested, key=_key), _LOWEST.format("tested")
    allowed = [f"3.{n}" for n in _MINORS if requires and _allowed(f"3.{n}", requires)]
    return (allowed[0], _LOWEST.format("allowed")) if allowed else None


def _is_tested(voice: Voice, said: Iterable[Voice]) -> bool:
    """Whether it is one of several versions of a matrix."""
    return any(
        (other.who, other.path) == (voice.who, voice.path) and other.version != voice.version
        for other in said
    )


def _shortened(who: list[str]) -> str:
    if len(who) > 2:
        return f"{who[0]}, {who[1]} and {len(who) - 2} more"
    return " and ".join(who)


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _allowed(version: str, requires: str) -> bool:
    """Whether any patch release of a minor version is allowed."""
    from unverse.poetry.matching import allows

    if not requires or not re.fullmatch(r"\d+\.\d+", version):
        return not requires
    return any(allows(requires, f"{version}.{patch}") for patch in range(40))
