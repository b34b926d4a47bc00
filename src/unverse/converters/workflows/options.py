"""Options that a command takes from elsewhere: `poetry install ${{ matrix.options }}` (rule W8).

Where every definition is written down, the definitions are translated and the expression stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from unverse.commands.context import Context, Synced
from unverse.commands.table import Translation
from unverse.commands.translate import translate
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.model import Job, Workflow, path
from unverse.syntax.shell import commands
from unverse.syntax.yaml_edit import line_start
from unverse.syntax.yaml_model import Mapping as Node
from unverse.syntax.yaml_model import Scalar, Sequence

_COMMAND = re.compile(
    r"(?<![\w./-])(?P<command>poetry (?:install|sync)(?: -[\w=,-]+)*) "
    r"(?P<expression>\$\{\{\s*(?P<name>(?:matrix|inputs)\.[\w-]+)\s*\}\})"
    r"(?=[ \t]*(?:#.*)?(?:\r?\n|$|\Z))",
    re.MULTILINE,
)

# A cache is another one then, and so it should be.
_LABELS = frozenset({"name", "key", "restore-keys"})
# `${{ condition && 'value' || 'other' }}`
CHOICE = re.compile(r"\$\{\{[^{}']*(?:'[^']*'[^{}']*)*&& *'([^']*)' *\|\| *'([^']*)' *\}\}")


class Dynamic(NamedTuple):
    """A command with options from an expression.

    Attributes:
        start: of the command in the text; `end` is behind the expression.
        stop: where its own words end.
        text: uv's form of its own words.
        texts: what becomes of each value of the expression.
        synced: what is in the environment afterwards, at least.
    """

    start: int
    stop: int
    end: int
    name: str
    text: str
    texts: Mapping[str, str]
    synced: Synced


def find(
    draft: Draft,
    span: tuple[int, int],
    context: Context,
    workflow: Workflow,
    job: Job,
    facts: Facts,
) -> Dynamic | None:
    """Return the first such command of a script whose values are all known and translatable."""
    match = _COMMAND.search(draft.text, *span)
    if match is None or not _is_read_once(draft, match["name"]):
        return None
    values = definitions(match["name"], workflow, job.body, facts)
    if values is None:
        return None
    texts = {value: options(match["command"], value, context) for value in values}
    base = _translated(match["command"], context)
    if base is None or any(new is None for new in texts.values()):
        return None
    synced = _least([_translated(f"{match['command']} {v}".strip(), context) for v in values])
    known = {value: new for value, new in texts.items() if new is not None}
    return Dynamic(
        match.start(), match.end("command"), match.end(), match["name"], base.text, known, synced
    )


def _is_read_once(draft: Draft, name: str) -> bool:
    """Whether nothing else reads a value; to ask whether it is empty, or to show it, is fine."""
    pattern = re.compile(rf"\b{re.escape(name)}\b(?!\s*[!=]=\s*'')")
    labels = list(_labels(draft))
    readers = [
        match
        for match in pattern.finditer(draft.text)
        if not draft.goes(match.start())
        and not any(start <= match.start() < end for start, end in labels)
        and "#" not in draft.text[line_start(draft.text, match.start()) : match.start()]
    ]
    return len(readers) == 1


def _labels(draft: Draft) -> Iterator[tuple[int, int]]:
    for node in draft.stream.nodes():
        for pair in node.pairs if isinstance(node, Node) else ():
            if pair.name in _LABELS and isinstance(pair.value, Scalar):
                yield pair.value.start, pair.value.end


def definitions(name: str, workflow: Workflow, body: Node, facts: Facts) -> tuple[str, ...] | None:
    """Return the literal values of `matrix.x` or `inputs.x`; None if any is not literal."""
    kind, _, rest = name.partition(".")
    nodes = list(_axis(body, rest) if kind == "matrix" else _input(workflow, rest, facts))
    values: list[str] = []
    for node in nodes:
        if not isinstance(node, Scalar):
            return None
        choice = CHOICE.fullmatch(node.value)
        values += choice.groups() if choice else (node.value,)
    if not values or any("${{" in value for value in values):
        return None
    return tuple(dict.fromkeys(values))


def _axis(body: Node, name: str) -> Iterator[object]:
    matrix = path(body, "strategy", "matrix")
    axis, include = path(matrix, name), path(matrix, "include")
    if isinstance(axis, Sequence):
        yield from (item.value for item in axis.items)
    elif axis is not None:
        yield None
    for item in include.items if isinstance(include, Sequence) else ():
        node = path(item.value, name)
        if node is not None:
            yield node


def _input(workflow: Workflow, name: str, facts: Facts) -> Iterator[object]:
    # An action at the root, or a workflow that is called, has callers that are not seen here.
    if path(workflow.root, "runs") is None or "/" not in facts.path:
        yield None
    yield path(workflow.root, "inputs", name, "default")
    for _, _, call in facts.calls():
        given = path(call, "with", name)
        if given is not None:
            yield given


def own_definitions(name: str, workflow: Workflow, body: Node) -> Iterator[Scalar]:
    """Yield the definitions that stand in this file."""
    kind, _, rest = name.partition(".")
    nodes = (
        _axis(body, rest) if kind == "matrix" else [path(workflow.root, "inputs", rest, "default")]
    )
    yield from (node for node in nodes if isinstance(node, Scalar))


def options(command: str, value: str, context: Context) -> str | None:
    """Return uv's options for Poetry's in a value; None if there are none for sure."""
    base, whole = _translated(command, context), _translated(f"{command} {value}".strip(), context)
    if base is None or whole is None or not f"{whole.text} ".startswith(f"{base.text} "):
        return None
    return whole.text[len(base.text) :].strip()


def _translated(command: str, context: Context) -> Translation | None:
    found = commands(command)
    verdict = translate(found[0], context) if len(found) == 1 else None
    good = isinstance(verdict, Translation) and verdict.text and not verdict.compound
    return verdict if good and isinstance(verdict, Translation) else None


def _least(verdicts: list[Translation | None]) -> Synced:
    found = [v.synced_after for v in verdicts if v and v.synced_after]
    complete = bool(found) and all(synced.complete for synced in found)
    return found[0]._replace(complete=complete) if found else Synced()
