"""The names of rules that the source writes out, found by reading its syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "unverse"
PREFIXES = frozenset({"NAME", "RULE", "_RULE"})
_FULL = re.compile(r"[a-z][a-z-]*/[a-z][a-z-]*(?:/[a-z-]+)?")
_LAST = re.compile(r"[a-z]+(?:-[a-z]+)*")
_METHODS = frozenset({"edit", "note", "_edit", "replace", "insert", "drop"})
# The places of `rule` among the arguments of `Draft`, which carries its converter's name.
_DRAFT = {"note": 1, "insert": 2, "replace": 3, "drop": 2}


def names_in(folder: str) -> dict[str, str]:
    """Return the names of rules below a folder or in a file -> where each is written."""
    place = SOURCE / folder
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return {name: f"{file.relative_to(SOURCE)}" for file in files for name in _names(file)}


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _nodes(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(file)))


@cache
def _functions(file: Path) -> tuple[ast.FunctionDef, ...]:
    return tuple(node for node in _nodes(file) if isinstance(node, ast.FunctionDef))


@cache
def constants(file: Path) -> dict[str, str]:
    """Return NAME and RULE of a module, imported ones included."""
    found = {}
    for node in _tree(file).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("unverse."):
            for alias in node.names:
                if alias.name in PREFIXES:
                    found[alias.asname or alias.name] = constants(_file(node.module)).get(
                        alias.name, ""
                    )
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = _text(node.value, found)
            if node.targets[0].id in PREFIXES and text:
                found[node.targets[0].id] = text
    return found


def _file(module: str) -> Path:
    path = SOURCE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _text(node: ast.expr, known: dict[str, str]) -> str:
    """Return the text of a literal, or of an f-string that only names a constant before it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        first, rest = node.values
        if isinstance(first, ast.FormattedValue) and isinstance(first.value, ast.Name):
            prefix = known.get(first.value.id, "")
            last = rest.value if isinstance(rest, ast.Constant) else None
            if prefix and isinstance(last, str) and last.startswith("/"):
                return prefix + last
    return ""


def _names(file: Path) -> Iterator[str]:
    known = constants(file)
    for node in _nodes(file):
        if isinstance(node, ast.JoinedStr):
            if name := _text(node, known):
                yield name
        elif isinstance(node, ast.Call):
            yield from _named_in(node, file, known)


def _named_in(call: ast.Call, file: Path, known: dict[str, str]) -> Iterator[str]:
    name = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
    if name in {"Note", "Edit", "CreateFile", "RemoveFile", "Reason"}:
        texts = (_text(argument, {}) for argument in call.args)
        yield from filter(_FULL.fullmatch, texts)
    place = _definition(file, name) if name in _METHODS else None
    if place and len(call.args) > place[1]:
        text = _text(call.args[place[1]], known)
        if _FULL.fullmatch(text):
            yield text
        elif _LAST.fullmatch(text):
            yield f"{place[0]}/{text}"


@cache
def _definition(file: Path, name: str) -> tuple[str, int] | None:
    """Return the prefix and the place of `rule` among the arguments of a package's helper."""
    shared = file.parent.name in {"converters", "improvements"}
    others = [] if shared else sorted(file.parent.glob("*.py"))
    for other in (file, *others):
        for node in _functions(other):
            if node.name == name:
                arguments = [a.arg for a in node.args.args if a.arg != "self"]
                prefix = _prefix(node, constants(other))
                if "rule" in arguments and prefix:
                    return prefix, arguments.index("rule")
    if name in _DRAFT and "Draft" in file.read_text(encoding="utf-8"):
        prefix = constants(file).get("RULE") or _package_rule(file)
        return ("github-actions" if file.parent.name == "workflows" else prefix), _DRAFT[name]
    return None


def _package_rule(file: Path) -> str:
    package = file.with_name("__init__.py")
    return constants(package).get("RULE", "") if package.exists() else ""


def _prefix(helper: ast.FunctionDef, known: dict[str, str]) -> str:
    """Return what stands before `/{rule}` in a helper."""
    for node in ast.walk(helper):
        if not isinstance(node, ast.JoinedStr) or len(node.values) < 2:
            continue
        first = node.values[0]
        if isinstance(first, ast.Constant):
            return str(first.value).rstrip("/")
        if isinstance(first, ast.FormattedValue) and isinstance(first.value, ast.Name):
            return known.get(first.value.id, "")
    return ""
