"""Edits of edited text, as edits of the text that was there first.

Improvements look at the text that the faithful edits give; what is written, shown and undone is
one set of edits against the bytes in the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from unverse.edits import Edit, splice


@dataclass(slots=True)
class _Cluster:
    """Edits of both layers that touch, and the span of the text between that they cover."""

    start: int
    end: int
    first: dict[int, Edit] = field(default_factory=dict)  # by its number
    second: list[Edit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Placed:
    start: int  # in the text between
    end: int
    edit: Edit

    def touches(self, start: int, end: int) -> bool:
        if self.start == self.end:  # something went here: only who spans the place touches it
            return start < self.start < end
        return start <= self.end and end >= self.start


def compose(between: str, first: Iterable[Edit], second: Iterable[Edit]) -> list[Edit]:
    """Return edits of the original text that do what `first` and then `second` do.

    Args:
        between: the text after `first`.
        first: edits of the original text.
        second: edits of `between`. Where one touches an edit of `first` the two become one, under
            the rule of the second.

    Raises:
        PlanError: edits of one layer overlap.
    """
    placed = list(_placed(first))
    clusters = _clusters(placed, sorted(second, key=lambda e: (e.start, e.end)))
    taken = {number for cluster in clusters for number in cluster.first}
    kept = [item.edit for number, item in enumerate(placed) if number not in taken]
    return sorted(
        (*kept, *(_joined(cluster, between, placed) for cluster in clusters)),
        key=lambda e: (e.start, e.end),
    )


def origin(offset: int, first: Iterable[Edit]) -> int:
    """Return where a character of the edited text was, or was made, in the original one."""
    return _origin(offset, list(_placed(first)))


def _placed(edits: Iterable[Edit]) -> Iterator[_Placed]:
    moved = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        start = edit.start + moved
        yield _Placed(start, start + len(edit.text), edit)
        moved += len(edit.text) - (edit.end - edit.start)


def _clusters(placed: list[_Placed], second: list[Edit]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for edit in second:
        cluster = _Cluster(edit.start, edit.end, second=[edit])
        _gather(cluster, placed)
        if clusters and clusters[-1].first.keys() & cluster.first.keys():
            last = clusters.pop()
            cluster.first |= last.first
            cluster.second = [*last.second, *cluster.second]
            cluster.start = min(last.start, cluster.start)
            cluster.end = max(last.end, cluster.end)
        clusters.append(cluster)
    return clusters


def _gather(cluster: _Cluster, placed: list[_Placed]) -> None:
    """Take in what touches the cluster, and what touches it then."""
    while found := {
        number: item
        for number, item in enumerate(placed)
        if number not in cluster.first and item.touches(cluster.start, cluster.end)
    }:
        for number, item in found.items():
            cluster.first[number] = item.edit
            cluster.start = min(cluster.start, item.start)
            cluster.end = max(cluster.end, item.end)


def _joined(cluster: _Cluster, between: str, placed: list[_Placed]) -> Edit:
    start, end = cluster.start, cluster.end
    moved = (replace(e, start=e.start - start, end=e.end - start) for e in cluster.second)
    text = splice(between[start:end], moved)
    model = cluster.second[0]
    whys = dict.fromkeys(e.why for e in (*cluster.second, *cluster.first.values()))
    before = _origin(start, placed) if start < end else _end_origin(start, placed)
    return replace(
        model, start=before, end=_end_origin(end, placed), text=text, why="; ".join(whys)
    )


def _origin(offset: int, placed: Iterable[_Placed]) -> int:
    """Return the place of the character behind `offset`: after what went there."""
    moved = 0
    for item in placed:
        if item.start <= offset < item.end:
            return item.edit.start
        if item.end <= offset:
            moved = item.end - item.edit.end
    return offset - moved


def _end_origin(offset: int, placed: Iterable[_Placed]) -> int:
    """Return the end of the character before `offset`: before what went there."""
    moved = 0
    for item in placed:
        if item.start < offset <= item.end:
            return item.edit.end
        if item.end < offset:
            moved = item.end - item.edit.end
    return offset - moved
