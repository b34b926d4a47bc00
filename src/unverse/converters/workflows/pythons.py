"""Which Python a job has to tell uv (rule W11).

https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version. The ranges of
setup-python's `python-version` (`3.x`, `~3.11`, `3.13-dev`) mean nothing to uv.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from unverse.syntax.yaml_model import Scalar

_UNDERSTOOD = re.compile(
    r"(?:(?:pypy|graalpy|cpython)-?)?\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?t?"
    r"|(?:[<>]=?|==|~=|!=)\s*\d+(?:\.\d+)*(?:\.\*)?(?:\s*,\s*(?:[<>]=?|==|~=|!=)\s*\d+(?:\.\d+)*)*"
)
_ANY_PATCH = re.compile(r"(\d+(?:\.\d+)?)\.[x*]")
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")

Values = Callable[[str], "tuple[str, ...] | None"]


def understood(spec: str) -> bool:
    """Say whether uv takes a version spec of setup-python for what it means."""
    return bool(_UNDERSTOOD.fullmatch(spec.strip()))


def request(spec: Scalar, raw: str, values: Values) -> str | None:
    """Return the YAML text of the version to tell uv; None if there is none that is sure.

    Args:
        spec: setup-python's `python-version`.
        raw: the same as it is written.
        values: the values that an expression such as `matrix.python` can have, None if unknown.
    """
    value = spec.value.strip()
    expression = EXPRESSION.fullmatch(value)
    if expression:
        known = values(expression[1])
        return raw if known and all(map(understood, known)) else None
    if "${{" in value or "\n" in value or spec.is_block:
        return None
    if understood(value):
        return raw
    patch = _ANY_PATCH.fullmatch(value)
    return f'"{patch[1]}"' if patch else None
