"""Which unit, and which step, stands for which on the other side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from unverse.proof.commands.reading import Read
from unverse.proof.commands.unit import Kind, Unit

Pair = tuple[Read | None, Read | None]


def unit_pairs(before: Sequence[Unit], after: Sequence[Unit]) -> Iterator[tuple[Unit, Unit | None]]:
    """Yield every unit of the tree before with the one that stands for it.

    That is the one of the same name in the same file; else of the same name in a file with
    another name; else, among those that nobody claims, one of the same file and kind.
    """
    exact = {(unit.path, unit.name): unit for unit in after}
    taken = {(unit.path, unit.name) for unit in before} & exact.keys()
    free = [unit for unit in after if (unit.path, unit.name) not in taken]
    paths = {unit.path for unit in after}
    for unit in before:
        found = exact.get((unit.path, unit.name))
        if found is None:
            found = _closest(unit, free, renamed=unit.path not in paths)
            if found:
                free.remove(found)
        yield unit, found


def _closest(unit: Unit, free: list[Unit], *, renamed: bool) -> Unit | None:
    same = [other for other in free if other.kind is unit.kind]
    if renamed:
        return next((other for other in same if other.name == unit.name), None)
    mine = [other for other in same if other.path == unit.path]
    if unit.kind is Kind.HOOK:
        mine = [o for o in mine if bool(o.steps[0].action) == bool(unit.steps[0].action)]
    return max(mine, key=lambda other: _likeness(unit, other), default=None)


def _likeness(one: Unit, other: Unit) -> float:
    texts = ["\n".join(step.text for step in unit.steps) for unit in (one, other)]
    return SequenceMatcher(None, texts[0], texts[1], autojunk=False).quick_ratio()


def step_pairs(before: Sequence[Read], after: Sequence[Read]) -> list[Pair]:
    """Return the steps of both in their order, those that stand for each other together."""
    found: list[Pair] = []
    for some, others in _matched(before, after, _exactly):
        if len(some) == len(others) and all(map(_is_same, some, others)):
            found += zip(some, others, strict=True)
            continue
        for few, rest in _matched(some, others, lambda read: read.key):
            if [read.key for read in few] == [read.key for read in rest]:
                found += zip(few, rest, strict=True)
            else:
                found += _loosely(few, rest)
    return found


def _matched(
    before: Sequence[Read], after: Sequence[Read], key: Callable[[Read], tuple[str, ...]]
) -> Iterator[tuple[Sequence[Read], Sequence[Read]]]:
    """Yield stretches of both: those with equal keys, and what is between them."""
    matcher = SequenceMatcher(None, [*map(key, before)], [*map(key, after)], autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        yield before[i:j], after[k:m]


def _exactly(read: Read) -> tuple[str, ...]:
    return (*read.key, *read.meaning.words)


def _is_same(one: Read, other: Read) -> bool:
    return _exactly(one) == _exactly(other)


def _loosely(before: Sequence[Read], after: Sequence[Read]) -> Iterator[Pair]:
    """Pair what is of one sort, in order; the rest vanished or appeared."""
    left = list(after)
    for read in before:
        kind = read.key[0]
        other = next((o for o in left if o.key[0] == kind and kind != "run"), None)
        while other and left[0] is not other:
            yield None, left.pop(0)
        if other:
            left.pop(0)
        yield read, other
    for rest in left:
        yield None, rest
