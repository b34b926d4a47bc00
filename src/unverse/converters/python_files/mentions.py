"""What a Python file says about Poetry without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from unverse.commands.lock_names import OLD, READS, rename
from unverse.commands.script import edit_script
from unverse.commands.task_files import task_context
from unverse.converters.python import TASKS
from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.python import Source
from unverse.syntax.shell import Span

NAME = "python"
_QUOTED = re.compile(r"(?P<mark>`+)(?P<command>poetry [^`\n]+)(?P=mark)")
_TABLE = re.compile(
    r"""["']tool["']\s*(?:,\s*\{\})?[\])]+\s*(?:\[|\.get\()\s*["']poetry["']"""
    r"""|["']tool\.poetry(?:\.[\w.-]+)?["']"""
)
_LINE = re.compile(r"^[ \t#]*(?:\$ )?(?P<command>poetry run [^\n`\"\\]+)$", re.MULTILINE)
_READS_TABLE = (
    "reads `[tool.poetry]`: name, version and the like stand in `[project]` now, dependencies are "
    "lists of requirements (PEP 621)"
)
_KEPT = "a name, kept: others refer to it (task names, `pre=`, imports, command lines)"
_NOX_POETRY = (
    'nox-poetry installs what poetry.lock pins: take plain `nox`, and `session.run_install("uv", '
    '"sync", "--locked", …)` with the session\'s environment where it installs'
)


def mentions(
    file: SourceFile, source: Source, project: Project, outcomes: Iterable[Edit | Note]
) -> Iterator[Edit | Note]:
    """Yield edits for commands and names of files in comments, notes for what stays."""
    outcomes = list(outcomes)
    taken = {outcome.line for outcome in outcomes if isinstance(outcome, Note)}
    edited = any(isinstance(outcome, Edit) for outcome in outcomes)
    spans = [*_docstrings(source), *_comments(source)]
    for start, end in spans:
        yield from _comment(file, start, end, project, edited)
    named = bool(TASKS.search(file.path))
    for line, rule, message in sorted(_explained(source, spans)):
        if line not in taken and (named or rule != "name"):
            taken.add(line)
            yield Note(file.path, line, f"{NAME}/{rule}", message)


def _comment(
    file: SourceFile, start: int, end: int, project: Project, edited: bool
) -> Iterator[Edit | Note]:
    """Translate commands in back quotes; `poetry add` may be advice to those who use it."""
    for match in (*_QUOTED.finditer(file.text, start, end), *_LINE.finditer(file.text, start, end)):
        command = match.span("command")
        if "\\" not in match["command"] and not match["command"].startswith("poetry add"):
            yield from edit_script(file, *command, task_context(project, "docs"), NAME).outcomes
    if edited:
        for match in OLD.finditer(file.text, start, end):
            yield rename(file, match.start(), NAME)


def _docstrings(source: Source) -> Iterator[Span]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            continue
        if isinstance(node.value.value, str):
            yield source.span(node.value)


def _comments(source: Source) -> Iterator[Span]:
    """Comments that mention Poetry; a `#` in a string is none."""
    nodes = (node for node in ast.walk(source.tree) if isinstance(node, ast.expr))
    strings = [source.span(node) for node in nodes if _is_text(node)]
    for match in re.finditer(r"#[^\n]*poetry[^\n]*", source.text, re.IGNORECASE):
        if not any(start <= match.start() < end for start, end in strings):
            yield match.span()


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.Constant)


def _explained(source: Source, spans: Iterable[Span]) -> Iterator[tuple[int, str, str]]:
    spans = list(spans)
    for match in _TABLE.finditer(source.text):
        if not any(start <= match.start() < end for start, end in spans):
            yield source.text.count("\n", 0, match.start()) + 1, "reads-table", _READS_TABLE
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"(?:.*/)?poetry\.lock", node.value):
                yield node.lineno, "reads-lock", READS
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            module = getattr(node, "module", None) or ""
            if any(name.startswith("nox_poetry") for name in (module, *names)):
                yield node.lineno, "nox-poetry", _NOX_POETRY
        elif line := _named(node, source.text):
            yield line, "name", _KEPT


def _named(node: ast.AST, text: str) -> int:
    """Return the line of a name with Poetry in it, else 0."""
    name = ""
    if isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.Attribute):
        name = node.attr
    elif isinstance(node, ast.arg | ast.keyword):
        name = node.arg or ""
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        lines = text.splitlines()[node.lineno - 1 :]
        if "poetry" in node.name.lower():
            return next((node.lineno + i for i, line in enumerate(lines) if node.name in line), 0)
    return getattr(node, "lineno", 0) if "poetry" in name.lower() else 0
