"""Poetry's variables in the `environment` blocks and `withEnv` lists of a Jenkinsfile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.variables import Variable
    from unverse.syntax.groovy import Block, Source

_SET = re.compile(
    r"(?:^|(?<=\{))[ \t]*(?P<name>\w+)[ \t]*=[ \t]*(?P<value>[^\n{}]*?)[ \t]*;?[ \t]*(?:\r?\n|$)",
    re.MULTILINE,
)
_LISTED = re.compile(r"(?P<name>POETRY_\w+)=(?P<value>.*)", re.DOTALL)
_NOT_NEEDED = "uv needs no such setting: take it out"


def values(source: Source) -> Mapping[str, str]:
    """Return the variables of Poetry that the file sets to a text that is known."""
    found = {}
    for block in _blocks(source):
        for match in _SET.finditer(source.code, block.start + 1, block.end - 1):
            if match["name"].startswith("POETRY_"):
                found[match["name"]] = source.text[slice(*match.span("value"))].strip("\"'")
    for _, match in _listed(source):
        found[match["name"]] = match["value"]
    return found


def variables(
    file: SourceFile, source: Source, outcomes: Iterable[Edit | Note], rule: str
) -> Iterator[Edit | Note]:
    """Rename or remove them; what else reads one of them keeps it.

    `outcomes`: of the scripts, whose edits may have taken out what read them.
    """
    spans = [(outcome.start, outcome.end) for outcome in outcomes if isinstance(outcome, Edit)]
    spans += _definitions(source)
    for block in _blocks(source):
        yield from _block(file, source, block, spans, f"{rule}/variable")
    for start, match in _listed(source):
        found, message = _verdict(file, match["name"], match["value"], spans)
        if found and found.name and not message:
            why = "uv's name of the variable"
            end = start + len(match["name"])
            yield Edit(file.path, start, end, found.name, f"{rule}/variable", why)
        elif found:
            text = f"`{match['name']}`: {message or _NOT_NEEDED}"
            yield Note(file.path, file.line_at(start), f"{rule}/variable", text)


def _blocks(source: Source) -> Iterator[Block]:
    """Yield the blocks of variables; none can stand in another."""
    end = 0
    for block in source.blocks:
        if block.start >= end and block.head.rpartition(" ")[2] == "environment":
            yield block
            end = block.end


def _definitions(source: Source) -> Iterator[tuple[int, int]]:
    for block in _blocks(source):
        for match in _SET.finditer(source.code, block.start + 1, block.end - 1):
            yield match.span("name")
    for start, match in _listed(source):
        yield start, start + len(match["name"])


def _listed(source: Source) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the strings of `withEnv(['NAME=value'])` with the places of their text."""
    for match in re.finditer(r"(?<![\w.])withEnv[ \t]*\(?\s*\[[^\]]*\]", source.code):
        for string in source.strings:
            if match.start() < string.start < match.end():
                start, end = string.inner
                if found := _LISTED.fullmatch(source.text[start:end]):
                    yield start, found


def _block(
    file: SourceFile, source: Source, block: Block, spans: list[tuple[int, int]], rule: str
) -> Iterator[Edit | Note]:
    gone = []
    for match in _SET.finditer(source.code, block.start + 1, block.end - 1):
        start, end = match.span("name")
        value = source.text[slice(*match.span("value"))]
        found, message = _verdict(file, match["name"], value, spans)
        if found is None:
            continue
        if message:
            text = f"`{match['name']}`: {message}"
            yield Note(file.path, file.line_at(start), rule, text)
        elif found.name:
            yield Edit(file.path, start, end, found.name, rule, "uv's name of the variable")
        else:
            gone.append(match)
    yield from _removed(file, source, block, gone, rule)


def _verdict(
    file: SourceFile, name: str, value: str, spans: list[tuple[int, int]]
) -> tuple[Variable | None, str]:
    """Return what becomes of a variable, and why a person has to see to it, if so."""
    from unverse.commands.variables import variable

    found = variable(name, value)
    if found is None or found.name is None:
        return found, found.reason if found else ""
    if not found.name and "(" in value:
        return found, "uv needs no such setting: take it out with what its value calls"
    for match in re.finditer(rf"(?<!\w){name}(?!\w)", file.text):
        at = match.start()
        if not any(begin <= at < end for begin, end in spans):
            became = f"uv's is `{found.name}`" if found.name else "uv has none"
            return found, f"line {file.line_at(at)} names it too, change both: {became}"
    return found, ""


def _removed(
    file: SourceFile, source: Source, block: Block, gone: list[re.Match[str]], rule: str
) -> Iterator[Edit | Note]:
    """Take out the lines, and with the last one the block: Jenkins allows no empty one."""
    why = "uv needs no such setting"
    if not gone or _without(source.code, block, gone).strip():
        yield from (Edit(file.path, *match.span(), "", rule, why) for match in gone)
        return
    start = file.text.rfind("\n", 0, block.start) + 1
    rest = re.compile(r"[ \t]*(?:\r?\n|$)").match(file.text, block.end)
    alone = rest and file.text[start : block.start].strip() == "environment"
    if rest and alone and not _without(file.text, block, gone).strip():
        yield Edit(file.path, start, rest.end(), "", rule, why)
        return
    for match in gone:
        text = f"`{match['name']}`: {_NOT_NEEDED}"
        yield Note(file.path, file.line_at(match.start("name")), rule, text)


def _without(text: str, block: Block, gone: list[re.Match[str]]) -> str:
    """Return what is left in a block without some lines."""
    places = [block.start + 1, *(at for match in gone for at in match.span()), block.end - 1]
    return "".join(text[start:end] for start, end in zip(places[::2], places[1::2], strict=True))
