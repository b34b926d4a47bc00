"""The context of an example: what its page shows and its test checks."""

from __future__ import annotations

from typing import Any

from unverse.commands import everywhere
from unverse.commands.context import Context
from unverse.commands.table import Example, Translation, Untranslatable
from unverse.commands.translate import translate
from unverse.poetry.model import Dependency, Group, Project, Style
from unverse.syntax.shell import parse

_NEEDED = (Dependency("requests", ">=2"),)


def context_of(example: Example) -> Context:
    """Make the context of an example: a project with the groups dev and, optional, docs."""
    given: dict[str, Any] = dict(example.context)
    groups = [Group(name) for name in given.pop("groups", ("dev",))]
    optional = given.pop("optional_groups", ("docs",))
    groups += [Group(name, optional=True) for name in optional]
    project = Project(
        "pyproject.toml",
        given.pop("document", {}),
        Style.POETRY,
        "example",
        "1.0",
        groups=tuple(groups),
        dependencies=given.pop("dependencies", _NEEDED),
        settings=given.pop("settings", {}),
    )
    return Context(project)._replace(**given)


def outcome_of(example: Example) -> Translation | Untranslatable | None:
    """Translate the first command of an example."""
    command, context = parse(example.before).commands[0], context_of(example)
    verdict = translate(command, context)
    return everywhere.translate(command, context) if verdict is None else verdict
