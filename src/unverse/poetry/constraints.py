"""Poetry's version constraints as PEP 440 specifier sets.

The grammar is poetry-core's (`constraints/version/parser.py`) and
https://python-poetry.org/docs/dependency-specification/.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from unverse.errors import ConstraintError
from unverse.poetry import ranges
from unverse.poetry.ranges import ANY, Range, Ranges
from unverse.poetry.specifiers import Specifier, from_ranges, joined
from unverse.poetry.versions import MAX_LENGTH, PATTERN, Version, from_match

_ANY = re.compile(r"v?[x*](\.[x*])*", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"(?P<op>~=|==|!=|<>|>=|<=|[\^~=<>])?\s*(?:v?{PATTERN}(?P<wild>(?:\.\*)+)?|dev)",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*\|\|?\s*")
_AND = re.compile(r" +(?:, *)?|, *")
# White space between an operator and its version is not an "and".
_AFTER_OPERATOR = re.compile(r"(?<=[\^~=<>])\s+")


class Clause(NamedTuple):
    """One comparison; `operator` is one of `^ ~ ~= == != < <= > >=`."""

    operator: str
    version: Version
    wildcard: bool = False

    @property
    def specifier(self) -> str:
        """The PEP 440 spelling; bounds are written as poetry-core publishes them."""
        text, public = self.version.text, self.version.public().text
        if self.operator in {"^", "~"} or (self.operator == "~=" and self.version.precision == 1):
            return f">={public},<{_ceiling(self).text}"
        if self.operator in {"==", "!="}:
            return f"{self.operator}{text}{'.*' if self.wildcard else ''}"
        return f"{self.operator}{public}"

    @property
    def exact(self) -> bool:
        """Whether `specifier` says it all: an ordered comparison cannot name a local version."""
        return not self.version.local or self.operator in {"==", "!="}


class Constraint(NamedTuple):
    """A parsed constraint: any of `alternatives`, each of which is all of its clauses.

    A clause that allows everything (`*`) is left out.
    """

    text: str
    alternatives: tuple[tuple[Clause, ...], ...]

    @property
    def ranges(self) -> Ranges:
        """The versions that it allows."""
        if len(self.alternatives) == 1:
            return _all_of(self.alternatives[0])
        return ranges.unite(*(_all_of(clauses) for clauses in self.alternatives))


def to_specifier(text: str) -> str:
    """Return the PEP 440 specifier set of a Poetry constraint; empty for any version.

    Raises:
        ConstraintError: the text is no constraint, or no version satisfies it.
    """
    return translate(text).text


@cache
def translate(text: str) -> Specifier:
    """Return the specifier set of a constraint, and whether it is exact.

    What PEP 440 cannot say is widened: a gap without a finite list of wildcards
    (`~1.2 || ^3`), an ordered comparison with a local version (`^2.4.0+cu118`).

    Raises:
        ConstraintError: the text is no constraint, or no version satisfies it.
    """
    constraint = parse_constraint(text)
    if len(constraint.alternatives) > 1:
        specifier = from_ranges(constraint.ranges)
    else:
        clauses = constraint.alternatives[0]
        specifier = Specifier(joined(c.specifier for c in clauses))
    exact = all(c.exact for clauses in constraint.alternatives for c in clauses)
    return Specifier(specifier.text, specifier.exact and exact)


@cache
def parse_constraint(text: str) -> Constraint:
    """Parse a Poetry constraint.

    Raises:
        ConstraintError: the text is no constraint, or no version satisfies it.
    """
    parts = _OR.split(text.strip())
    constraint = Constraint(text, tuple(_alternative(text, part) for part in parts))
    if not constraint.ranges:
        raise ConstraintError(f"no version satisfies the constraint `{text}`")
    return constraint


def _alternative(text: str, part: str) -> tuple[Clause, ...]:
    part = _AFTER_OPERATOR.sub("", part.rstrip(", "))
    clauses = (_clause(text, item) for item in _AND.split(part))
    return tuple(clause for clause in clauses if clause is not None)


def _clause(text: str, item: str) -> Clause | None:
    if _ANY.fullmatch(item):
        return None
    match = _CLAUSE.fullmatch(item) if len(item) <= MAX_LENGTH else None
    if match is None:
        raise _unreadable(text)
    operator = match["op"] or "=="
    wildcard = bool(match["wild"])
    # poetry-core reads `dev` as 0.0-dev, `<>` as equality, and ignores the wildcard of `>=3.5.*`.
    version = from_match(match) if match["release"] else Version((0, 0), dev=0)
    if wildcard and (operator in {"^", "~", "~="} or version != version.bare()):
        raise _unreadable(text)
    operator = {"=": "==", "<>": "=="}.get(operator, operator)
    return Clause(operator, version, wildcard and operator in {"==", "!="})


def _unreadable(text: str) -> ConstraintError:
    hint = "write it as Poetry's documentation on dependency specification says"
    if not text.strip():  # any version to poetry-core up to 1.1, an error to 1.9 and 2
        hint = 'write `"*"` for any version: Poetry refuses an empty constraint, too'
    return ConstraintError(f"cannot read the version constraint `{text}`", hint=hint)


def _all_of(clauses: tuple[Clause, ...]) -> Ranges:
    allowed = ANY
    for clause in clauses:
        allowed = ranges.intersect(allowed, clause_ranges(clause))
    return allowed


def clause_ranges(clause: Clause) -> Ranges:
    """Return the versions that one clause allows."""
    version = clause.version.public()
    match clause.operator:
        case "^" | "~" | "~=":
            return (Range(version, _ceiling(clause).first_dev(), low_included=True),)
        case "==" if clause.wildcard:
            end = version.bumped(version.precision - 1).first_dev()
            return (Range(version.first_dev(), end, low_included=True),)
        case "!=" if clause.wildcard:
            end = version.bumped(version.precision - 1).first_dev()
            return (Range(high=version.first_dev()), Range(low=end, low_included=True))
        case "==":
            return (Range(version, version, low_included=True, high_included=True),)
        case "!=":
            return (Range(high=version), Range(low=version))
        case "<":
            return (Range(high=version.first_dev() if version.is_final else version),)
        case "<=":
            return (Range(high=version, high_included=True),)
        case ">":
            return (Range(low=version),)
        case _:
            return (Range(low=version, low_included=True),)


def _ceiling(clause: Clause) -> Version:
    """Return the version below which `^`, `~` and `~=` stay."""
    release, version = clause.version.release, clause.version
    if clause.operator == "~":
        return version.bumped(min(len(release), 2) - 1)
    if clause.operator == "~=":
        return version.bumped(max(len(release) - 2, 0))
    leading_zeros = next((i for i, part in enumerate(release[:2]) if part), len(release[:2]))
    return version.bumped(min(leading_zeros, len(release) - 1))
