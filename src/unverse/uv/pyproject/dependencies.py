"""`[tool.poetry.dependencies]` -> `requires-python` and `dependencies` (PEP 621)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from unverse.poetry.model import Dependency
from unverse.poetry.publishing import publishable
from unverse.standards.names import canonical
from unverse.syntax.toml_text import quote
from unverse.uv.pyproject.arrays import element_lines, strings
from unverse.uv.pyproject.fields import POETRY, Field
from unverse.uv.pyproject.layout import Block, Piece, Reason
from unverse.uv.pyproject.requirement import requirement
from unverse.uv.pyproject.work import Work

TABLE = (*POETRY, "dependencies")
MAIN = (*POETRY, "group", "main", "dependencies")
_PYTHON = Reason("pyproject/requires-python", "uv reads the Python versions from `[project]`")
_LIST = Reason("pyproject/dependencies", "uv reads the dependencies from `[project]`")
_GONE = Reason("pyproject/dependencies", "stands in `[project]` now")


def convert_dependencies(work: Work, keep_table: bool) -> None:
    """Write `requires-python` and `dependencies`; `keep_table` leaves the latter to poetry-core."""
    taken = [*work.take("dependencies"), *work.take("group", "main")]
    python = next((one for one in taken if one.key.lower() == "python"), None)
    _requires_python(work, python)
    if keep_table:
        return
    named = [one for one in taken if one is not python and len(one.path) in {2, 4}]
    if "dependencies" not in work.metadata and needs_list(work):
        text = _array(work, named)
        work.add(("project",), heading(work, TABLE, MAIN) + text, _LIST)
        work.static.add("dependencies")
    for one in taken:
        one.remove(_GONE)
    for block in work.draft.blocks:
        if block.path in {TABLE, MAIN} and block.header:
            block.remove(_GONE)


def needs_list(work: Work) -> bool:
    """Whether main has dependencies of its own that `[project]` does not say yet."""
    return not work.metadata or any(mandatory(d) for d in work.project.dependencies if of_tool(d))


def mandatory(dependency: Dependency) -> bool:
    """Whether `poetry install` takes it without any extra, whatever poetry-core publishes."""
    return not dependency.optional


def keeps_table(work: Work) -> bool:
    """Whether the dependencies must stay Poetry's, since poetry-core would break one of them."""
    if not work.project.package_mode:
        return False
    for dependency in work.project.dependencies:
        if of_tool(dependency) and publishable(dependency.specifier) is None:
            one = next((f for f in work.fields if f.key == dependency.name), None)
            work.note(
                one.start if one else 0,
                "dependencies",
                f"poetry-core would publish `{dependency.name}{dependency.specifier}` as something "
                "invalid: all dependencies stay in `[tool.poetry.dependencies]` (`dynamic`)",
            )
            work.add_dynamic("dependencies")
            if work.project.extras:
                work.add_dynamic("optional-dependencies")
            return True
    return False


def of_tool(dependency: Dependency) -> bool:
    """Whether a dependency stands below `[tool.poetry]`."""
    return dependency.address.table[:2] == POETRY


def matching(one: Field, dependencies: Iterable[Dependency]) -> list[Dependency]:
    """Return the dependencies that a fact states."""
    return [d for d in dependencies if d.name == one.key] or [
        d for d in dependencies if d.key == canonical(one.key)
    ]


def main_requirement(work: Work, dependency: Dependency) -> str:
    """Return the text of a requirement in `[project]`, in a spelling that poetry-core keeps."""
    if work.project.package_mode:
        safe = publishable(dependency.specifier)
        dependency = replace(dependency, specifier=safe or dependency.specifier)
    return requirement(dependency, direct=direct(work))


def direct(work: Work) -> bool:
    """Whether git and url dependencies are published with their address."""
    return work.project.package_mode


def _requires_python(work: Work, python: Field | None) -> None:
    wanted = work.project.requires_python
    if wanted and "requires-python" not in work.metadata:
        above, trailing = "", ""
        if python:
            above = work.lines([p for p in python.above if not p.blank])
            trailing = python.trailing
        text = f"{above}requires-python = {quote(wanted)}{trailing}{work.eol}"
        work.add(("project",), text, _PYTHON)
        work.static.add("requires-python")
    if python:
        _note_narrower(work, python)
        python.remove(_GONE)


def _note_narrower(work: Work, python: Field) -> None:
    static = work.metadata.get("requires-python")
    if static and work.project.python and static.replace(" ", "") != work.project.python:
        if static.replace(" ", "") == work.project.requires_python.replace(" ", ""):
            return
        work.note(
            python.start,
            "requires-python",
            f"Poetry locked for python `{work.project.python}` only, uv locks for all of "
            f"`requires-python = {quote(static)}`",
        )


def _array(work: Work, named: list[Field]) -> str:
    text, main = "", [d for d in work.project.dependencies if of_tool(d) and mandatory(d)]
    for one in named:
        texts = [main_requirement(work, d) for d in matching(one, main)]
        if texts:
            text += element_lines(work, one, strings(texts), opening=not text)
    for block in work.draft.blocks:
        if block.path == TABLE:
            text += work.lines([p for p in block.tail if not p.blank], work.indent)
    inner = f"[{work.eol}{text}]" if text else "[]"
    return f"dependencies = {inner}{work.eol}"


def heading(work: Work, *paths: tuple[str, ...]) -> str:
    """Return the comments above a table's header that go where its rows go."""
    text = ""
    for block in work.draft.blocks:
        if block.path in paths and block.header:
            if block.has_banner and not banner_stays(work, block):
                text += work.lines(_solid(block.banner))
                for piece in _solid(block.banner):
                    piece.removed = _GONE
            text += work.lines(_solid(block.attached))
            text += _header_comment(work, block.header)
    return text


def _solid(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if not piece.blank]


def _header_comment(work: Work, header: Piece) -> str:
    comment = header.text.rpartition("]")[2].strip()
    return comment + work.eol if comment.startswith("#") else ""


def banner_stays(work: Work, block: Block) -> bool:
    """Whether a table of the banner's part of the file stays or appears there."""
    blocks = work.draft.blocks
    number = blocks.index(block)
    for other in blocks[number:]:
        if other is not block and (other.has_banner or not other.header):
            return False
        if survives(work, other):
            return True
    return False


def survives(work: Work, block: Block) -> bool:
    """Whether something of a table stays at its place, or appears there."""
    if block.path[:2] != POETRY:
        return True
    below = block.path[2:]
    if below[:1] in {("group",), ("dev-dependencies",)}:
        first = next(
            (
                b
                for b in work.draft.blocks
                if b.path[2:3] in {("group",), ("dev-dependencies",)} and b.path[:2] == POETRY
            ),
            None,
        )
        return block is first and "dependency-groups" not in work.project.document
    return below[:1] != ("dependencies",)
