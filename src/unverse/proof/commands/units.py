"""Everything in a repository that runs commands of Poetry or uv, one unit after the other.

Read-only, and the same for both trees: before and after a migration, whoever made it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import PurePosixPath

from unverse.errors import ConfigurationError
from unverse.leftovers import is_exempt
from unverse.proof.commands import in_docs, in_images, in_strings, in_tasks, in_workflows
from unverse.proof.commands.unit import MENTION, Unit
from unverse.repo import Repository, SourceFile

_WORDS = ("poetry", "uvx", "uv.lock", "astral", "uv ", "uv,", '"uv"', "'uv'")
_DOCS = frozenset({".md", ".rst", ".mdx", ".markdown"})
_SHELL = frozenset({".sh", ".bash", ".zsh"})
_TEMPLATES = ("{{", "{%")


def units(repository: Repository, paths: Collection[str] | None = None) -> Iterator[Unit]:
    """Yield what runs in a repository, files in their order.

    Args:
        repository: either tree.
        paths: look at these files only, whatever they hold; by default at all that name one of
            the tools, and at workflows, which may call an action of the repository.
    """
    tracked = frozenset(repository.files)
    for path in candidates(repository) if paths is None else paths:
        if path in tracked and not is_exempt(path):
            yield from units_of(repository, path, silent=paths is not None)


def candidates(repository: Repository) -> tuple[str, ...]:
    """Return the files in which a unit may be."""
    named = set(repository.files_mentioning(_WORDS))
    called = {path for path in repository.files if in_workflows.matches(path)}
    return tuple(path for path in repository.files if path in named or path in called)


def units_of(repository: Repository, path: str, *, silent: bool = False) -> Iterator[Unit]:
    """Yield the units of one file; none if it is of no kind that runs commands.

    With `silent`, a file counts though it names neither of the tools.
    """
    reader = next((read for fits, read in _READERS if fits(path)), None)
    if any(mark in path for mark in _TEMPLATES) or reader is None:
        return
    try:
        file = repository.read(path)
    except ConfigurationError:
        return  # the plan says so
    if in_workflows.matches(path):
        yield from in_workflows.jobs(file, repository)
    elif silent or MENTION.search(file.text):
        yield from reader(file)


def _named(*names: str, suffixes: Collection[str] = ()) -> Callable[[str], bool]:
    """Return a question about paths: one of these names, or of these suffixes."""

    def asks(path: str) -> bool:
        place = PurePosixPath(path)
        return place.name.lower() in names or place.suffix.lower() in suffixes

    return asks


def _is_hooks(path: str) -> bool:
    return PurePosixPath(path).name.startswith(".pre-commit-config")


def _is_script(path: str) -> bool:
    place = PurePosixPath(path)
    bare = not place.suffix and place.parts[0] in {"bin", "scripts", "script", ".husky"}
    return bare or place.name == ".envrc" or place.suffix.lower() in _SHELL


# The first that fits reads a file.
_READERS: tuple[tuple[Callable[[str], bool], Callable[[SourceFile], Iterator[Unit]]], ...] = (
    (in_images.matches, in_images.stages),
    (in_tasks.is_makefile, in_tasks.makefile_targets),
    (in_strings.matches, in_strings.strings),
    (_is_hooks, in_tasks.hooks),
    (_named("justfile", ".justfile", suffixes={".just"}), in_tasks.just_recipes),
    (_named("tox.ini", "setup.cfg"), in_tasks.tox_sections),
    (_named(suffixes={".yml", ".yaml"}), in_tasks.yaml_scripts),
    (_named(suffixes={".py"}), in_tasks.python_functions),
    (_named(suffixes={".toml"}), in_tasks.toml_tasks),
    (_named(suffixes=_DOCS), in_docs.pieces),
    (_is_script, in_tasks.script),
)
