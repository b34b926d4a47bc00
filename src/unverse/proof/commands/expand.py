"""Follows a step into what it calls: targets of make, scripts of the repository."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from unverse.proof.commands.unit import Kind, Step, Unit

_DEEPEST = 6
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "source", "."})

Index = Mapping[tuple[str, str], Unit]


def index(units: Iterable[Unit]) -> Index:
    """Return what can be called: (path, name) -> unit."""
    found: dict[tuple[str, str], Unit] = {}
    for unit in units:
        for name in unit.name.split() or [""]:
            found.setdefault((unit.path, name), unit)
    return found


def expanded(unit: Unit, known: Index) -> Unit:
    """Return a unit in which calls are followed by the steps of what is called."""
    return replace(unit, steps=tuple(_needed(unit, known, 0)))


def _needed(unit: Unit, known: Index, depth: int) -> Iterator[Step]:
    if depth > _DEEPEST:
        return
    for name in unit.properties.get("needs", "").split():
        needed = known.get((unit.path, name))
        if needed and needed is not unit:
            yield from _needed(needed, known, depth + 1)
    for step in unit.steps:
        yield step
        for called in _called(step, known):
            if called is not unit and called.kind in {Kind.TASK, Kind.SCRIPT}:
                for inner in _needed(called, known, depth + 1):
                    yield replace(
                        inner,
                        environment={**step.environment, **inner.environment},
                        folder=inner.folder or step.folder,
                    )


def _called(step: Step, known: Index) -> Iterator[Unit]:
    command = step.command
    if command is None:
        return
    words = [word.value or "" for word in command.arguments]
    if command.program in {"make", "gmake"}:
        yield from _targets(step, words, known)
        return
    script = words[0] if command.program in _SHELLS and words else ""
    script = script or (command.words[command.first].value or "")
    at = posixpath.normpath(posixpath.join(step.folder, script)) if "/" in script else ""
    if at and (found := known.get((at, ""))):
        yield found


def _targets(step: Step, words: list[str], known: Index) -> Iterator[Unit]:
    folder, names = step.folder, []
    while words:
        word = words.pop(0)
        if word in {"-C", "--directory"} and words:
            folder = posixpath.normpath(posixpath.join(folder, words.pop(0)))
        elif not word.startswith("-") and "=" not in word and word:
            names.append(word)
    for path in (posixpath.join(folder, name) for name in _MAKEFILES):
        for name in names:
            if found := known.get((path, name)):
                yield found
