"""Lines that a formatter would break or join after the edit: done here, so that its check passes.

Only in a project whose pyproject.toml configures ruff or black, and only for a call that stands
alone: `ctx.run("…")`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from unverse.converters.python_files.places import Place
from unverse.edits import Edit, splice
from unverse.poetry.model import Project
from unverse.syntax.python import Source

_DEFAULT = 88
_WRAPPED = re.compile(r"\r?\n[ \t]+(?P<content>\S[^\n]*[^\s,])\r?\n[ \t]*")
_LITERAL = re.compile(r"(?P<prefix>[fFrRbB]*)(?P<quote>\"|')(?P<body>[^\"'\n]*)(?P=quote)")


class Style(NamedTuple):
    """The line length of a project, and whether its linter minds longer strings."""

    limit: int
    strict: bool


def style_of(project: Project) -> Style | None:
    """Return what pyproject.toml asks of lines; None without a formatter."""
    tool = project.document.get("tool", {})
    for name in ("ruff", "black"):
        table = tool.get(name)
        if isinstance(table, Mapping):
            limit = table.get("line-length", _DEFAULT)
            return Style(limit if isinstance(limit, int) else _DEFAULT, _is_strict(tool))
    return None


def _is_strict(tool: Mapping[str, Any]) -> bool:
    ruff = tool.get("ruff", {})
    lint = ruff.get("lint", ruff)
    chosen = [*lint.get("select", ()), *lint.get("extend-select", ())]
    ignored = [*lint.get("ignore", ()), *lint.get("extend-ignore", ())]
    return any(rule in {"ALL", "E", "E5", "E50", "E501"} for rule in chosen) and not any(
        rule in {"E", "E5", "E50", "E501"} for rule in ignored
    )


def laid_out(
    path: str, source: Source, place: Place, edits: Sequence[Edit], style: Style
) -> Sequence[Edit]:
    """Return the edits of a call, or one in their place that also breaks or joins its lines."""
    if place.call is None or not edits:
        return edits
    text = source.text
    start, end = source.span(place.call)
    opening = text.index("(", source.span(place.call.func)[1]) + 1
    closing = end - 1
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start]
    if indent.strip() or text[end : _line_end(text, end)].strip():
        return edits
    if any(edit.start < opening or edit.end > closing for edit in edits):
        return edits
    old = text[opening:closing]
    local = [Edit("", e.start - opening, e.end - opening, e.text, "", "") for e in edits]
    new = _inner(old, splice(old, local), indent, text[start:opening], style)
    if new is None:
        return edits
    eol = "\r\n" if "\r\n" in text else "\n"
    return [Edit(path, opening, closing, new.replace("\n", eol), edits[0].rule, edits[0].why)]


def exploded(path: str, source: Source, call: ast.Call, edits: Sequence[Edit]) -> Sequence[Edit]:
    """Return one edit in place of several that writes each argument on a line of its own."""
    text = source.text
    start, end = source.span(call)
    opening = text.index("(", source.span(call.func)[1]) + 1
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start]
    if indent.strip() or "#" in text[opening : end - 1]:
        return edits
    local = [Edit("", e.start - opening, e.end - opening, e.text, "", "") for e in edits]
    inner = splice(text[opening : end - 1], local)
    deeper = f"\n{indent}    "
    lines = [_nested(argument, deeper) for argument in _split(inner)]
    new = deeper + f",{deeper}".join(lines) + f",\n{indent}"
    eol = "\r\n" if "\r\n" in text else "\n"
    return [Edit(path, opening, end - 1, new.replace("\n", eol), edits[-1].rule, edits[-1].why)]


def _nested(argument: str, deeper: str) -> str:
    match = re.fullmatch(r"env=\{(.*)\}", argument, re.DOTALL)
    if not match:
        return argument
    inner = f",{deeper}    ".join(_split(match[1]))
    return f"env={{{deeper}    {inner},{deeper}}}"


def _split(text: str) -> list[str]:
    """Split arguments at their commas."""
    parts, depth, quote, start = [], 0, "", 0
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[at - 1] != "\\" else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _inner(old: str, new: str, indent: str, head: str, style: Style) -> str | None:
    """Return what stands between the parentheses, None if it needs no other lines."""
    wrapped = _WRAPPED.fullmatch(old)
    if "\n" in old and not wrapped:
        return None
    content = new.strip()
    whole = len(indent) + len(head) + len(content) + 1
    if wrapped and whole <= style.limit:
        return content
    if whole <= style.limit or len(indent) + len(head) + len(old) + 1 > style.limit:
        too_long = wrapped and len(indent) + 4 + len(content) > style.limit
        if not (too_long and style.strict):
            return None
    deeper = f"\n{indent}    "
    lines = _pieces(content, style.limit - len(deeper) + 1) if style.strict else [content]
    return deeper + deeper.join(lines) + f"\n{indent}"


def _pieces(content: str, width: int) -> list[str]:
    """Split a string that is too long at a space, outside the fields of f-strings."""
    match = _LITERAL.fullmatch(content)
    if len(content) <= width or not match:
        return [content]
    room = width - len(match["prefix"]) - 2
    body, pieces = match["body"], []
    while len(body) > room:
        at = body.rfind(" ", 1, room + 1)
        if at <= 0 or body.count("{", 0, at) != body.count("}", 0, at):
            return [content]
        pieces.append(body[:at])
        body = body[at:]
    return [f"{match['prefix']}{match['quote']}{b}{match['quote']}" for b in (*pieces, body)]
