"""Hooks that are not Poetry's own: local ones, and those of others that only bear its name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from unverse.commands.context import Context
from unverse.commands.script import edit_script
from unverse.commands.table import Translation
from unverse.commands.translate import translate
from unverse.converters.pre_commit.values import rewritten
from unverse.converters.surroundings import major
from unverse.edits import Edit, Note
from unverse.pins import pins
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.shell import commands
from unverse.syntax.shell_text import literal
from unverse.syntax.yaml_model import Mapping, Scalar, Sequence, Stream

NAME = "pre-commit"
_OTHERS = re.compile(r"poetry-(?!core\b).*")


def hook_mappings(stream: Stream, entry: Mapping) -> Iterator[Mapping]:
    """Yield the hooks of an entry of `repos`."""
    hooks = stream.resolve(entry.get("hooks"))
    for item in hooks.items if isinstance(hooks, Sequence) else ():
        hook = stream.resolve(item.value)
        if isinstance(hook, Mapping):
            yield hook


def arguments(stream: Stream, hook: Mapping) -> list[str] | None:
    """Return the texts in `args`; None if there is none."""
    found = stream.resolve(hook.get("args"))
    if not isinstance(found, Sequence):
        return None
    return [item.value.value if isinstance(item.value, Scalar) else "" for item in found.items]


def hooks(
    file: SourceFile, stream: Stream, entry: Mapping, project: Project
) -> Iterator[Edit | Note]:
    """Translate the commands of hooks, and what is installed for them."""
    context = Context(project, major(project), setting="tasks")
    for hook in hook_mappings(stream, entry):
        name, command = hook.get("id"), hook.get("entry")
        if isinstance(command, Scalar):
            yield from _entry(file, stream, hook, command, context)
        elif isinstance(name, Scalar) and _OTHERS.fullmatch(name.value):
            message = (
                f"the hook `{name.value}` calls Poetry: write a local hook with "
                f"`entry: uv run {name.value.removeprefix('poetry-')}` and `language: system`"
            )
            yield Note(file.path, file.line_at(name.start), f"{NAME}/foreign-hook", message)
        yield from _installed(file, stream, hook)
        yield from _named(file, hook)


def _entry(
    file: SourceFile, stream: Stream, hook: Mapping, command: Scalar, context: Context
) -> Iterator[Edit | Note]:
    if "poetry" not in command.value.lower():
        return
    if not (command.is_block or command.is_verbatim):
        message = "its quoting hides the command: write `uv run …` in place of `poetry run …`"
        yield Note(file.path, file.line_at(command.start), f"{NAME}/entry", message)
        return
    given, listed = arguments(stream, hook), stream.resolve(hook.get("args"))
    if given and isinstance(listed, Sequence) and not _runs(command.value):
        yield from _split(file, command, listed, given, context)
        return
    folded = command.style == "folded"
    start, end = command.inner
    result = edit_script(file, start, end, context, NAME, folded=folded)
    if result.emptied:
        message = "the hook does nothing with uv: take it out"
        yield Note(file.path, file.line_at(command.start), f"{NAME}/emptied", message)
        return
    yield from result.outcomes


def _runs(text: str) -> bool:
    return re.match(r"\s*\S*poetry\s+run\b", text) is not None or len(commands(text)) != 1


def _split(
    file: SourceFile, entry: Scalar, listed: Sequence, given: list[str], context: Context
) -> Iterator[Edit | Note]:
    """A command whose options stand in `args`: both are one command line."""
    line = " ".join((entry.value, *map(shlex.quote, given)))
    verdict = translate(commands(line)[0], context)
    if not isinstance(verdict, Translation) or verdict.compound or not verdict.text:
        shown = "its arguments are not known"
        reason = getattr(verdict, "reason", shown)
        yield Note(file.path, file.line_at(entry.start), f"{NAME}/entry", f"`{line}`: {reason}")
        return
    rule, why = f"{NAME}/{'-'.join(('poetry', *verdict.row.form))}", "uv's form of the command"
    words = [literal(word.text) or word.text for word in commands(verdict.text)[0].words]
    # As many words in the entry as name the command; the options belong into the list.
    head = 1 + len(verdict.row.becomes[1:] or verdict.row.form)
    yield Edit(file.path, *entry.inner, " ".join(words[:head]), rule, why)
    yield from rewritten(file, listed, words[head:], rule, why)
    if verdict.note:
        yield Note(file.path, file.line_at(entry.start), rule, f"`{line}`: {verdict.note}")


def _installed(file: SourceFile, stream: Stream, hook: Mapping) -> Iterator[Edit]:
    """Poetry as an additional dependency of a hook that runs it."""
    found = stream.resolve(hook.get("additional_dependencies"))
    for item in found.items if isinstance(found, Sequence) else ():
        value = item.value
        if isinstance(value, Scalar) and re.fullmatch(r"poetry(?![\w-]).*", value.value):
            text = f"uv=={pins().uv}" if "==" in value.value else "uv"
            why = "the hook runs uv now"
            yield Edit(file.path, *value.inner, text, f"{NAME}/dependency", why)


def _named(file: SourceFile, hook: Mapping) -> Iterator[Note]:
    """Ids and names are what people type and read: they stay."""
    lines = []
    for key in ("id", "name", "alias"):
        value = hook.get(key)
        if isinstance(value, Scalar) and "poetry" in value.value.lower() and hook.get("entry"):
            lines.append(file.line_at(value.start))
    if lines:
        message = "a hook that is called after Poetry: its id stays, `SKIP` and people know it"
        yield Note(file.path, lines[0], f"{NAME}/name", message, tuple(lines[1:]))
