"""The hooks of a pre-commit configuration.

https://github.com/python-poetry/poetry/blob/main/.pre-commit-hooks.yaml and
https://github.com/astral-sh/uv-pre-commit/blob/main/.pre-commit-hooks.yaml
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from unverse.commands.context import Context
from unverse.commands.table import Translation, Untranslatable
from unverse.commands.translate import translate
from unverse.converters.pre_commit import local
from unverse.converters.pre_commit.values import new_pair, rewritten
from unverse.converters.surroundings import major
from unverse.edits import Edit, Note
from unverse.pins import pins
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.shell import command_of
from unverse.syntax.shell_text import literal
from unverse.syntax.yaml_edit import removal
from unverse.syntax.yaml_model import Mapping, Scalar, Sequence, Stream

NAME = "pre-commit"
_POETRY = re.compile(
    r"(?:\w+://|git@)github\.com[/:]python-poetry/(?:poetry|poetry-plugin-export)(?:\.git)?/?"
)
_FROZEN = re.compile(r"[ \t]+# frozen: \S+")
_PLUGIN = re.compile(r"poetry-plugin-export\b.*")


class Hook(NamedTuple):
    """A hook of Poetry: what it runs, what becomes of it, and on which files in any folder."""

    command: tuple[str, ...]
    defaults: tuple[str, ...]
    becomes: str
    uv_defaults: tuple[str, ...]
    files: str


_PROJECT_FILES = r"^(.*/)?(uv\.lock|pyproject\.toml|uv\.toml)$"
_EXPORT = ("-f", "requirements.txt", "-o", "requirements.txt")
HOOKS = {
    "poetry-check": Hook(("poetry", "check"), (), "uv-lock", (), _PROJECT_FILES),
    "poetry-lock": Hook(("poetry", "lock"), (), "uv-lock", (), _PROJECT_FILES),
    "poetry-export": Hook(
        ("poetry", "export"),
        _EXPORT,
        "uv-export",
        ("--frozen", "--output-file=requirements.txt"),
        r"^(.*/)?uv\.lock$",
    ),
    "poetry-install": Hook(("poetry", "install"), (), "uv-sync", ("--locked",), ""),
}
_WHY = "uv has hooks for the same"


def config(file: SourceFile, stream: Stream, project: Project) -> Iterator[Edit | Note]:
    """Translate all hooks of a configuration."""
    root = stream.root
    repos = stream.resolve(root.get("repos")) if isinstance(root, Mapping) else None
    renamed = False
    for item in repos.items if isinstance(repos, Sequence) else ():
        entry = stream.resolve(item.value)
        if not isinstance(entry, Mapping):
            continue
        url = entry.get("repo")
        if isinstance(url, Scalar) and _POETRY.fullmatch(url.value):
            outcomes = list(_repository(file, stream, entry, url, project))
            renamed = renamed or any(isinstance(outcome, Edit) for outcome in outcomes)
            yield from outcomes
        else:
            yield from local.hooks(file, stream, entry, project)
    if renamed and isinstance(root, Mapping):
        yield from _skipped(file, stream, root)


def _repository(
    file: SourceFile, stream: Stream, entry: Mapping, url: Scalar, project: Project
) -> Iterator[Edit | Note]:
    rev = entry.get("rev")
    context = Context(
        project, major(project, rev.value if isinstance(rev, Scalar) else ""), setting="tasks"
    )
    outcomes: list[Edit | Note] = []
    for hook in local.hook_mappings(stream, entry):
        outcome = list(_hook(file, stream, hook, context))
        if not any(isinstance(o, Edit) for o in outcome):
            yield from outcome
            return
        outcomes += outcome
    yield Edit(file.path, *url.inner, pins().hooks, f"{NAME}/repository", _WHY)
    if isinstance(rev, Scalar):
        frozen = _FROZEN.match(file.text, rev.end)
        if frozen:
            yield Edit(file.path, *frozen.span(), "", f"{NAME}/rev", "it named Poetry's release")
        yield Edit(file.path, *rev.inner, pins().uv, f"{NAME}/rev", "a release of uv")
    yield from outcomes


def _hook(
    file: SourceFile, stream: Stream, hook: Mapping, context: Context
) -> Iterator[Edit | Note]:
    """Translate one hook of Poetry; notes alone if it cannot be."""
    name = hook.get("id")
    known = HOOKS.get(name.value) if isinstance(name, Scalar) else None
    line = file.line_at(hook.start)
    if known is None or not isinstance(name, Scalar):
        shown = name.value if isinstance(name, Scalar) else "?"
        message = f"left as it is: uv has no hook for `{shown}`"
        yield Note(file.path, line, f"{NAME}/unknown-hook", message)
        return
    given = local.arguments(stream, hook)
    command = command_of([*known.command, *(known.defaults if given is None else given)])
    verdict = translate(command, context)
    if not isinstance(verdict, Translation):
        reason = verdict.reason if isinstance(verdict, Untranslatable) else "its arguments"
        yield Note(file.path, line, f"{NAME}/{name.value}", f"left as it is: {reason}")
        return
    wanted = _words(verdict.text)[2:]
    yield Edit(file.path, *name.inner, known.becomes, f"{NAME}/{name.value}", _WHY)
    yield from _arguments(file, stream, hook, known, wanted)
    yield from _files(file, hook, known, wanted)
    yield from _plugins(file, stream, hook)
    if verdict.note:
        yield Note(file.path, line, f"{NAME}/{name.value}", verdict.note)


def _words(text: str) -> tuple[str, ...]:
    from unverse.syntax.shell import commands

    found = commands(text)
    return tuple(literal(word.text) or word.text for word in found[0].words) if found else ()


def _arguments(
    file: SourceFile, stream: Stream, hook: Mapping, known: Hook, wanted: tuple[str, ...]
) -> Iterator[Edit]:
    pair, rule = hook.pair("args"), f"{NAME}/arguments"
    why = "uv's spelling of the hook's arguments"
    if pair is None or not isinstance(pair.value, Sequence):
        if wanted != known.uv_defaults:
            yield new_pair(file, hook, "args", f"[{', '.join(wanted)}]", rule, why)
    elif not wanted and not known.uv_defaults:
        for start, end in removal(stream, hook, [pair]):
            yield Edit(file.path, start, end, "", rule, why)
    else:
        yield from rewritten(file, pair.value, wanted, rule, why)


def _files(file: SourceFile, hook: Mapping, known: Hook, wanted: tuple[str, ...]) -> Iterator[Edit]:
    """The hooks of uv look at files at the top alone, those of Poetry at files in any folder."""
    elsewhere = any(word.startswith(("--project", "--directory")) for word in wanted)
    if elsewhere and known.files and hook.pair("files") is None:
        why = "uv's hook looks at files at the top only, Poetry's at those in any folder"
        yield new_pair(file, hook, "files", known.files, f"{NAME}/files", why)


def _plugins(file: SourceFile, stream: Stream, hook: Mapping) -> Iterator[Edit | Note]:
    pair = hook.pair("additional_dependencies")
    value = stream.resolve(pair.value) if pair else None
    if pair is None or not isinstance(value, Sequence):
        return
    names = [i.value.value if isinstance(i.value, Scalar) else "" for i in value.items]
    if all(_PLUGIN.fullmatch(name) for name in names):
        for start, end in removal(stream, hook, [pair]):
            yield Edit(file.path, start, end, "", f"{NAME}/plugin", "uv exports without a plugin")
    else:
        message = "additional dependencies of Poetry's hook: uv has no plugins, take them out"
        yield Note(file.path, file.line_at(pair.start), f"{NAME}/plugin", message)


def _skipped(file: SourceFile, stream: Stream, root: Mapping) -> Iterator[Edit]:
    """`ci: skip:` and the like hold ids of hooks."""
    ci = stream.resolve(root.get("ci"))
    skip = stream.resolve(ci.get("skip")) if isinstance(ci, Mapping) else None
    if not isinstance(skip, Sequence):
        return
    seen: set[str] = set()
    for item in skip.items:
        known = HOOKS.get(item.value.value) if isinstance(item.value, Scalar) else None
        if known is None or not isinstance(item.value, Scalar):
            continue
        why = "the hook has that id now"
        if known.becomes in seen:
            for start, end in removal(stream, skip, [item]):
                yield Edit(file.path, start, end, "", f"{NAME}/skip", why)
        else:
            yield Edit(file.path, *item.value.inner, known.becomes, f"{NAME}/skip", why)
        seen.add(known.becomes)
