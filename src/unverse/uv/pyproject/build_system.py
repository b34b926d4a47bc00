"""`[build-system]`: poetry-core stays, in a version that reads `[project]`.

poetry-core reads `[project]` from 2.0.0 on (its change log), and needs Python 3.9 since then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unverse.errors import ConfigurationError
from unverse.poetry.lines import line_of
from unverse.poetry.model import Address
from unverse.standards.names import canonical
from unverse.syntax.toml import Kind, Value
from unverse.syntax.toml_text import quote
from unverse.uv.pyproject.layout import Block, Reason, Row
from unverse.uv.pyproject.metadata import dynamic_by_plugin
from unverse.uv.pyproject.work import Work, parse_value

TABLE = ("build-system",)
_CORE = Reason("pyproject/build-system", "poetry-core reads `[project]` from 2.0.0 on")
_NAMED = Reason("pyproject/build-system", "Poetry assumes poetry-core, uv assumes setuptools")
_BACKEND = Reason("pyproject/build-system", "the backend is poetry-core, not Poetry itself")
_UNUSED = Reason("pyproject/build-system", "nothing is built with `package = false`")
_PLUGIN = Reason(
    "pyproject/build-system",
    "uv has no plugins: the version comes from the plugin's own build backend",
)
_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9._-]+)\s*(?P<spec>[^;\[]*)(?P<rest>.*)", re.DOTALL
)
_PLUGIN_NAME = "poetry-dynamic-versioning"
_PLUGIN_BACKEND = "poetry_dynamic_versioning.backend"


def convert_build_system(work: Work) -> None:
    """Raise, name, complete or remove the build system."""
    block = work.draft.find(TABLE)
    backend = _checked(work).get("build-backend", "")
    if work.project.poetry.get("package-mode") is False:
        if block and backend in {"poetry.core.masonry.api", "poetry.masonry.api"}:
            block.remove(_UNUSED)
        return
    if not work.built and work.project.package_mode:
        return  # uv has been told that nothing is built
    if not work.project.document.get("build-system"):
        if work.built:
            work.add(TABLE, _new(work), _NAMED)
        return
    for row in block.rows if block else ():
        if row.item.entry.key == ("requires",):
            _requires(work, row)
        elif row.item.entry.key == ("build-backend",):
            _backend(work, row, backend)
    _note_old_python(work, block)


def _checked(work: Work) -> Mapping[str, Any]:
    """Return the table, whose types are those of PEP 518 and PEP 517."""
    table = work.project.document.get("build-system", {})
    requires = table.get("requires", []) if isinstance(table, Mapping) else None
    if (
        not isinstance(table, Mapping)
        or not isinstance(table.get("build-backend", ""), str)
        or not isinstance(requires, list)
        or not all(isinstance(item, str) for item in requires)
    ):
        line = line_of(work.file.text, Address(TABLE))
        raise ConfigurationError(
            "`[build-system]` needs `requires`, a list of strings, and `build-backend`, a string",
            where=f"{work.file.path}:{line}",
        )
    return table


def _new(work: Work) -> str:
    plugin = dynamic_by_plugin(work)
    names = ["poetry-core>=2.0.0,<3.0.0", *([f"{_PLUGIN_NAME}>=1.5.0,<2.0.0"] if plugin else [])]
    backend = _PLUGIN_BACKEND if plugin else "poetry.core.masonry.api"
    requires = ", ".join(map(quote, names))
    return f"requires = [{requires}]{work.eol}build-backend = {quote(backend)}{work.eol}"


def _backend(work: Work, row: Row, backend: str) -> None:
    wanted, reason = backend, _BACKEND
    if backend == "poetry.masonry.api":
        wanted = "poetry.core.masonry.api"
    if backend.startswith("poetry.") and dynamic_by_plugin(work):
        wanted, reason = _PLUGIN_BACKEND, _PLUGIN
    _string(row, row.value, wanted, reason)


def _requires(work: Work, row: Row) -> None:
    if row.value.kind is not Kind.ARRAY:
        return
    names = set()
    last = None
    for item in row.value.items:
        if item.kind is Kind.STRING:
            text = parse_value(row.text(item))
            names.add(canonical(re.split(r"[^A-Za-z0-9._-]", text.strip())[0]))
            _string(row, item, raised(text), _CORE)
            last = item
    if dynamic_by_plugin(work) and _PLUGIN_NAME not in names and last:
        row.line.change(last.end, last.end, f', "{_PLUGIN_NAME}>=1.5.0,<2.0.0"', _PLUGIN)


def _string(row: Row, value: Value, text: str, reason: Reason) -> None:
    written = row.text(value)
    if parse_value(written) != text:
        mark = written[0] if written[0] not in text else ""
        new = f"{mark}{text}{mark}" if mark and "\\" not in text else quote(text)
        row.line.change(value.start, value.end, new, reason)


def raised(text: str) -> str:
    """Return a build requirement in a version that reads `[project]`.

    `poetry` itself becomes `poetry-core`; an upper bound below 3 moves to `<3.0.0`.
    """
    found = _REQUIREMENT.fullmatch(text)
    if found is None:
        return text
    name = canonical(found["name"])
    if name == _PLUGIN_NAME:
        return _at_least(text, found["name"], found["spec"], (1, 5), "<2.0.0") + found["rest"]
    if name not in {"poetry", "poetry-core"}:
        return text
    label = "poetry-core" if name == "poetry" else found["name"]
    return _at_least(text, label, found["spec"], (2, 0), "<3.0.0") + found["rest"]


def _at_least(text: str, name: str, spec: str, least: tuple[int, int], cap: str) -> str:
    """Keep a specifier that needs at least that version already, else write `>=`, and a cap."""
    clauses = [clause.strip() for clause in spec.strip(" ()").split(",") if clause.strip()]
    if name != "poetry-core" or "poetry-core" in text.replace("_", "-"):
        for clause in clauses:
            if clause.startswith((">", "=", "~", "^")) and _version(clause) >= least:
                return text
    capped = any(clause.startswith(("<", "=", "~", "^")) for clause in clauses)
    low = f">={least[0]}.{least[1]}.0"
    return f"{name}{low},{cap}" if capped else f"{name}{low}"


def _version(clause: str) -> tuple[int, int]:
    numbers = [*map(int, re.findall(r"\d+", clause)), 0, 0]
    return numbers[0], numbers[1]


def _note_old_python(work: Work, block: Block | None) -> None:
    found = re.search(r"(?:>=?|==|~=)\s*(\d+)(?:\.(\d+))?", work.project.requires_python)
    low = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    if low >= (3, 9) or not work.project.package_mode or block is None or block.header is None:
        return
    work.note(
        block.header.start,
        "build-system",
        "the project allows Python before 3.9, where poetry-core 2 cannot be installed: build "
        "with a newer Python, raise `requires-python` or choose another build backend",
    )
