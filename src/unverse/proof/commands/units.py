"""Everything in a repository that runs commands of Poetry or uv, one unit after the other.

Read-only, and the same for both trees: before and after a migration, whoever made it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from unverse.errors import ConfigurationError
from unverse.leftovers import is_exempt
from unverse.proof.commands import in_docs, in_images, in_tasks, in_workflows
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
    if any(mark in path for mark in _TEMPLATES) or not _is_of_interest(path):
        return
    try:
        file = repository.read(path)
    except ConfigurationError:
        return  # the plan says so
    if in_workflows.matches(path):
        yield from in_workflows.jobs(file, repository)
    elif silent or MENTION.search(file.text):
        yield from _units_of(file)


def _is_of_interest(path: str) -> bool:
    place = PurePosixPath(path)
    suffixes = {".yml", ".yaml", ".py", ".toml", ".ini", ".cfg", *_DOCS, *_SHELL}
    return (
        place.suffix.lower() in suffixes
        or in_images.matches(path)
        or in_tasks.is_makefile(path)
        or place.name.lower() in {"justfile", ".justfile", "procfile", ".envrc"}
        or (not place.suffix and place.parts[0] in {"bin", "scripts", "script", ".husky"})
    )


def _units_of(file: SourceFile) -> Iterator[Unit]:
    place = PurePosixPath(file.path)
    name, suffix = place.name.lower(), place.suffix.lower()
    if in_images.matches(file.path):
        yield from in_images.stages(file)
    elif in_tasks.is_makefile(file.path):
        yield from in_tasks.makefile_targets(file)
    elif name in {"justfile", ".justfile"} or suffix == ".just":
        yield from in_tasks.just_recipes(file)
    elif name.startswith(".pre-commit-config"):
        yield from in_tasks.hooks(file)
    elif suffix in {".yml", ".yaml"}:
        yield from in_tasks.yaml_scripts(file)
    elif suffix == ".py":
        yield from in_tasks.python_functions(file)
    elif suffix in {".ini", ".cfg"}:
        yield from in_tasks.tox_sections(file) if name in {"tox.ini", "setup.cfg"} else ()
    elif suffix == ".toml":
        yield from in_tasks.toml_tasks(file)
    elif suffix in _DOCS:
        yield from in_docs.pieces(file)
    else:
        yield from in_tasks.script(file)
