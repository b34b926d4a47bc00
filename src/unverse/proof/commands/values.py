"""What the words of an image's commands are, as far as ENV and the defaults of ARG say it.

Nothing is executed: variables, and `$(echo "…" | sed -E '…')`, which makes options of a list.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from unverse.syntax.shell import Command, Word

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_SED = re.compile(r"\$\(echo \"(?P<text>[^\"`\\]*)\" \| sed -E '(?P<rules>[^']*)'\)")
_RULE = re.compile(r"\s*s/((?:[^/\\]|\\.)*)/((?:[^/\\]|\\.)*)/(g?)\s*")


def filled(command: Command, environment: Mapping[str, str]) -> Command:
    """Return a command with the words in place that are known."""
    words: list[Word] = []
    rest = command.rest
    for at, word in enumerate(command.words):
        made = list(_words(word, environment)) if at >= command.rest else [word]
        words += made
        rest += len(made) - 1 if at < command.rest else 0
    return command._replace(words=tuple(words), rest=rest)


def _words(word: Word, environment: Mapping[str, str]) -> Iterator[Word]:
    if word.value is not None:
        yield word
        return
    if match := _SED.fullmatch(word.text):
        text = _text(match["text"], environment)
        edited = _sed(text, match["rules"]) if text is not None else None
        split = True
    else:
        bare = word.text.strip('"')
        plain = _VARIABLE.sub("", bare)
        edited = None if re.search(r"[$`\"'\\]", plain) else _text(bare, environment)
        split = not word.text.startswith('"')
    if edited is None:
        yield word
        return
    for value in edited.split() if split else [edited]:
        yield Word(word.start, word.end, shlex.quote(value))


def _text(text: str, environment: Mapping[str, str]) -> str | None:
    """Put the values of variables in; None if one is not known."""
    values = [environment.get(m[1] or m[2]) for m in _VARIABLE.finditer(text)]
    if any(value is None or "$" in value for value in values):
        return None
    return _VARIABLE.sub(lambda m: environment[m[1] or m[2]], text)


def _sed(text: str, rules: str) -> str | None:
    for rule in rules.split(";"):
        match = _RULE.fullmatch(rule)
        if match is None:
            return None
        text = re.sub(match[1], match[2], text, count=0 if match[3] else 1)
    return text
