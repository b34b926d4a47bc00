"""Tasks of invoke, read without running them.

https://docs.pyinvoke.org/en/stable/concepts/namespaces.html
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from unverse.errors import ConfigurationError
from unverse.improvements.separate_checks.tasks import Task, TaskFile
from unverse.improvements.view import View
from unverse.syntax.python import Source

_CONFIGURATION = ("invoke.yaml", "invoke.yml", "invoke.json", "invoke.py")


class _Place(NamedTuple):
    """A task by the file and function that define it."""

    path: str
    function: str


class _Declared(NamedTuple):
    name: str
    pre: tuple[ast.expr, ...]
    body: str
    default: bool
    aliases: tuple[str, ...]


@dataclass
class _Module:
    path: str
    tree: ast.Module
    tasks: dict[str, _Declared] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)  # local name -> file
    imported: dict[str, _Place] = field(default_factory=dict)


@dataclass
class _Reader:
    view: View
    modules: dict[str, _Module | None] = field(default_factory=dict)
    names: dict[_Place, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    default: str = ""

    def module(self, path: str) -> _Module | None:
        if path not in self.modules:
            self.modules[path] = None
            try:
                tree = Source(self.view.load(path)).tree
            except (ConfigurationError, SyntaxError, ValueError):
                return None
            self.modules[path] = module = _Module(path, tree)
            self._fill(module)
        return self.modules[path]

    def _fill(self, module: _Module) -> None:
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef):
                declared = _declared(node)
                if declared:
                    module.tasks[node.name] = declared
            elif isinstance(node, ast.ImportFrom):
                self._imports(module, node)

    def _imports(self, module: _Module, node: ast.ImportFrom) -> None:
        folder = posixpath.dirname(module.path)
        for _ in range(node.level - 1):
            folder = posixpath.dirname(folder)
        if node.level == 0:  # `from tasks import …` stands in the package or beside it
            top = posixpath.basename(folder) == (node.module or "").split(".")[0]
            folder = posixpath.dirname(folder) if top else folder
        base = posixpath.join(folder, *(node.module or "").split("."))
        for alias in node.names:
            local = alias.asname or alias.name
            if found := self._file(posixpath.join(base, alias.name)):
                module.modules[local] = found
            elif found := self._file(base.rstrip("/")):
                module.imported[local] = _Place(found, alias.name)

    def _file(self, base: str) -> str:
        return self.view.first((f"{base}.py", posixpath.join(base, "__init__.py")))

    # Names.

    def collect(self, module: _Module, prefix: str) -> None:
        """Name the tasks of a module, by its collection if it makes one."""
        made = _collection(module.tree)
        if made is None:
            for function in module.tasks:
                self._add(module, function, prefix)
            return
        calls = [made, *_additions(module.tree)]
        for call in calls:
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            keywords = {k.arg: k.value for k in call.keywords if k.arg}
            if method in {"add_task", "add_collection"}:
                self._named(module, call.args[0], prefix, keywords) if call.args else None
                continue
            for argument in call.args:
                self._named(module, argument, prefix, {})
            for name, value in keywords.items():
                self._named(module, value, prefix, {"name": ast.Constant(name)})

    def _named(
        self, module: _Module, node: ast.expr, prefix: str, keywords: dict[str, ast.expr]
    ) -> None:
        given = _text(keywords.get("name"))
        if isinstance(node, ast.Call) and _name(node.func) == "from_module" and node.args:
            inner = {k.arg: k.value for k in node.keywords if k.arg}
            given = given or _text(inner.get("name"))
            node = node.args[0]
        local = node.id if isinstance(node, ast.Name) else ""
        if local in module.modules:
            found = self.module(module.modules[local])
            own = posixpath.basename(module.modules[local].removesuffix("/__init__.py"))
            name = prefix + (given or _dashed(own.removesuffix(".py"))) + "."
            if found:
                self.collect(found, name)
            if _is_true(keywords.get("default")) and name[:-1] in self.aliases and not prefix:
                self.default = self.aliases[name[:-1]]
            return
        place = self.place(module, node)
        home = self.module(place.path) if place else None
        if place and home and place.function in home.tasks:
            default = _is_true(keywords.get("default"))
            self._add(home, place.function, prefix, given, default=default)

    def _add(
        self, module: _Module, function: str, prefix: str, given: str = "", *, default: bool = False
    ) -> None:
        declared = module.tasks[function]
        name = prefix + (given or _dashed(declared.name))
        self.names.setdefault(_Place(module.path, function), name)
        for alias in declared.aliases:
            self.aliases[prefix + alias] = name
        if declared.default or default:
            if prefix:
                self.aliases[prefix[:-1]] = name
            else:
                self.default = name

    def place(self, module: _Module, node: ast.expr) -> _Place | None:
        """Return where the task that an expression means is defined."""
        if isinstance(node, ast.Name):
            if node.id in module.tasks:
                return _Place(module.path, node.id)
            return module.imported.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            path = module.modules.get(node.value.id)
            return _Place(path, node.attr) if path else None
        return None

    def tasks(self) -> Iterator[tuple[str, Task]]:
        """Yield the named tasks."""
        for place, name in self.names.items():
            module = self.modules[place.path]
            if module is None:
                continue
            declared = module.tasks[place.function]
            places = [self.place(module, node) for node in declared.pre]
            needs = [self.names.get(p, "") if p else "" for p in places]
            # One that cannot be called alone leaves its task what it is.
            yield name, Task(tuple(needs), declared.body)


def read(view: View, folder: str) -> TaskFile | None:
    """Return the tasks in a folder; None if there are none that can be read."""
    configured = (posixpath.join(folder, name) for name in _CONFIGURATION)
    texts = [view.load(path) for path in filter(view.exists, configured)]
    if any("auto_dash_names" in text or "collection_name" in text for text in texts):
        return None
    base = posixpath.join(folder, "tasks")
    path = view.first((f"{base}.py", f"{base}/__init__.py"))
    reader = _Reader(view)
    module = reader.module(path) if path else None
    if module is None:
        return None
    reader.collect(module, "")
    tasks = dict(reader.tasks())
    aliases = {name.replace("-", "_"): name for name in tasks} | reader.aliases
    return TaskFile(tasks, aliases, (reader.default,) if reader.default else ())


def _declared(node: ast.FunctionDef) -> _Declared | None:
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        if _name(call.func if call else decorator) != "task":
            continue
        keywords = {k.arg: k.value for k in call.keywords if k.arg} if call else {}
        pre = [*(call.args if call else ()), *_elements(keywords.get("pre"))]
        body = _body(node)
        if "post" in keywords:
            body += "\npost"  # it runs something that a step of its own would not
        aliases = tuple(_text(item) for item in _elements(keywords.get("aliases")))
        name = _text(keywords.get("name")) or node.name
        return _Declared(name, tuple(pre), body, _is_true(keywords.get("default")), aliases)
    return None


def _body(node: ast.FunctionDef) -> str:
    """Return what a function does, without its docstring, `pass`, `...` and messages."""
    kept = [s for s in node.body if not isinstance(s, ast.Pass) and not _says(s)]
    return "\n".join(ast.unparse(statement) for statement in kept)


def _says(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    is_print = isinstance(value, ast.Call) and _name(value.func) == "print"
    return isinstance(value, ast.Constant) or is_print


def _elements(node: ast.expr | None) -> list[ast.expr]:
    if node is None:
        return []
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple) else [node]


def _collection(tree: ast.Module) -> ast.Call | None:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(_name(t) in {"ns", "namespace"} for t in targets) and isinstance(node, ast.Assign):
            value = node.value
            return value if isinstance(value, ast.Call) else None
    return None


def _additions(tree: ast.Module) -> Iterator[ast.Call]:
    for node in tree.body:
        call = node.value if isinstance(node, ast.Expr) else None
        name = _name(call.func) if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in {"add_task", "add_collection"}:
            yield call


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr | None) -> str:
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _dashed(name: str) -> str:
    return name.strip("_").replace("_", "-")
