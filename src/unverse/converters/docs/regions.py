"""Where commands stand in a piece of code: prompts, output and comments are not part of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.syntax.code import Code

Span = tuple[int, int]

_SHELL = frozenset({"bash", "sh", "shell", "zsh", "fish", "ksh", "shell-script"}) | frozenset(
    {"powershell", "pwsh", "ps1", "ps", "bat", "batch", "batchfile", "cmd", "dos"}
)
_CONSOLE = frozenset({"console", "shell-session", "shellsession", "sh-session", "bash-session"})
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "none", "terminal", "command"})
_PROMPT = re.compile(
    r"[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.@:~/\\-]*[$%\u276f\u279c]|[\w.@:~/-]+#|PS[^>\n]*>"
    r"|[A-Z]:[^>\n]*>)"
    r"[ \t]+(?=\S)"
)
_COMMAND = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?(?P<command>(?:[A-Z_]+=\S+[ \t]+|sudo[ \t]+|time[ \t]+)*"
    r"(?:poetry|pip3?|pipx|curl|wget|python3?|py|brew|source|eval|asdf|mise|cd|uv|git|docker|npm|make)"
    r"[ \t]+\S)"
)


def is_script(language: str) -> bool:
    """Say whether a block in that language holds commands for sure."""
    return language in _SHELL | _CONSOLE


def regions(text: str, code: Code) -> Iterator[Span]:
    """Yield the spans of a piece of code that hold commands.

    A block with prompts holds commands behind them only; one that is said to be shell is a
    script; in any other each line that begins like a command is one.
    """
    if code.form == "inline":
        yield code.start, code.end
    elif code.language in _SHELL | _CONSOLE | _PLAIN or _is_mislabelled(text, code):
        lines = list(_lines(text, code.start, code.end))
        if any(_PROMPT.match(text, start, end) for start, end in lines):
            yield from _found(text, lines, _PROMPT)
        elif code.language in _SHELL and code.form == "block":
            yield code.start, code.end
        else:
            yield from _found(text, lines, _COMMAND)


def _is_mislabelled(text: str, code: Code) -> bool:
    """Whether it is commands only, whatever language it is said to be."""
    lines = [text[start:end] for start, end in _lines(text, code.start, code.end)]
    spoken = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return bool(spoken) and all(_COMMAND.match(line) for line in spoken)


def _found(text: str, lines: list[Span], opening: re.Pattern[str]) -> Iterator[Span]:
    """Yield the lines that open like that, each with the lines that continue it."""
    at = 0
    while at < len(lines):
        start, end = lines[at]
        match = opening.match(text, start, end)
        at += 1
        if match is None:
            continue
        while at < len(lines) and text[start:end].rstrip().endswith(("\\", "&&", "|", "^")):
            end = lines[at][1]
            at += 1
        yield (match.start("command") if "command" in match.groupdict() else match.end()), end


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline + 1
        yield start, stop
        start = stop
