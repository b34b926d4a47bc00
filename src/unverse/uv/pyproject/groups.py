"""Dependency groups -> `[dependency-groups]` (PEP 735) and uv's `default-groups`."""

from __future__ import annotations

from unverse.poetry.model import Group
from unverse.standards.names import canonical
from unverse.syntax.toml import Key
from unverse.syntax.toml_text import array, inline_table, key, quote
from unverse.uv.pyproject.arrays import element_lines, strings
from unverse.uv.pyproject.dependencies import heading, matching, of_tool
from unverse.uv.pyproject.fields import POETRY, Field
from unverse.uv.pyproject.layout import Block, Reason
from unverse.uv.pyproject.requirement import requirement
from unverse.uv.pyproject.sources import carried_names
from unverse.uv.pyproject.work import Work

_GROUPS = Reason("pyproject/groups", "uv reads groups from `[dependency-groups]` (PEP 735)")
_GONE = Reason("pyproject/groups", "stands in `[dependency-groups]` now")
_DEFAULT = Reason(
    "pyproject/default-groups",
    "`poetry install` takes every group that is not optional, uv only `default-groups`",
)
LEGACY = "dev-dependencies"


def convert_groups(work: Work) -> None:
    """Write one array per group, in the author's order, and the exact default groups."""
    taken = [*work.take("group"), *work.take(LEGACY)]
    blocks = [b for b in work.draft.blocks if b.header and _is_group(b.path)]
    standing = {canonical(name) for name in work.project.document.get("dependency-groups", {})}
    first = True
    for group in work.project.groups:
        own = [one for one in taken if _owner(one.path) == canonical(group.name)]
        if canonical(group.name) in standing:
            _note_mixed(work, group, own)
            continue
        text = _group(work, group, own, first)
        work.add(("dependency-groups",), text, _GROUPS, at=blocks[0] if blocks else None)
        first = False
    for one in taken:
        one.remove(_GONE)
    for block in blocks:
        block.remove(_GONE)
    _default_groups(work)


def _is_group(path: Key) -> bool:
    return path[:2] == POETRY and path[2:3] in {("group",), (LEGACY,)}


def _owner(path: Key) -> str:
    return "dev" if path[0] == LEGACY else canonical(path[1]) if len(path) > 1 else ""


def _group(work: Work, group: Group, own: list[Field], first: bool) -> str:
    head = _heading(work, group)
    body = "".join(_settings_comments(work, one) for one in own if not _is_dependency(one.path))
    include = [inline_table({"include-group": name}) for name in group.includes]
    body += "".join(f"{work.indent}{text},{work.eol}" for text in include)
    for one in own:
        if _is_dependency(one.path):
            body += _dependency(work, group, one, opening=not body)
    body += _tails(work, group)
    gap = work.eol if head and not first else ""
    inner = f"[{work.eol}{body}]" if body else "[]"
    return f"{gap}{head}{key(group.name)} = {inner}{work.eol}"


def _heading(work: Work, group: Group) -> str:
    return heading(work, *(b.path for b in _own_blocks(work, group)))


def _own_blocks(work: Work, group: Group) -> list[Block]:
    """Return the tables about a group, apart from those of single dependencies."""
    blocks = (b for b in work.draft.blocks if b.header and _is_group(b.path))
    return [
        b
        for b in blocks
        if _owner(b.path[2:]) == canonical(group.name) and not _is_dependency(b.path[2:])
    ]


def _tails(work: Work, group: Group) -> str:
    tails = [p for b in _own_blocks(work, group) for p in b.tail if not p.blank]
    return work.lines(tails, work.indent)


def _is_dependency(path: Key) -> bool:
    return len(path) == 4 if path[0] == "group" else len(path) == 2


def _settings_comments(work: Work, one: Field) -> str:
    """Keep the comments at `optional` and `include-groups`."""
    text = work.lines([p for p in one.above if not p.blank], work.indent)
    comment = one.trailing.strip()
    return f"{text}{work.indent}{comment}{work.eol}" if comment else text


def _dependency(work: Work, group: Group, one: Field, *, opening: bool) -> str:
    stated = [d for d in group.dependencies if d.address.table == _table(one)] or group.dependencies
    found = matching(one, stated)
    if not found:
        return ""  # `python`, which the reader has noted
    carried = carried_names(work)
    texts = [requirement(d, direct=d.key in carried) for d in found]
    return element_lines(work, one, strings(texts), opening=opening)


def _table(one: Field) -> Key:
    return (*POETRY, *one.path[:-1])


def _note_mixed(work: Work, group: Group, own: list[Field]) -> None:
    if own and any(of_tool(d) for d in group.dependencies):
        work.note(
            own[0].start,
            "groups",
            f"group `{group.name}` stands in `[dependency-groups]` too: add its dependencies there",
        )


def _default_groups(work: Work) -> None:
    """Poetry installs all groups but the optional ones; uv's own default is `["dev"]`.

    With an optional group it is always written: nothing else tells that the group is one.
    """
    names = {group.name for group in work.project.groups}
    default = list(work.project.default_groups)
    effective = [name for name in ("dev",) if name in {canonical(n) for n in names}]
    optional = any(group.optional for group in work.project.groups)
    if [canonical(name) for name in default] == effective and not optional:
        return
    if "default-groups" in work.project.document.get("tool", {}).get("uv", {}):
        return
    line = f"default-groups = {array(map(quote, default))}{work.eol}"
    work.add(("tool", "uv"), line, _DEFAULT)
