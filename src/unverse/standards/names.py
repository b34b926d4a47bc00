"""Names of distributions, extras and groups."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.]+")


def canonical(name: str) -> str:
    """Return the normalised form, under which names are compared (PEP 503, PEP 685, PEP 735)."""
    return _SEPARATORS.sub("-", name).lower()
