"""The values of YAML scalars, with the raw text that each part comes from.

YAML 1.2, chapters 7 and 8: https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.syntax.yaml_model import Piece, Scalar, Style

# A line break within a flow scalar, with the blank lines and indentation around it.
_FOLD = r"[ \t]*(?:\r?\n[ \t]*)+"
_TOKENS = {
    "plain": re.compile(rf"(?P<fold>{_FOLD})"),
    "single": re.compile(rf"(?P<fold>{_FOLD})|(?P<escape>'')"),
    "double": re.compile(
        rf"(?P<escape>\\(?:x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|U[0-9a-fA-F]{{8}}|\r?\n[ \t]*|.))"
        rf"|(?P<fold>{_FOLD})"
    ),
}
_STYLES: dict[str, Style] = {"'": "single", '"': "double"}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029", "\n": "", "\r": "",
}  # fmt: skip


def flow_scalar(text: str, start: int, end: int, anchor: str = "") -> Scalar:
    """Read a plain or quoted scalar from its raw span."""
    style = _STYLES.get(text[start : start + 1], "plain")
    inner = (start, end) if style == "plain" else (start + 1, end - 1)
    value, pieces = _joined(_flow_parts(text, *inner, style))
    return Scalar(start, end, value, style, inner, pieces, anchor=anchor)


def block_scalar(text: str, start: int, end: int, column: int, anchor: str = "") -> Scalar:
    """Read a `|` or `>` scalar; `column` is that of the node that it belongs to."""
    # The header may end in a comment; what counts stands before it.
    first = text.find("\n", start, end) + 1 or end
    marks = text[start:first].split("#")[0].strip()
    explicit = marks.strip("|>+-")
    lines = list(_lines(text, first, end))
    indent = _indent(text, lines) if not explicit else max(column, 0) + int(explicit)
    style: Style = "folded" if marks.startswith(">") else "literal"
    value, pieces = _joined(_block_parts(text, lines, indent, style))
    value = _chomped(value, marks if end < len(text) or "+" in marks else "-")
    return Scalar(start, end, value, style, (first, end), pieces, indent, anchor)


def _joined(parts: Iterator[tuple[str, int, int]]) -> tuple[str, tuple[Piece, ...]]:
    value, pieces = "", []
    for part, start, end in parts:
        if not part:
            continue
        pieces.append(Piece(len(value), len(part), start, end))
        value += part
    return value, tuple(pieces)


def _flow_parts(text: str, start: int, end: int, style: str) -> Iterator[tuple[str, int, int]]:
    for token in _TOKENS[style].finditer(text, start, end):
        if token.start() > start:
            yield text[start : token.start()], start, token.start()
        yield _meaning(token), token.start(), token.end()
        start = token.end()
    if start < end:
        yield text[start:end], start, end


def _meaning(token: re.Match[str]) -> str:
    if token["fold"] is not None:
        breaks = token["fold"].count("\n")
        return "\n" * (breaks - 1) or " "
    escape = token["escape"]
    if escape == "''":
        return "'"
    if escape[1] in "xuU" and len(escape) > 2:
        return chr(int(escape[2:], 16))
    return _ESCAPES.get(escape[1], escape[1])


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end without break, and end of each line."""
    for line in text[start:end].splitlines(keepends=True):
        yield start, start + len(line.rstrip("\r\n")), start + len(line)
        start += len(line)


def _indent(text: str, lines: list[tuple[int, int, int]]) -> int:
    for start, end, _ in lines:
        content = text[start:end]
        if content.strip(" "):
            return len(content) - len(content.lstrip(" "))
    return 0


def _block_parts(
    text: str, lines: list[tuple[int, int, int]], indent: int, style: Style
) -> Iterator[tuple[str, int, int]]:
    for number, (start, end, after) in enumerate(lines):
        content = min(start + indent, end)
        if content < end:
            yield text[content:end], content, end
        ahead = lines[number + 1 :]
        folds = style == "folded" and _folds(text, lines[number], ahead, indent)
        if after > end or (not ahead and end < len(text)):
            yield (folds if isinstance(folds, str) else "\n"), end, after


def _folds(
    text: str, line: tuple[int, int, int], ahead: list[tuple[int, int, int]], indent: int
) -> str | None:
    """Return what the break after a line of a folded scalar means; None for a line break."""
    here, following = (text[s + indent : e] for s, e, _ in (line, ahead[0] if ahead else line))
    if not ahead or not here or here[0] in " \t" or following[:1] in {" ", "\t"}:
        return None
    if following:
        return " "
    further = next((text[s + indent : e] for s, e, _ in ahead if e > s + indent), "")
    return None if not further or further[0] in " \t" else ""


def _chomped(value: str, marks: str) -> str:
    if "+" in marks:
        return value
    stripped = value.rstrip("\n")
    return stripped if "-" in marks or not stripped else stripped + "\n"
