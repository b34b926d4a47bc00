"""`[tool.poetry.extras]` -> `[project.optional-dependencies]`."""

from __future__ import annotations

import re

from unverse.edits import Note
from unverse.poetry.model import Dependency
from unverse.standards.names import canonical
from unverse.syntax.toml_text import array, quote
from unverse.uv.pyproject.arrays import comment_behind, element_before, element_lines
from unverse.uv.pyproject.dependencies import main_requirement, matching
from unverse.uv.pyproject.fields import POETRY, Field
from unverse.uv.pyproject.layout import Reason
from unverse.uv.pyproject.work import Work, array_indent, parse_value

TABLE = ("project", "optional-dependencies")
_EXTRAS = Reason("pyproject/extras", "uv reads extras from `[project.optional-dependencies]`")
_DEAD = Reason("pyproject/extras", "Poetry ignores it where `[project]` has dependencies")
_WIDTH = 100


def convert_extras(work: Work, keep_table: bool) -> None:
    """Write each extra with the requirements that it names."""
    taken = list(work.take("extras"))
    block = work.draft.find((*POETRY, "extras"))
    if keep_table:
        return
    dead = "dependencies" in work.metadata or "optional-dependencies" in work.metadata
    if block and not dead:
        work.rename(block, TABLE, _EXTRAS)
    elif block:
        block.remove(_DEAD)
    told: set[str] = set()
    for one in taken:
        if dead or len(one.path) < 2:
            one.remove(_DEAD if dead else _EXTRAS)
        else:
            work.static.add("optional-dependencies")
            work.put(one, TABLE, _extra(work, one, told), _EXTRAS)
    if not dead:
        _note_odd(work)


def _extra(work: Work, one: Field, told: set[str]) -> str:
    """Return the lines of one extra; a dependency's comments go with the first mention."""
    name = one.key
    names = parse_value(one.text) if one.text else []
    groups = [_requirements(work, one, names, number) for number in range(len(names))]
    unnamed = _unnamed(work, name, names)
    groups += [unnamed] if unnamed else []
    rich = any(_has_comments(work, d) and d.key not in told for g in groups for d in g)
    inner = bool(one.value and work.comments_in(one.value))
    texts = [quote(main_requirement(work.project, d)) for g in groups for d in g]
    line = f"{one.head}{array(texts)}"
    multi = one.value is not None and "\n" in one.text
    if not (rich or inner or multi) and len(line) <= _WIDTH:
        return f"{line}{one.trailing}{work.eol}"
    indent = array_indent(work.file.text, one.value) if one.value else ""
    body = _body(work, one, groups, told)
    if indent:
        body = re.sub(rf"(?m)^{work.indent}", indent, body)
    if not body:
        return f"{one.head}[]{one.trailing}{work.eol}"
    return f"{one.head}[{one.trailing}{work.eol}{body}]{work.eol}"


def _body(work: Work, one: Field, groups: list[list[Dependency]], told: set[str]) -> str:
    """Return the elements, with the author's comments between and behind them."""
    comments = work.comments_in(one.value) if one.value else []
    items = one.value.items if one.value else ()
    at = {offset: element_before(work, one.value, offset) for offset, _ in comments if one.value}
    own = [(offset, text) for offset, text in comments if at[offset] is None]
    body = ""
    for number, group in enumerate(groups):
        while own and number < len(items) and own[0][0] < items[number].start:
            body += f"{work.indent}{own.pop(0)[1]}{work.eol}"
        behind = [
            comment_behind(work, offset, text) for offset, text in comments if at[offset] == number
        ]
        lines = _member(work, group, told)
        if behind and lines:
            lines = f"{lines.removesuffix(work.eol)}{behind[0]}{work.eol}"
        body += lines
    return body + "".join(f"{work.indent}{text}{work.eol}" for _, text in own)


def _member(work: Work, group: list[Dependency], told: set[str]) -> str:
    text = ""
    for dependency in group:
        value = quote(main_requirement(work.project, dependency))
        source = _field(work, dependency)
        if source and dependency.key not in told:
            told.add(dependency.key)
            text += element_lines(work, source, [value], opening=False).lstrip("\r\n")
        else:
            text += f"{work.indent}{value},{work.eol}"
    return text


def _field(work: Work, dependency: Dependency) -> Field | None:
    held = work.project.is_mandatory(dependency)  # its comments stay in the list of main
    for one in work.fields:
        named = one.path[0] == "dependencies" and len(one.path) == 2
        if named and canonical(one.key) == dependency.key and not held:
            return one
    return None


def _has_comments(work: Work, dependency: Dependency) -> bool:
    one = _field(work, dependency)
    if one is None:
        return False
    return bool(one.trailing) or any(not p.blank for p in one.above)


def _requirements(work: Work, one: Field, names: list[str], number: int) -> list[Dependency]:
    """Return what the extra's element asks for; nothing if an element before it names the same."""
    extra, name = canonical(one.key), canonical(names[number])
    if name in map(canonical, names[:number]):
        return []
    main = work.project.dependencies
    return [d for d in main if d.key == name and extra in d.in_extras]


def _unnamed(work: Work, extra: str, names: list[str]) -> list[Dependency]:
    """Return what asks for the extra in its own marker (`markers = "extra == 'cpu'"`)."""
    known = {canonical(name) for name in names}
    return [
        d
        for d in work.project.dependencies
        if canonical(extra) in d.in_extras and d.key not in known
    ]


def _note_odd(work: Work) -> None:
    """Note optional dependencies that no extra asks for, and mandatory ones that one does."""
    lonely: list[Field] = []
    for one in work.fields:
        if one.path[0] != "dependencies" or len(one.path) != 2:
            continue
        for dependency in matching(one, work.project.dependencies)[:1]:
            if dependency.address.table[:2] != POETRY:
                continue
            if dependency.optional and not dependency.in_extras:
                lonely.append(one)
            elif dependency.in_extras and work.project.is_mandatory(dependency):
                message = (
                    "is in an extra but not optional: Poetry 1 installed it always and published "
                    "it for the extra only; it is a dependency now, and in the extra"
                )
                work.note(one.start, "extras", f"`{one.key}` {message}")
    _note_lonely(work, lonely)


def _note_lonely(work: Work, lonely: list[Field]) -> None:
    if not lonely:
        return
    names = ", ".join(f"`{one.key}`" for one in lonely)
    one_or_all = (
        ("is", "installs it, it is") if len(lonely) == 1 else ("are", "installs them, they are")
    )
    message = f"{names} {one_or_all[0]} optional but in no extra: nothing {one_or_all[1]} left out"
    first, *others = sorted({work.file.line_at(one.start) for one in lonely})
    work.notes.append(Note(work.file.path, first, "pyproject/extras", message, tuple(others)))
