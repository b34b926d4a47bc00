"""Targets of a Makefile.

https://www.gnu.org/software/make/manual/make.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from unverse.improvements.separate_checks.tasks import Task, TaskFile, names_called
from unverse.improvements.view import View
from unverse.syntax.makefile import Part, parts

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_SAYS = re.compile(r"[ \t@+-]*(?:(?:echo|printf)\b[^;&|]*|:|true|#.*)?")
_MAKE = re.compile(
    r"[ \t@+-]*(?:\$[({]MAKE[)}]|make)(?:[ \t]+--no-print-directory)?"
    r"(?P<names>(?:[ \t]+[\w.][\w.-]*)+)"
)
_VARIABLE = re.compile(r"\$[({]([\w.-]+)[)}]")


def read(view: View, folder: str) -> TaskFile | None:
    """Return the targets of the Makefile in a folder; None if there is none that is understood."""
    path = view.first(posixpath.join(folder, name) for name in _NAMES)
    if not path:
        return None
    text = view.read(path).text
    found = list(parts(text))
    if any(part.sort == "unknown" for part in found):
        return None
    variables = {p.name: text[slice(*p.value)].strip() for p in found if p.sort == "variable"}
    tasks = _tasks(text, found, variables)
    goal = variables.get(".DEFAULT_GOAL", next(iter(tasks), ""))
    return TaskFile(tasks, {}, (goal,) if goal in tasks else ())


def _tasks(text: str, found: list[Part], variables: Mapping[str, str]) -> dict[str, Task]:
    needs: dict[str, list[str]] = {}
    recipes: dict[str, list[str]] = {}
    phony: set[str] = set()
    current: list[str] = []
    for part in found:
        if part.sort == "rule":
            current = _words(part.targets, variables)
            needed, inline = _needs(text, part)
            if current == [".PHONY"]:
                phony.update(_words(needed, variables))
            for target in current:
                needs.setdefault(target, []).extend(_words(needed.replace("|", " "), variables))
                recipes.setdefault(target, []).extend([inline] if inline else [])
        elif part.sort == "recipe":
            for target in current:
                recipes[target].append(text[part.start : part.end])
    return {
        target: _task(needs[target], recipes[target], target not in phony and _is_file(target))
        for target in needs
        if "%" not in target and not re.match(r"\.[A-Z]", target)
    }


def _is_file(target: str) -> bool:
    return bool(re.search(r"[./]", target))


def _task(needs: list[str], recipe: list[str], once: bool) -> Task:
    lines = [line.replace("\\\n", " ").rstrip() for line in recipe]
    lines = [line for line in lines if not _SAYS.fullmatch(line)]
    if called := names_called(lines, _MAKE):
        return Task((*needs, *called), "", once)
    return Task(tuple(needs), "\n".join(lines), once)


def _needs(text: str, part: Part) -> tuple[str, str]:
    """Return the prerequisites of a rule, and the recipe behind its `;`."""
    whole = text[part.start : part.end].replace("\\\r\n", " ").replace("\\\n", " ")
    rest = whole[len(part.targets) :].lstrip(":").split("#")[0]
    needed, _, recipe = rest.partition(";")
    return needed, recipe.strip()


def _words(text: str, variables: Mapping[str, str], depth: int = 0) -> list[str]:
    """Return the words of a list of targets; what is not known stays as it is written."""
    found = []
    for word in text.split():
        match = _VARIABLE.fullmatch(word)
        if match and match[1] in variables and depth < 4:
            found += _words(variables[match[1]], variables, depth + 1)
        else:
            found.append(word)
    return found
