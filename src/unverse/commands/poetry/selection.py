"""Groups that a command asks for, in uv's options.

Poetry takes main and every group that is not optional; uv does the same once the migrated project
has `default-groups`. https://python-poetry.org/docs/managing-dependencies/#dependency-groups
"""

from __future__ import annotations

from typing import NamedTuple

from unverse.commands.context import Context
from unverse.commands.invocation import Given, Invocation, names
from unverse.commands.table import Untranslatable
from unverse.standards.names import canonical

MAIN = "main"


class Selection(NamedTuple):
    """What is asked for; `narrowed` if it is less than the default.

    `undeclared` are names that the project has no group for: uv refuses them. `bare` if Poetry
    installs the project without its dependencies, which uv does not.
    """

    narrowed: bool = False
    undeclared: tuple[str, ...] = ()
    bare: bool = False


def select(
    found: Invocation, context: Context, *, with_project: bool = False
) -> Selection | Untranslatable:
    """Translate all group options of a command in their places.

    Args:
        found: the command.
        context: where it stands.
        with_project: the command also installs the project itself, whatever `--only` says
            (measured with Poetry 2.5.1).
    """
    chosen: list[str] = []
    exclusive = found.has("--only")
    bare = with_project and exclusive and MAIN not in _asked(found, context)
    needs_nothing = bare and not any(
        map(context.project.is_mandatory, context.project.dependencies)
    )
    for given in found.given:
        if given.name == "--only" or (given.name in {"--with", "--without"} and not exclusive):
            single = names(given, context)
            if isinstance(single, Untranslatable):
                return single
            if given.name == "--without" and MAIN in single:
                return Untranslatable("uv cannot leave out the project's own dependencies")
            chosen += [name for name in single if name != MAIN]
            if given.name != "--only":
                _listed(found, given, single)
        elif given.name in {"--with", "--without"}:
            found.put(given)  # Poetry ignores them beside `--only`
    if exclusive:
        _only(found, chosen, context, whole=needs_nothing)
    _legacy(found)
    narrow = ("--only", "--without", "--no-dev", "--dev-only", "--default")
    narrowed = any(found.has(name) for name in narrow)
    return Selection(narrowed, _undeclared(chosen, context), bare and not needs_nothing)


def _listed(found: Invocation, given: Given, single: tuple[str, ...]) -> None:
    option = {"--with": "--group", "--without": "--no-group"}[given.name]
    found.put(given, *(word for name in single if name != MAIN for word in (option, name)))


def _asked(found: Invocation, context: Context) -> list[str]:
    return [name for given in found.all("--only") for name in _names(given, context)]


def _only(found: Invocation, chosen: list[str], context: Context, *, whole: bool) -> None:
    """`--only main` is a set without any group, `--only docs` one without the project.

    A project without dependencies (`whole`) can be taken in.
    """
    with_main = whole or MAIN in _asked(found, context)
    if not with_main and (found.has("--extras") or found.has("--all-extras")):
        found.drop("--extras", "--all-extras")
    option = "--group" if with_main else "--only-group"
    words = ["--no-default-groups"] if with_main else []
    words += [word for name in chosen for word in (option, name)]
    for at, given in enumerate(found.all("--only")):
        found.put(given, *(words if at == 0 else ()))


def _names(given: Given, context: Context) -> tuple[str, ...]:
    single = names(given, context)
    return () if isinstance(single, Untranslatable) else single


def _legacy(found: Invocation) -> None:
    for given in found.given:
        # As Poetry 1.2 to 1.8 say themselves: "use the `--only main` notation instead".
        if given.name in {"--no-dev", "--default"}:
            found.put(given, "--no-default-groups")
        elif given.name == "--dev-only":
            found.put(given, "--only-group", "dev")


def _undeclared(chosen: list[str], context: Context) -> tuple[str, ...]:
    groups = {canonical(group.name) for group in context.project.groups}
    literal = (name for name in chosen if "$" not in name)
    return tuple(name for name in literal if canonical(name) not in groups)


def remark(selection: Selection, context: Context) -> str:
    """Say what a person has to know about the selection."""
    told = []
    if selection.undeclared:
        listed = ", ".join(f"`{name}`" for name in selection.undeclared)
        told.append(f"no group {listed} in {context.project.path}: uv refuses it")
    if selection.bare:
        told.append(
            "Poetry also installed the project itself, without its dependencies: where something "
            "imports it or asks for its version, add `uv pip install --no-deps --editable .`"
        )
    return "; ".join(told)
