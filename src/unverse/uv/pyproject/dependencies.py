"""`[tool.poetry.dependencies]` -> `requires-python` and `dependencies` (PEP 621)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from unverse.poetry.model import Dependency, Path, Project
from unverse.poetry.publishing import publishable
from unverse.poetry.pythons import to_requires_python
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
    empty = (one for one in taken if len(one.path) == 1)  # `dependencies = {}`
    for one in (*named, *empty):
        one.remove(_GONE)
    for block in work.draft.blocks:
        emptied = block.header and all(row.line.removed for row in block.rows)
        if block.path in {TABLE, MAIN} and emptied:
            block.remove(_GONE)


def needs_list(work: Work) -> bool:
    """Whether main has dependencies of its own that `[project]` does not say yet."""
    return not work.metadata or any(
        work.project.is_mandatory(d) for d in work.project.dependencies if of_tool(d)
    )


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


def main_requirement(project: Project, dependency: Dependency) -> str:
    """Return the text of a requirement in `[project]`, in a spelling that poetry-core keeps."""
    if project.package_mode:
        safe = publishable(dependency.specifier)
        dependency = replace(dependency, specifier=safe or dependency.specifier)
    return requirement(dependency, direct=project.package_mode)


def _requires_python(work: Work, python: Field | None) -> None:
    wanted = work.project.requires_python
    if wanted and "requires-python" not in work.metadata:
        above, trailing = "", ""
        if python:
            above = "" if _heads_list(python) else work.lines(_solid(python.above))
            trailing = python.trailing
        text = f"{above}requires-python = {quote(wanted)}{trailing}{work.eol}"
        work.add(("project",), text, _PYTHON)
        work.static.add("requires-python")
    if not wanted and not work.metadata.get("requires-python"):
        work.note(
            0,
            "requires-python",
            "the project says no Python version: uv takes the running one as the lowest, "
            "add `requires-python`",
        )
    if python and not (_narrower(work, python) and "classifiers" not in work.metadata):
        python.remove(_GONE)  # else poetry-core derives the published classifiers from it


def _heads_list(python: Field) -> bool:
    """Whether the comment above `python` is about all dependencies, of which it is the first.

    So it is if the next one follows right below and the comment does not name Python.
    """
    rows = python.block.rows
    if python.inline or len(rows) < 2 or rows[0] is not python.rows[0] or rows[1].above:
        return False
    return not any("python" in piece.text.lower() for piece in python.above)


def _narrower(work: Work, python: Field) -> bool:
    """Whether Poetry locks for fewer Pythons than `[project]` promises."""
    static = work.metadata.get("requires-python")
    if not static:
        return False
    wanted = work.value(python)
    if isinstance(wanted, str) and _clauses(to_requires_python(wanted).text) != _clauses(static):
        work.note(
            python.start,
            "requires-python",
            f"Poetry locked for python `{wanted}` only, uv locks for all of "
            f"`requires-python = {quote(static)}`",
        )
        return True
    return False


def _clauses(specifier: str) -> set[str]:
    return {clause.strip().replace(" ", "") for clause in specifier.split(",")}


def _array(work: Work, named: list[Field]) -> str:
    python = next((f for f in work.fields if f.path == ("dependencies", "python")), None)
    text = ""
    if python and _heads_list(python):
        text = work.lines(_solid(python.above), work.indent)
    main = [d for d in work.project.dependencies if of_tool(d) and work.project.is_mandatory(d)]
    for one in named:
        found = matching(one, main)
        _note_path(work, one, found)
        texts = [main_requirement(work.project, d) for d in found]
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
                text += work.eol + work.lines(_solid(block.banner))
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


def _note_path(work: Work, one: Field, found: list[Dependency]) -> None:
    if work.project.package_mode and any(isinstance(d.location, Path) for d in found):
        work.note(
            one.start,
            "dependencies",
            f"Poetry published `{one.key}` with the absolute path of the machine that built it; "
            "it is published by its name now",
        )


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
