"""`[[tool.poetry.source]]` -> `[[tool.uv.index]]`, in Poetry's search order.

uv asks its indexes in the order of the file, the `default = true` one (PyPI if there is none)
last, and takes the first that has the package: https://docs.astral.sh/uv/concepts/indexes/.
Poetry takes the best version of all primary sources, then of the supplemental ones:
https://python-poetry.org/docs/repositories/#package-sources.
"""

from __future__ import annotations

import re

from unverse.poetry.model import Priority, Source
from unverse.standards.pypi import SIMPLE
from unverse.syntax.toml_text import quote
from unverse.uv.pyproject.fields import POETRY
from unverse.uv.pyproject.layout import Block, Reason
from unverse.uv.pyproject.requirement import without_credentials
from unverse.uv.pyproject.work import NewTable, Work

INDEX = ("tool", "uv", "index")
_INDEX = Reason("pyproject/indexes", "uv reads package sources from `[[tool.uv.index]]`")
_ORDER = (
    Priority.DEFAULT,
    Priority.PRIMARY,
    Priority.SECONDARY,
    Priority.SUPPLEMENTAL,
)


def is_pypi(source: Source) -> bool:
    """Whether the entry is PyPI itself, which needs no address in Poetry."""
    return source.name.lower() == "pypi"


def index_name(source: Source) -> str:
    """Return a name that uv allows: letters, digits, `-`, `_` and `.`."""
    return "pypi" if is_pypi(source) else re.sub(r"[^A-Za-z0-9._-]+", "-", source.name)


def search_order(work: Work) -> list[Source]:
    """Return the sources that are searched without being asked for, PyPI included, in order."""
    sources = work.project.sources
    listed = [s for s in sources if s.priority is not Priority.EXPLICIT]
    ordered = sorted(listed, key=lambda s: _ORDER.index(s.priority))
    if any(is_pypi(s) for s in sources) or any(s.priority is Priority.DEFAULT for s in sources):
        return ordered
    pypi = Source("pypi", "", Priority.PRIMARY)
    primary = [s for s in ordered if s.priority is Priority.PRIMARY]
    rest = [s for s in ordered if s.priority is not Priority.PRIMARY]
    if not primary:
        return [pypi, *rest]
    return [*primary, *rest] if two(work) else [*primary, pypi, *rest]


def two(work: Work) -> bool:
    """Whether the project is Poetry 2's, where a primary source ousts PyPI."""
    if work.project.poetry_version:
        return work.project.poetry_version >= (2,)
    return bool(work.metadata) or "requires-poetry" in work.project.poetry


def convert_indexes(work: Work) -> None:
    """Write the indexes, in place where the order of the file is Poetry's order."""
    sources = work.project.sources
    for one in work.take("source"):
        one.remove(_INDEX)
    if not sources:
        return
    order = search_order(work)
    wanted = [*order, *(s for s in sources if s not in order)]
    if wanted and order and is_pypi(wanted[len(order) - 1]):
        wanted.remove(order[-1])  # uv asks PyPI last by itself
    blocks = [b for b in work.draft.blocks if b.path == (*POETRY, "source") and b.header]
    by_source = dict(zip(sources, blocks, strict=False)) if len(sources) == len(blocks) else {}
    standing = [s for s in sources if s in wanted]
    in_place = [s for s in wanted if s in sources] == standing
    for source in wanted:
        text = _index(work, source, by_source.get(source), default=_is_default(source, order))
        table = NewTable(INDEX, [(text, _INDEX)], array=True)
        place = by_source.get(source)
        table.at = place if place else _next_place(wanted, source, by_source, blocks)
        if not in_place and blocks:
            table.at = blocks[0]
        table.lead = _lead(work, place)
        work.tables.append(table)
    _notes(work, order)


def _next_place(
    wanted: list[Source], source: Source, by_source: dict[Source, Block], blocks: list[Block]
) -> Block | None:
    """Return the place of the next source that has one, so that the order comes out right."""
    for other in wanted[wanted.index(source) :]:
        if other in by_source:
            return by_source[other]
    return blocks[-1] if blocks else None


def _is_default(source: Source, order: list[Source]) -> bool:
    return bool(order) and source is order[-1] and not is_pypi(source)


def _lead(work: Work, block: Block | None) -> str:
    return work.lines(block.attached) if block else ""


def _index(work: Work, source: Source, block: Block | None, *, default: bool) -> str:
    url, secret = without_credentials(source.url)
    url = SIMPLE if is_pypi(source) else url
    name = index_name(source)
    lines = {"name": quote(name), "url": quote(url)}
    if source.priority is Priority.EXPLICIT:
        lines["explicit"] = "true"
    elif default:
        lines["default"] = "true"
    if secret:
        _note_secret(work, name, block)
    return _rows(work, block, lines)


def _rows(work: Work, block: Block | None, lines: dict[str, str]) -> str:
    """Return the rows in the author's order, with the comments; new ones at the end."""
    text, left = "", dict(lines)
    for row in block.rows if block else ():
        name = ".".join(row.item.entry.key)
        text += work.lines([p for p in row.above if not p.blank])
        if name in left:
            head = row.line.text[: row.value.start - row.line.start].lstrip()
            text += f"{head}{left.pop(name)}{row.trailing}{work.eol}"
        elif name == "priority" or name in {"default", "secondary"}:
            flag = next((n for n in ("explicit", "default") if n in left), "")
            if flag:
                text += f"{flag} = {left.pop(flag)}{row.trailing}{work.eol}"
            elif row.trailing:
                text += f"{row.trailing.strip()}{work.eol}"
    text += "".join(f"{name} = {value}{work.eol}" for name, value in left.items())
    return text + (work.lines([p for p in block.tail if not p.blank]) if block else "")


def _note_secret(work: Work, name: str, block: Block | None) -> None:
    stem = re.sub(r"[^A-Za-z0-9]", "_", name).upper()
    work.note(
        block.rows[0].line.start if block and block.rows else 0,
        "indexes",
        f"the address of `{name}` holds credentials: set `UV_INDEX_{stem}_USERNAME` and "
        f"`UV_INDEX_{stem}_PASSWORD` instead, and revoke these",
    )


def _notes(work: Work, order: list[Source]) -> None:
    first = next((b for b in work.draft.blocks if b.path == (*POETRY, "source")), None)
    at = first.header.start if first and first.header else 0
    primary = [s for s in order if s.priority in {Priority.PRIMARY, Priority.DEFAULT}]
    if len(primary) > 1:
        names = ", ".join(f"`{index_name(s)}`" for s in primary)
        work.note(
            at,
            "indexes",
            f"Poetry took the best version of {names}; uv takes the first of them that has the "
            "package (`index-strategy` can change it)",
        )
    implicit = any(is_pypi(s) and s not in work.project.sources for s in order)
    if implicit and len(primary) > 1:
        work.note(
            at,
            "indexes",
            "PyPI is asked last, as Poetry before 2.0 did; if it must not be asked, add "
            "`default = true` to the last index",
        )
