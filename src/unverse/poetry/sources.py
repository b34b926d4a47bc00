"""Package sources (`[[tool.poetry.source]]`)."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.poetry.model import Address, Priority, Source
from unverse.poetry.shape import File, Table, shown
from unverse.standards.names import canonical

PYPI = "pypi"


def read_sources(poetry: Table) -> tuple[Source, ...]:
    """Read the package sources in the author's order.

    Raises:
        ConfigurationError: a wrong type, an unknown priority, a missing or superfluous `url`, or
            one name twice.
    """
    sources = tuple(_read(poetry.file, *pair) for pair in _tables(poetry))
    seen: set[str] = set()
    for source in sources:
        if source.name.lower() in seen:
            poetry.file.fail(f"the package source `{source.name}` is there twice", source.address)
        seen.add(source.name.lower())
    return sources


def check_indexes(file: File, sources: tuple[Source, ...], named: dict[str, Address]) -> None:
    """Refuse a `source = "…"` that no package source has.

    Raises:
        ConfigurationError: there is one.
    """
    known = {source.name.lower() for source in sources} | {PYPI}
    for name, address in named.items():
        if name.lower() not in known:
            file.fail(f"there is no package source `{name}`", address)


def _tables(poetry: Table) -> Iterator[tuple[dict[str, object], Address]]:
    for index, item in enumerate(poetry.array("source")):
        address = Address((*poetry.address.table, "source"), "", index)
        if not isinstance(item, dict):
            poetry.fail("source", f"a package source is `{shown(item)}`, not a table")
        yield item, address


def _read(file: File, values: dict[str, object], address: Address) -> Source:
    table = Table(file, values, address)
    name, url = table.text("name"), table.text("url")
    if not name:
        table.fail("name", "a package source has no `name`")
    if canonical(name) == PYPI and url:
        table.fail("url", "Poetry accepts no `url` for PyPI")
    if canonical(name) != PYPI and not url:
        table.fail("name", f"the package source `{name}` has no `url`")
    return Source(name, url, _priority(table), address)


def _priority(table: Table) -> Priority:
    written = table.text("priority").lower()
    if written:
        if written not in set(Priority):
            table.fail("priority", f"`{written}` is no priority of a package source")
        return Priority(written)
    if table.flag("default"):
        return Priority.DEFAULT
    return Priority.SECONDARY if table.flag("secondary") else Priority.PRIMARY
