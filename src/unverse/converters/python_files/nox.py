"""nox: Poetry installs into the session's environment, uv has to be told of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from unverse.commands.context import Context
from unverse.converters.python_files.places import Place
from unverse.edits import Edit, Note
from unverse.repo import SourceFile
from unverse.syntax.python import Source

_RULE = "python/nox-environment"
_WHY = (
    "uv ignores the active environment: it is told the session's, and its Python, or else it "
    "would build the environment anew for `.python-version`"
)
_FORMS = frozenset({"install", "sync", "run"})


class Sessions:
    """The sessions of a noxfile; of no effect on other files."""

    def __init__(self, source: Source, nox: bool) -> None:
        self._source = source
        self._nox = nox

    def context(self, place: Place, context: Context) -> Context:
        """Return the context of a command of a session."""
        return context._replace(foreign=True) if self._session(place) else context

    def environment(self, file: SourceFile, place: Place) -> Iterator[Edit | Note]:
        """Name the session's environment to a command that syncs or runs in it."""
        session = self._session(place)
        if not session or place.call is None or not self._is_meant(place):
            return
        values = f'"UV_PROJECT_ENVIRONMENT": {session}.virtualenv.location, '
        values += f'"UV_PYTHON": {session}.virtualenv.location'
        given = next((k.value for k in place.call.keywords if k.arg == "env"), None)
        if isinstance(given, ast.Dict):
            at = self._source.span(given)[0] + 1
            comma = ", " if given.keys else ""
            yield Edit(file.path, at, at, values + comma, _RULE, _WHY)
        elif given is not None or any(k.arg is None for k in place.call.keywords):
            line = place.call.lineno
            yield Note(file.path, line, _RULE, f"{_WHY}: add {{{values}}} to its `env`")
        else:
            arguments = [*place.call.args, *(k.value for k in place.call.keywords)]
            at = max(self._source.span(node)[1] for node in arguments)
            yield Edit(file.path, at, at, f", env={{{values}}}", _RULE, _WHY)

    def _is_meant(self, place: Place) -> bool:
        words = [node.value for node in place.items if isinstance(node, ast.Constant)]
        return not _FORMS.isdisjoint(w for w in words[1:] if isinstance(w, str))

    def _session(self, place: Place) -> str:
        """Return the name of the session that runs a command; empty if none with an own one."""
        call = place.call
        if not (self._nox and call and isinstance(call.func, ast.Attribute) and place.function):
            return ""
        if not isinstance(call.func.value, ast.Name):
            return ""
        return "" if _without_environment(place.function) else call.func.value.id


def _without_environment(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a session runs in the environment that nox itself was called from."""
    for decorator in function.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if (keyword.arg, value) in {("python", False), ("venv_backend", "none")}:
                return True
    return False
