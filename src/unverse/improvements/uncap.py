"""Upper bounds that Poetry's `^` and `~` brought go from what a project publishes.

Groups keep theirs: they are not published, so a cap there is in nobody's way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from unverse.edits import Edit, Note
from unverse.improvements.projects import is_managed, matches, table
from unverse.improvements.uncap_clauses import PYTHON_CAP, cap_of, clause_of, name_of
from unverse.improvements.view import View
from unverse.repo import SourceFile
from unverse.standards.names import canonical
from unverse.syntax.toml import Document, Entry, Kind, Value, loads, scan

__all__ = ["RULE", "WHY", "improve", "matches"]

RULE = "constraints/uncap"
WHY = (
    "a cap that `^` or `~` brought forbids versions that nobody has tried, and who installs the "
    "package beside another cannot lift it; the price: an installation without the lock takes a "
    "new major version on its first day"
)
_WHY_DEPENDENCY = "a cap that `^` or `~` brought, not one that a failure asked for"
_WHY_PYTHON = "a Python that does not exist yet cannot have failed"
_UNPUBLISHED = (
    "`package = false`: nobody else installs this, so its caps are in nobody's way, and they hold "
    "`uv lock --upgrade` to what was tried: they stay"
)


class _Text(NamedTuple):
    """A string of the file whose characters are those of its value."""

    start: int
    value: str


def improve(file: SourceFile, _: View) -> Iterator[Edit | Note]:
    """Relax the caps of `[project]`."""
    document = loads(file.text, file.path)
    if not is_managed(document):
        return
    found = scan(file.text, file.path)
    uv = table(document, "tool", "uv")
    changes = [*_python(file, found), *_dependencies(file, found, _own(uv))]
    edits = [change for change in changes if isinstance(change, Edit)]
    if edits and uv.get("package") is False:
        yield Note(file.path, file.line_at(edits[0].start), f"{RULE}/unpublished", _UNPUBLISHED)
        return
    yield from changes


def _own(uv: Mapping[str, Any]) -> frozenset[str]:
    """Return the names that come from elsewhere than an index: their versions move together."""
    return frozenset(map(canonical, table(uv, "sources")))


def _python(file: SourceFile, found: Document) -> Iterator[Edit]:
    for entry in _entries(found, ("project", "requires-python")):
        for text in _strings(file.text, entry.value):
            if cap := clause_of(text.value, 0, len(text.value), PYTHON_CAP):
                rule = f"{RULE}/python"
                yield Edit(
                    file.path, text.start + cap.start, text.start + cap.end, "", rule, _WHY_PYTHON
                )


def _dependencies(file: SourceFile, found: Document, own: frozenset[str]) -> Iterator[Edit | Note]:
    explained: list[tuple[int, str]] = []
    for values in _lists(found):
        texts = list(_strings(file.text, values))
        names = [name_of(text.value) for text in texts]
        # Several entries for one name divide its versions on purpose.
        kept = own.union(name for name, times in Counter(names).items() if times > 1)
        for text, name in zip(texts, names, strict=True):
            cap = None if name in kept else cap_of(text.value)
            if cap is None:
                continue
            if _explained(file.text, found, text):
                explained.append((file.line_at(text.start), name))
                continue
            start, end = text.start + cap.start, text.start + cap.end
            yield Edit(file.path, start, end, "", f"{RULE}/dependency", _WHY_DEPENDENCY)
    if explained:
        yield _note(file, explained)


def _note(file: SourceFile, explained: list[tuple[int, str]]) -> Note:
    line, *also = dict.fromkeys(line for line, _ in explained)
    message = (
        f"the caps of {_listed(dict.fromkeys(name for _, name in explained))} stay: the comment "
        "beside each may be its reason; take out by hand those that have none"
    )
    return Note(file.path, line, f"{RULE}/explained", message, tuple(also))


def _listed(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _lists(found: Document) -> Iterator[Value]:
    """Yield the arrays of requirements that are published."""
    for entry in _entries(found, ("project", "dependencies")):
        yield entry.value
    extras = ("project", "optional-dependencies")
    for section in found.sections:
        for item in section.items:
            path = (*section.path, *item.entry.key)
            if path == extras:
                yield from (one.value for one in item.entry.value.entries)
            elif path[:2] == extras:
                yield item.entry.value


def _entries(found: Document, path: tuple[str, ...]) -> Iterator[Entry]:
    for section in found.sections:
        for item in section.items:
            if (*section.path, *item.entry.key) == path:
                yield item.entry


def _strings(text: str, value: Value) -> Iterator[_Text]:
    """Yield the string, or those of an array, that hold no escapes."""
    for one in value.items or (value,):
        raw = text[one.start : one.end]
        wide = 3 if raw.startswith(('"""', "'''")) else 1
        inside = raw[wide:-wide]
        if one.kind is Kind.STRING and "\\" not in inside and "\n" not in inside:
            yield _Text(one.start + wide, inside)


def _explained(text: str, found: Document, one: _Text) -> bool:
    """Whether a comment stands on the line of a requirement."""
    end = text.find("\n", one.start)
    end = len(text) if end < 0 else end
    return any(one.start < comment.start <= end for comment in found.comments)
