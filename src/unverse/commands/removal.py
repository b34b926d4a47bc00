"""Take whole commands out of a script, with the line or the `&&` that they would leave behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from unverse.commands.table import Translation
from unverse.edits import Edit
from unverse.syntax.shell import Chain, Command, Span

Make = Callable[[int, int, str, Translation], Edit]
Gone = Sequence[tuple[Command, Translation]]

_BEFORE = re.compile(r"[ \t]*[@+-]*[ \t]*")
_AFTER = re.compile(r"[ \t]*;?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")
_NEXT = re.compile(r"[ \t]*;[ \t]*(?:\\\r?\n[ \t]*)?")
_PREVIOUS = re.compile(r"[ \t]*(?:\\\r?\n[ \t]*)?;?[ \t]*(?:\\\r?\n[ \t]*)?$")


def removals(text: str, gone: Gone, make: Make) -> Iterator[Edit]:
    """Yield the edits that take commands out of `text`."""
    chains: dict[Span, list[tuple[Command, Translation]]] = {}
    lone: dict[Span, Translation] = {}
    for command, verdict in gone:
        if command.chain is None:
            lone[command.statement] = verdict
        else:
            chains.setdefault((command.chain.start, command.chain.end), []).append(
                (command, verdict)
            )
    made = [make(start, end, "true", verdict) for (start, end), verdict in lone.items()]
    for members in chains.values():
        made += _from_chain(text, members, make)
    yield from _merged(made)


def _merged(made: Iterable[Edit]) -> Iterator[Edit]:
    """Join deletions that share a line break or a semicolon."""
    last: Edit | None = None
    for edit in sorted(made, key=lambda e: (e.start, e.end)):
        if last and edit.start < last.end and not (edit.text or last.text):
            last = replace(last, end=max(last.end, edit.end))
            continue
        if last:
            yield last
        last = edit
    if last:
        yield last


def _from_chain(text: str, members: Gone, make: Make) -> Iterator[Edit]:
    chain = members[0][0].chain
    assert chain is not None  # noqa: S101 - they were sorted by it
    verdicts = {_operand(chain, command): verdict for command, verdict in members}
    kept = [at for at in range(len(chain.operands)) if at not in verdicts]
    verdict = members[0][1]
    if kept:
        for at in sorted(verdicts):
            start, end = _operand_span(chain, at, kept[0])
            yield make(start, end, "", verdicts[at])
    elif chain.removable:
        start, end = statement_span(text, chain.start, chain.end)
        yield make(start, end, "", verdict)
    else:
        yield make(chain.start, chain.end, "true", verdict)


def _operand(chain: Chain, command: Command) -> int:
    spans = enumerate(chain.operands)
    return next((at for at, (start, end) in spans if start <= command.start < end), 0)


def _operand_span(chain: Chain, at: int, first_kept: int) -> Span:
    """Span of an operand of `&&` with the operator that belongs to it."""
    start, end = chain.operands[at]
    if at < first_kept:
        return start, chain.operands[at + 1][0]
    return chain.operands[at - 1][1], end


def statement_span(text: str, start: int, end: int) -> Span:
    """Span of a statement with its line, if nothing else is on it, or with its semicolon."""
    line = text.rfind("\n", 0, start) + 1
    after = _AFTER.match(text, end)
    if _BEFORE.fullmatch(text, line, start) and after:
        if after.end() == len(text) and not text.endswith("\n") and line:
            above = text[:line].rstrip()
            last = line - 1 - text[:line].endswith("\r\n")
            return (len(above) if above else last), len(text)
        return _blank_above(text, line) if _is_last(text, after.end()) else line, after.end()
    if following := _NEXT.match(text, end):
        return start, following.end()
    previous = _PREVIOUS.search(text, 0, start)
    return (previous.start() if previous else start), end


def _is_last(text: str, end: int) -> bool:
    return text.endswith("\n") and not text[end:].strip()


def _blank_above(text: str, line: int) -> int:
    """Return where the blank lines above a line begin, if something is above them."""
    above = text[:line].rstrip()
    return text.index("\n", len(above)) + 1 if above else line
