"""The keys of `[tool.poetry]` that `[project]` says in its own words (PEP 621)."""

from __future__ import annotations

import re
from collections.abc import Callable

from unverse.standards.names import canonical
from unverse.syntax.toml import Kind
from unverse.syntax.toml_text import array, inline_table, key, quote
from unverse.uv.pyproject.fields import POETRY, Field
from unverse.uv.pyproject.layout import Reason, Row
from unverse.uv.pyproject.work import Work, parse_value

PROJECT = ("project",)
URLS = ("project", "urls")
_META = "pyproject/metadata"
_HEADER = Reason(_META, "uv reads the metadata from `[project]` (PEP 621)")
_REPEATED = Reason(_META, "repeats what `[project]` says")
_URLS = Reason("pyproject/urls", "addresses stand in `[project.urls]`, under the published names")
_KEPT = Reason("pyproject/build", "poetry-core, still the build backend, reads it only from there")
# https://docs.astral.sh/uv/concepts/cache/#dynamic-metadata
_BUILDS = (
    "`poetry install` ran `{script}` each time; `uv sync` runs it when pyproject.toml has changed, "
    "or what `cache-keys` in `[tool.uv]` names (files, variables): list what it reads there, or "
    "use `uv sync --reinstall-package {name}`"
)
_NOT_BUILT = Reason("pyproject/build", "nothing is built with `package = false`")
_NEEDED = Reason(_META, "`[project]` cannot do without it")
_STATIC = Reason("pyproject/dynamic", "everything is static now")
_DYNAMIC = Reason("pyproject/dynamic", "`dynamic` names what the build backend fills in")
# As poetry-core reads an author: `AUTHOR_REGEX` in `packages/package.py`.
_PERSON = re.compile(r"(?P<name>[^<>]+?)(?:\s*<(?P<email>[^<>]+)>)?\s*")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_PUBLISHED = {"homepage": "Homepage", "repository": "Repository", "documentation": "Documentation"}
_SAME = ("name", "version", "description", "keywords")
_BUILD = ("packages", "include", "exclude", "build")


def convert_metadata(work: Work) -> None:
    """Turn `[tool.poetry]` into `[project]`, key by key in the author's order."""
    if work.primary:
        work.rename(work.primary, PROJECT, _HEADER)
    plain: dict[str, Callable[[Work, Field], None]] = {
        **dict.fromkeys(_SAME, _same),
        **dict.fromkeys(("authors", "maintainers"), _people),
        **dict.fromkeys(_PUBLISHED, _address),
        **dict.fromkeys(_BUILD, _build),
        "license": _license,
        "readme": _readme,
        "classifiers": _classifiers,
    }
    for one in work.fields:
        convert = plain.get(one.path[0])
        if convert is None:
            continue
        work.taken.add(one.path)
        if one.key == "version" and _filled_in(work):
            keep(work, one)
        elif one.key in work.metadata and convert not in (_address, _build):
            one.remove(_REPEATED)
        else:
            convert(work, one)
    _urls(work)
    if work.project.package_mode and not work.metadata:
        work.add_dynamic("classifiers")


def keep(work: Work, one: Field) -> None:
    """Leave a key to poetry-core, in a `[tool.poetry]` of its own if that became `[project]`."""
    if one.inline and one.text:
        work.add(POETRY, f"{key(*one.path)} = {one.text}{work.eol}", _KEPT)
        one.remove(_KEPT)
    if work.renamed.get(PROJECT) is not one.block or one.inline:
        return
    above = work.lines(one.above, opening=True)
    text = one.rows[0].line.text
    text = text if text.endswith("\n") else text + work.eol
    work.add(POETRY, above + text, _KEPT)
    one.remove(_KEPT)


def _build(work: Work, one: Field) -> None:
    """Leave what only poetry-core reads where it reads it."""
    if work.project.poetry.get("package-mode") is False:
        one.remove(_NOT_BUILT)
        return
    keep(work, one)
    if one.path in {("build",), ("build", "script")} and (script := _script(work)):
        work.note(one.start, "build", _BUILDS.format(script=script, name=work.project.name))


def _script(work: Work) -> str:
    """Return what poetry-core runs while it builds (a table since 1.1)."""
    build = work.project.poetry.get("build")
    script = build.get("script") if isinstance(build, dict) else build
    return script if isinstance(script, str) else ""


def _put(work: Work, one: Field, name: str, value: str) -> None:
    """Write `name = value`, at its place if it has one, changing no more than needed."""
    work.static.add(name)
    if work.renamed.get(PROJECT) is one.block and not one.inline and one.value:
        entry, line = one.rows[0].item.entry, one.rows[0].line
        if name != one.key:
            line.change(entry.start, entry.key_end, name, _HEADER)
        line.change(one.value.start, one.value.end, value, _HEADER)
    else:
        work.put(one, PROJECT, f"{name} = {value}{one.trailing}{work.eol}", _HEADER)


def _same(work: Work, one: Field) -> None:
    if one.key == "version" and "version" in dynamic_by_plugin(work):
        work.add_dynamic("version")
        keep(work, one)
        return
    value = work.value(one)
    if one.key == "name" and not _NAME.fullmatch(value):
        name = valid_name(value, work)
        work.note(one.start, "metadata", f"`{value}` is no valid project name: `{name}` instead")
        _put(work, one, "name", quote(name))
        return
    if one.key == "version" and not value:
        _put(work, one, "version", quote("0"))
        return
    _put(work, one, one.key, one.text)


def valid_name(value: str, work: Work) -> str:
    """Return a project name that the standards allow, from the given one or the directory's."""
    name = canonical(re.sub(r"[^A-Za-z0-9._-]+", "-", value)).strip("-")
    return name or canonical(work.project.path.rpartition("/")[0].rpartition("/")[2]) or "project"


def dynamic_by_plugin(work: Work) -> list[str]:
    """Return what a plugin backend fills in while building (poetry-dynamic-versioning: version)."""
    return ["version"] if work.project.version_by_plugin else []


def _filled_in(work: Work) -> bool:
    """Whether the plugin set the version though `[project]` has one, and must go on doing so.

    poetry-dynamic-versioning works on `tool.poetry.version`, without minding `[project]`, where
    `tool.poetry.name` exists, else only if `version` is dynamic (its `_get_config` and
    `_get_and_apply_version`).
    """
    active = "version" in work.metadata and "name" in work.project.poetry
    if not active or not dynamic_by_plugin(work):
        return False
    work.add_dynamic("version")
    block = work.draft.find(PROJECT)
    for row in block.rows if block else ():
        if row.item.entry.key == ("version",):
            work.version_row = row
    return True


def _people(work: Work, one: Field) -> None:
    value = one.value
    if value is None or value.kind is not Kind.ARRAY:
        return
    text = one.text
    for item in reversed(value.items):
        start, end = item.start - value.start, item.end - value.start
        text = text[:start] + _person(parse_value(text[start:end])) + text[end:]
    _put(work, one, one.key, text)


def _person(text: str) -> str:
    found = _PERSON.fullmatch(text.strip())
    if found is None:
        return inline_table({"name": text})
    parts = {"name": found["name"].strip(), "email": (found["email"] or "").strip()}
    return inline_table({name: part for name, part in parts.items() if part})


def _license(work: Work, one: Field) -> None:
    """`{ text = … }` publishes the same `License` and classifier as Poetry does."""
    _put(work, one, "license", f"{{ text = {one.text} }}")


def _readme(work: Work, one: Field) -> None:
    value = work.value(one)
    if isinstance(value, str):
        _put(work, one, "readme", one.text)
    elif len(value) == 1 and one.value:
        _put(work, one, "readme", quote(value[0]))
    elif value:
        work.add_dynamic("readme")
        keep(work, one)
    else:
        one.remove(Reason(_META, "an empty list means no readme"))


def _classifiers(work: Work, one: Field) -> None:
    """Poetry adds classifiers of its own to a published project's: poetry-core goes on doing so."""
    if work.project.package_mode:
        keep(work, one)
    else:
        _put(work, one, "classifiers", one.text)


def _address(work: Work, one: Field) -> None:
    """`homepage`, `repository` and `documentation`, unless `urls` has one of that name."""
    custom = {name.lower(): url for name, url in work.project.poetry.get("urls", {}).items()}
    if work.metadata.get("urls"):
        one.remove(_REPEATED)
    elif one.key in custom:
        if custom[one.key] != work.value(one):
            work.note(one.start, "urls", f"`{one.key}` differs from the one in `urls`: it goes")
        one.remove(Reason("pyproject/urls", "the same name stands in `urls`"))
    else:
        line = f"{_PUBLISHED[one.key]} = {one.text}{one.trailing}{work.eol}"
        block = work.draft.find((*POETRY, "urls"))
        if block and block.header:
            above = work.lines([p for p in one.above if not p.blank])
            block.header.after.append((above + line, _URLS))
            one.remove(_URLS)
        else:
            work.put(one, URLS, line, _URLS)
    work.static.add("urls")


def _urls(work: Work) -> None:
    taken = list(work.take("urls"))
    block = work.draft.find((*POETRY, "urls"))
    if work.metadata.get("urls"):
        for one in taken:
            one.remove(_REPEATED)
        if block:
            block.remove(_REPEATED)
        return
    if block:
        work.rename(block, URLS, _URLS)
    for one in taken:
        if len(one.path) == 2:
            if work.renamed.get(URLS) is one.block and not one.inline:
                continue
            line = f"{one.head}{one.text}{one.trailing}{work.eol}"
            work.put(one, URLS, line, _URLS)
        else:
            one.remove(_URLS)


def convert_required(work: Work) -> None:
    """Write name and version where only `package-mode = false` could do without them."""
    for name, value in (("name", valid_name(work.project.name, work)), ("version", "0")):
        given = work.metadata.get(name) or work.project.poetry.get(name)
        if not given and name not in work.dynamic and name not in work.project.poetry:
            work.add(PROJECT, f"{name} = {quote(value)}{work.eol}", _NEEDED)
            work.note(0, "metadata", f"`{name} = {quote(value)}` is made up: uv needs one")


def convert_dynamic(work: Work) -> None:
    """Write `dynamic`: what poetry-core still fills in from `[tool.poetry]`."""
    before = list(work.metadata.get("dynamic", []))
    names = [n for n in [*before, *work.dynamic] if n not in work.static or n in work.dynamic]
    names = list(dict.fromkeys(names))
    if names == before:
        return
    row = next(
        (
            r
            for b in work.draft.blocks
            if b.path == PROJECT
            for r in b.rows
            if r.item.entry.key == ("dynamic",)
        ),
        None,
    )
    text = array(map(quote, names))
    if work.version_row:
        _replace_version(work.version_row, None if row else f"dynamic = {text}")
    if row and names:
        row.line.change(row.value.start, row.value.end, text, _DYNAMIC)
    elif row:
        for piece in row.pieces:
            piece.removed = _STATIC
    elif not work.version_row:
        _place_dynamic(work, f"dynamic = {text}{work.eol}")


def _replace_version(row: Row, text: str | None) -> None:
    """Take the static version out, for `dynamic` if that has no line yet."""
    if text is None:
        row.line.removed = _DYNAMIC
    else:
        row.line.change(row.item.entry.start, row.value.end, text, _DYNAMIC)


def _place_dynamic(work: Work, line: str) -> None:
    """Where the classifiers stood, for these are what it usually names."""
    for one in work.fields:
        if one.path == ("classifiers",) and work.renamed.get(PROJECT) is one.block:
            one.rows[0].line.after.append((line, _DYNAMIC))
            return
    rows = work.table(*PROJECT).rows
    last = {"pyproject/requires-python", "pyproject/dependencies"}
    at = next((n for n, (_, why) in enumerate(rows) if why.rule in last), len(rows))
    rows.insert(at, (line, _DYNAMIC))
