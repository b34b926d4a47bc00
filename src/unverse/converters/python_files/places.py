"""Where commands stand in Python: what is handed to a function that runs something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from unverse.syntax.python import Source, is_string

# Words of the name of a function that runs its arguments, or of a variable that holds a command.
_RUNS = frozenset(
    [
        "run",
        "sudo",
        "local",
        "system",
        "popen",
        "call",
        "output",
        "getoutput",
        "execute",
        "exec",
        "getstatusoutput",
        "shell",
        "sh",
        "bash",
        "cmd",
        "cmds",
        "command",
        "commands",
        "spawn",
        "split",
        "invoke",
        "subprocess",
        "process",
        "install",
        "execvp",
        "execlp",
        "argv",
        "always",
        "entry",
        "task",
        "step",
    ]
)
_TELLS = frozenset({"print", "echo", "log", "debug", "info", "warning", "error", "exit", "fail"})
_KEYWORDS = frozenset({"cmd", "command", "args", "argv", "commands", "popenargs"})
_LISTED = re.compile(r"(?:.*[/\\])?poetry(?:\.exe)?")


class Place(NamedTuple):
    """An expression that is a command.

    Attributes:
        node: a string expression; None for an argument list.
        items: elements of an argument list.
        call: the call that runs it, if it is an argument of one.
        function: the innermost function around it.
    """

    node: ast.expr | None
    items: tuple[ast.expr, ...] = ()
    call: ast.Call | None = None
    function: ast.FunctionDef | ast.AsyncFunctionDef | None = None


def places(source: Source) -> Iterator[Place]:
    """Yield the strings and lists that are commands, in the order of the text."""
    yield from _below(source.tree, None)


def _below(
    node: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef | None
) -> Iterator[Place]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        function = node
    if isinstance(node, ast.Call) and _runs(_name(node.func)):
        yield from _arguments(node, function)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(_runs(_name(target)) for target in targets):
            yield from _values(node.value, None, function)
    for child in ast.iter_child_nodes(node):
        yield from _below(child, function)


def _arguments(
    call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef | None
) -> Iterator[Place]:
    first = call.args[0] if call.args else None
    if first is not None and is_program(first) and (len(call.args) > 1 or _is_nox(call)):
        yield Place(None, tuple(call.args), call, function)
        return
    if _is_nox(call) and any(is_requirement(argument) for argument in call.args):
        yield Place(None, tuple(call.args), call, function)
        return
    for argument in call.args:
        yield from _values(argument, call, function)
    for keyword in call.keywords:
        if keyword.arg in _KEYWORDS:
            yield from _values(keyword.value, call, function)


def _values(
    node: ast.expr,
    call: ast.Call | None,
    function: ast.FunctionDef | ast.AsyncFunctionDef | None,
) -> Iterator[Place]:
    if isinstance(node, ast.IfExp):
        yield from _values(node.body, call, function)
        yield from _values(node.orelse, call, function)
    elif isinstance(node, ast.List | ast.Tuple):
        if node.elts and (is_program(node.elts[0]) or _installs(node.elts)):
            yield Place(None, tuple(node.elts), call, function)
        else:
            for item in node.elts:
                yield from _values(item, call, function)
    elif isinstance(node, ast.BinOp | ast.JoinedStr | ast.Constant | ast.Call):
        bare = isinstance(node, ast.Constant) and not re.search(r"\s", str(node.value).strip())
        if (is_string(node) and not bare) or isinstance(node, ast.BinOp | ast.Call):
            yield Place(node, (), call, function)


def _installs(items: list[ast.expr]) -> bool:
    """`[python, "-m", "pip", "install", "poetry"]`."""
    values = [item.value for item in items if isinstance(item, ast.Constant)]
    return "install" in values and any(is_requirement(item) for item in items)


def is_requirement(node: ast.expr) -> bool:
    """Say whether an argument of pip is Poetry."""
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and bool(re.match(r"poetry(?:$|[=<>~!\[])", value))


def is_program(node: ast.expr) -> bool:
    """Say whether an element of an argument list is Poetry's program."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = last if isinstance(last := node.values[-1], ast.Constant) else node
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and bool(_LISTED.fullmatch(value))


def _is_nox(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in {"install", "run_install"}


def _runs(name: str) -> bool:
    words = set(re.split(r"[_\W]+", name.lower()))
    return not _RUNS.isdisjoint(words) and _TELLS.isdisjoint(words)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
