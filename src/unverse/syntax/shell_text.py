"""The text of shell words, and text of other languages in shell text, masked.

A mask has as many characters as what it hides, so that every offset stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from unverse.syntax.shell_documents import here_documents, without
from unverse.syntax.shell_words import literal as literal

Dialect = Literal["shell", "make", "just", "docs"]

# `${{ github }}`, `$[[ gitlab ]]`, `{{ jinja, just, go }}`, `<< parameters.circleci >>`.
_EXPRESSIONS = re.compile(
    r"\$\{\{.*?\}\}|\$\[\[.*?\]\]|\{\{.*?\}\}|<<\s*(?:parameters|pipeline)\.[^<>\n]*>>", re.DOTALL
)
_STATEMENTS = re.compile(r"\{%.*?%\}|\{#(?![\w!]).*?#\}", re.DOTALL)
# `pip install x>=2` is a redirection for the shell, and a requirement for whoever wrote it.
_BOUND = re.compile(r"(?<=[\w\]])[<>]=(?=\d)")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_MAKE = re.compile(r"\$\((?!shell\s)[^()$]*(?:\$\([^()]*\)[^()$]*)*\)|\$\{[^{}]*\}|\$[@<^+*?%]")
_MAKE_SHELL = re.compile(r"\$\(shell\s")
_RECIPE_PREFIX = re.compile(r"^[ \t]*[@+-]+(?=[ \t]*[^\s@+-])", re.MULTILINE)
_PROMPT = re.compile(
    r"^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.@:~/-]*[$%>\u276f\u279c]|[\w.@:~/-]+#|PS[^>\n]*>)"
    r"[ \t]+(?=\S)",
    re.MULTILINE,
)
_CONTINUED = re.compile(r"(?<!\\)((?:\\\\)*)\\\r\n")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .|/-]*>")


def masked(text: str, dialect: Dialect = "shell", *, folded: bool = False) -> str:
    """Return `text` with everything hidden that is no shell, and no code.

    What here-documents hold is data.
    """
    hidden = understood(text, dialect, folded=folded)
    return without(hidden, here_documents(hidden)) if "<<" in hidden else hidden


def understood(text: str, dialect: Dialect = "shell", *, folded: bool = False) -> str:
    """Return `text` with everything hidden that bash would not understand.

    Args:
        text: of a script, or the raw text of a block scalar with its indentation.
        dialect: whose variables, prefixes and prompts are in it.
        folded: line breaks are those of a folded YAML scalar (`>`), most of which are spaces.
    """
    hidden = _EXPRESSIONS.sub(_filled("_"), text)
    hidden = _BOUND.sub(_filled("_"), _STATEMENTS.sub(_filled(" "), hidden))
    if dialect == "make":
        hidden = _make(hidden)
    if dialect in {"make", "just"}:
        hidden = _RECIPE_PREFIX.sub(_filled(" "), hidden)
    if dialect == "docs":
        hidden = _PLACEHOLDER.sub(_filled("_"), _PROMPT.sub(_filled(" "), hidden))
    if folded:
        hidden = _unfold(hidden)
    # One byte for each character: the parser counts bytes.
    hidden = _CONTINUED.sub(r"\1 \\\n", hidden) if "\r" in hidden else hidden
    return _NON_ASCII.sub("_", hidden).replace("\r\n", " \n")


def _filled(character: str) -> Callable[[re.Match[str]], str]:
    def fill(match: re.Match[str]) -> str:
        return "".join(c if c == "\n" and character == " " else character for c in match[0])

    return fill


def _make(text: str) -> str:
    # `$$` is the shell's dollar; what is left of `$(…)` and `$X` is make's own.
    parts = re.split(r"(\$\$)", text)
    for at in range(0, len(parts), 2):
        shell = _MAKE_SHELL.sub(lambda m: "$(" + " " * (len(m[0]) - 2), parts[at])
        parts[at] = _MAKE.sub(lambda m: "_" * len(m[0]), shell)
    return "".join("_$" if part == "$$" else part for part in parts)


def _unfold(text: str) -> str:
    """Turn the line breaks of a folded scalar that mean a space into one."""
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    base = min((i for i, line in zip(indents, lines, strict=True) if line.strip()), default=0)

    # A scalar that begins within its line is no block: in it indentation means nothing.
    flow = bool(lines[0][:1].strip())

    def plain(at: int) -> bool:
        return bool(lines[at].strip()) and (flow or indents[at] <= base or at == 0)

    joined = lines[0]
    for at in range(1, len(lines)):
        joined += (" " if plain(at - 1) and plain(at) else "\n") + lines[at]
    return joined
