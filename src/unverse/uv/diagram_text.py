"""The text of a decision diagram: a disjunction of conjunctions, as uv spells and orders it.

The rules are those of `marker/simplify.rs` in uv's crate `uv-pep508`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

Question = tuple[Any, tuple[Any, ...], tuple[int, ...]]
Term = tuple[str, str, str]  # variable, operator, value
Clause = tuple[Term, ...]
Range = tuple[Any, Any]  # the cuts at both ends, None for none

_OPPOSITE = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
    "contains": "not contains",
    "not contains": "contains",
}
_ORDER = (
    "implementation_version",
    "python_full_version",
    "implementation_name",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "sys_platform",
    "extra",
)


def text_of(number: int, question: Callable[[int], Question]) -> str:
    """Write a diagram; `question` tells what it asks and the diagrams that follow."""
    if number == 0:
        raise ValueError("a marker that never holds cannot be written")
    return _factored(_clauses(number, question))


def rank_of(
    number: int, question: Callable[[int], Question]
) -> tuple[tuple[tuple[int, str, str], ...], ...]:
    """Return a diagram as something to sort by: its terms in uv's order."""
    clauses = _clauses(number, question)
    return tuple(tuple((_kind(term), term[1], term[2]) for term in clause) for clause in clauses)


def _clauses(number: int, question: Callable[[int], Question]) -> list[Clause]:
    clauses = _without_idle_clauses(_without_idle_terms(list(_paths(number, question, ()))))
    ordered = [tuple(sorted(clause, key=_kind)) for clause in clauses]
    return sorted(ordered, key=lambda clause: [_kind(term) for term in clause])


def _factored(clauses: list[Clause]) -> str:
    """Write what neighbouring clauses share, first or last, once."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        if groups and _share(groups[-1], clause):
            groups[-1].append(clause)
        else:
            groups.append([clause])
    if len(groups) == len(clauses):
        return _plain(clauses)
    return " or ".join(_shared(group) if len(group) > 1 else _all(group[0]) for group in groups)


def _share(group: list[Clause], clause: Clause) -> bool:
    if len(clause) < 2:
        return False
    heads = len({one[0] for one in (*group, clause)}) == 1
    return heads or len({one[1:] for one in (*group, clause)}) == 1


def _shared(group: list[Clause]) -> str:
    common = 0
    while all(len(one) > common and one[common] == group[0][common] for one in group):
        common += 1
    if common:
        return f"{_all(group[0][:common])} and ({_plain([one[common:] for one in group])})"
    return f"({_plain([one[:1] for one in group])}) and {_all(group[0][1:])}"


def _plain(clauses: list[Clause]) -> str:
    if len(clauses) == 1:
        return _all(clauses[0])
    return " or ".join(f"({_all(one)})" if len(one) > 1 else _all(one) for one in clauses)


def _all(clause: Clause) -> str:
    return " and ".join(map(_term, clause))


def _kind(term: Term) -> int:
    return _ORDER.index(term[0])


def _term(term: Term) -> str:
    variable, operator, value = term
    if operator.endswith("contains"):
        return f"'{value}' {operator.replace('contains', 'in')} {variable}"
    return f"{variable} {operator} '{value}'"


def _paths(number: int, question: Callable[[int], Question], path: Clause) -> Iterator[Clause]:
    if number <= 1:
        if number:
            yield path
        return
    variable, cuts, children = question(number)
    ends = (None, *cuts, None)
    ranges: dict[int, list[Range]] = {}
    for child, start, end in zip(children, ends, ends[1:], strict=False):
        ranges.setdefault(child, []).append((start, end))
    for child, where in ranges.items():
        for terms in _alternatives(variable, where):
            yield from _paths(child, question, path + terms)


def _alternatives(variable: Any, where: list[Range]) -> Iterator[Clause]:
    """Yield the conjunctions of terms that together say that a variable is in some ranges."""
    kind, name = variable[0], variable[2]
    if kind == 4:
        yield (("extra", "==" if where[0][0] is None else "!=", name),)
    elif kind in {2, 3}:
        operator = "in" if kind == 2 else "contains"
        yes = where[0][0] is None
        yield ((name, operator if yes else f"not {operator}", variable[3]),)
    elif excluded := _excluded(where):
        yield tuple((name, "!=", _value(value)) for value in excluded)
    elif kind == 0 and (star := _all_but_minor(where)):
        yield ((name, "!=", star),)
    else:
        for start, end in where:
            yield tuple((name, *pair) for pair in _bounds(kind, start, end))


def _excluded(where: list[Range]) -> list[Any]:
    """Return the single values that lie between ranges which cover all the rest."""
    if where[0][0] is not None or where[-1][1] is not None:
        return []
    gaps = [(before[1], after[0]) for before, after in pairwise(where)]
    return [a[0] for a, _ in gaps] if all(_single(a, b) for a, b in gaps) else []


def _single(start: Any, end: Any) -> bool:
    return bool(start and end and start[0] == end[0])


def _all_but_minor(where: list[Range]) -> str:
    if len(where) != 2 or where[0][0] is not None or where[1][1] is not None:
        return ""
    return _minor(where[0][1], where[1][0])


def _minor(start: Any, end: Any) -> str:
    """Return `3.9.*` for what lies between 3.9 and 3.10."""
    if start is None or end is None or start[1] or end[1] or len(start[0]) > 2:
        return ""
    major, minor = (*start[0], 0)[:2]
    return f"{major}.{minor}.*" if end[0] == (major, minor + 1) else ""


def _bounds(kind: int, start: Any, end: Any) -> Iterator[tuple[str, str]]:
    if _single(start, end):
        yield "==", _value(start[0])
    elif kind == 0 and (star := _minor(start, end)):
        yield "==", star
    else:
        if start is not None:
            yield (">" if start[1] else ">="), _value(start[0])
        if end is not None:
            yield ("<=" if end[1] else "<"), _value(end[0])


def _value(value: Any) -> str:
    return value if isinstance(value, str) else ".".join(map(str, value))


def _opposed(one: Term, other: Term) -> bool:
    return one[0] == other[0] and one[2] == other[2] and _OPPOSITE[one[1]] == other[1]


def _without_idle_terms(clauses: list[Clause]) -> list[Clause]:
    """Turn `A or (not A and B)` into `A or B`."""
    for position, clause in enumerate(clauses):
        others = clauses[:position] + clauses[position + 1 :]
        idle: set[Term] = set()
        for skipped in clause:
            left = set(clause) - idle
            if any(_covers(other, skipped, left) for other in others):
                idle.add(skipped)
        clauses[position] = tuple(term for term in clause if term not in idle)
    return clauses


def _covers(other: Clause, skipped: Term, left: set[Term]) -> bool:
    return all(term != skipped and (_opposed(term, skipped) or term in left) for term in other)


def _without_idle_clauses(clauses: list[Clause]) -> list[Clause]:
    """Leave out what another clause says more shortly."""
    idle: set[int] = set()
    for position, clause in enumerate(clauses):
        for index, other in enumerate(clauses):
            if index != position and index not in idle and set(other) <= set(clause):
                idle.add(position)
                break
    return [clause for position, clause in enumerate(clauses) if position not in idle]
