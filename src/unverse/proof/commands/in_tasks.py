"""Makefiles, justfiles, tox, tasks in TOML and in Python, scripts, hooks, other CI services."""

from __future__ import annotations

import ast
import posixpath
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from unverse.proof.commands.unit import COMMAND, MENTION, Kind, Place, Step, Unit, steps_of
from unverse.repo import SourceFile
from unverse.syntax import ini, makefile
from unverse.syntax.python import Source, Text, is_string
from unverse.syntax.shell import Word, command_of
from unverse.syntax.yaml import parse as parse_yaml
from unverse.syntax.yaml_model import Mapping, Node, Scalar, Sequence, Stream

_MAKE = frozenset({"makefile", "gnumakefile", "bsdmakefile"})
_VARIABLE = re.compile(r"\$[({](\w+)[)}]")
_CALL = re.compile(r"(?:^|[;&|(\s@'\"/`])(?:poetry|uvx?)\s+[\w$-]")
_TELLS = frozenset({"print", "echo", "secho", "log", "debug", "info", "warning", "error", "fail"})
_PROGRAM = re.compile(r"(?:.*[/\\])?(?:poetry|uvx?)(?:\.exe)?")
_RECIPE = re.compile(
    r"^(?P<name>@?[A-Za-z_][\w-]*)[^:\n]*:(?!=)[^\n]*\n(?P<body>(?:(?:[ \t]+[^\n]*)?\n)*)", re.M
)
# Keys whose text a service runs.
_RUN_KEYS = frozenset(
    {"script", "before_script", "after_script", "run", "command", "commands", "cmd", "cmds", "bash"}
    | {"sh", "entry", "entrypoint", "args", "install", "before_install", "steps", "pre_install"}
    | {"post_install", "pre_build", "post_build", "build", "post_create_environment", "jobs"}
    | {"startCommand", "buildCommand", "inlineScript", "healthcheck", "test", "powershell", "pwsh"}
    | {"create_environment", "pre_create_environment", "after_success", "deploy"}
)
_TOML_KEYS = re.compile(r"(?i)(?:^|[-_])(?:cmd|commands?|shell|hooks?|sequence|before|after|build)")


def makefile_targets(file: SourceFile) -> Iterator[Unit]:
    """Yield a unit for each rule; variables of the file are filled in."""
    values: dict[str, str] = {}
    name, line, steps, needs = "", 0, list[Step](), ""
    parts = tuple(makefile.parts(file.text))
    for part in parts:
        if part.sort == "variable":
            values.setdefault(part.name, file.text[slice(*part.value)].strip())
    for part in parts:
        if part.sort == "rule":
            yield from _target(file, name, line, steps, needs)
            name, line, steps = part.targets.strip(), file.line_at(part.start), []
            stop = part.value[0] - 1 if part.value != (part.start, part.end) else part.end
            text = file.text[part.start + len(part.targets) : stop].split("#")[0]
            needs = " ".join(_expanded(text, values).strip(":").split())
        if part.sort == "recipe" or (part.sort == "rule" and part.value != (part.start, part.end)):
            text = _expanded(file.text[slice(*part.value)], values)
            place = Place(file, folder=posixpath.dirname(file.path), line=file.line_at(part.start))
            steps += steps_of(text, 0, len(text), place, "make")
    yield from _target(file, name, line, steps, needs)


def _target(
    file: SourceFile, name: str, line: int, steps: list[Step], needs: str
) -> Iterator[Unit]:
    if steps or (needs and name != ".PHONY"):
        yield Unit(file.path, name, Kind.TASK, line, tuple(steps), {"needs": needs})


def _expanded(text: str, values: dict[str, str]) -> str:
    for _ in range(3):
        text = _VARIABLE.sub(lambda m: values.get(m[1], m[0]), text)
    return text


def just_recipes(file: SourceFile) -> Iterator[Unit]:
    """Yield a unit for each recipe of a justfile."""
    for match in _RECIPE.finditer(file.text):
        place = Place(file, folder=posixpath.dirname(file.path))
        steps = [*steps_of(file.text, *match.span("body"), place, "just")]
        line = file.line_at(match.start())
        yield from _filled(file, match["name"], Kind.TASK, line, steps)


def script(file: SourceFile) -> Iterator[Unit]:
    """Yield a shell script as one unit."""
    steps = [*steps_of(file.text, 0, len(file.text), Place(file))]
    yield from _filled(file, "", Kind.SCRIPT, 1, steps)


def tox_sections(file: SourceFile) -> Iterator[Unit]:
    """Yield the environments of tox.ini."""
    for section in ini.sections(file.text) or ():
        steps: list[Step] = []
        variables: dict[str, str] = {}
        for entry in section.entries:
            if entry.key in {"setenv", "set_env"}:
                lines = file.text[entry.value : entry.end].splitlines()
                pairs = (line.partition("=") for line in lines if "=" in line)
                variables |= {name.strip(): value.strip() for name, _, value in pairs}
        for entry in section.entries:
            if entry.key.startswith("commands"):
                place = Place(file, {**variables, "VIRTUAL_ENV": "{envdir}"})
                steps += steps_of(file.text, entry.value, entry.end, place)
        if section.entries:
            line = file.line_at(section.entries[0].start) - 1
            yield from _filled(file, section.name, Kind.TASK, line, steps)


def toml_tasks(file: SourceFile) -> Iterator[Unit]:
    """Yield tasks of task runners that stand in pyproject.toml."""
    try:
        document = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError:
        return
    tools = document.get("tool", {})
    tools = tools if isinstance(tools, dict) else {}
    for tool, table in tools.items():
        if tool in {"poetry", "uv"}:
            continue
        for name, text in _texts(table, f"tool.{tool}", tool in {"poe", "taskipy"}):
            found = file.text.find(text.splitlines()[0]) if text else -1
            line = file.line_at(found) if found >= 0 else 1
            steps = [*steps_of(text, 0, len(text), Place(file, line=line))]
            yield from _filled(file, name, Kind.TASK, line, steps)


def _texts(value: Any, name: str, runs: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if runs and _CALL.search(value):
            yield name, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{name}[{number}]", runs)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in {"help", "description", "env", "args"}:
                yield from _texts(item, f"{name}.{key}", runs or bool(_TOML_KEYS.search(key)))


def python_functions(file: SourceFile) -> Iterator[Unit]:
    """Yield the functions of a Python file that run one of the tools."""
    if not COMMAND.search(file.text) and not re.search(r"[\"'](?:poetry|uvx?)[\"']", file.text):
        return
    try:
        source = Source(file.text)
    except (SyntaxError, ValueError, RecursionError):
        return
    found: dict[tuple[str, int], list[Step]] = {}
    _below(source.tree, file, source, ("", 1), found, told=False)
    for (name, line), steps in found.items():
        yield from _filled(file, name, Kind.TASK, line, steps)


def _below(
    node: ast.AST,
    file: SourceFile,
    source: Source,
    at: tuple[str, int],
    found: dict[tuple[str, int], list[Step]],
    *,
    told: bool,
) -> None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        at = (f"{at[0]}.{node.name}".lstrip("."), node.lineno)
    if isinstance(node, ast.Expr) and is_string(node.value):
        return  # a docstring
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        told = name in _TELLS or name.endswith(("Error", "Exception", "Warning"))
    steps: list[Step] = []
    if isinstance(node, ast.expr) and not told:
        if is_string(node):
            steps = _string(node, file, source)
        elif isinstance(node, ast.List | ast.Tuple):
            steps = _list(node.elts, file)
        elif isinstance(node, ast.Call):
            steps = _list(node.args, file)
    if steps:
        found.setdefault(at, []).extend(steps)
        return
    for child in ast.iter_child_nodes(node):
        _below(child, file, source, at, found, told=told)


def _string(node: ast.expr, file: SourceFile, source: Source) -> list[Step]:
    text: Text | None = source.read(node)
    if text is None or not COMMAND.search(text.text):
        return []
    if isinstance(node, ast.JoinedStr | ast.Constant) and "\n\n" in text.text.strip():
        return []  # a text to read, not one to run
    line = file.line_at(text.start)
    return [*steps_of(text.text, 0, len(text.text), Place(file, line=line))]


def _list(items: list[ast.expr], file: SourceFile) -> list[Step]:
    first = items[0] if items else None
    value = first.value if isinstance(first, ast.Constant) else None
    if not (isinstance(value, str) and _PROGRAM.fullmatch(value) and len(items) > 1):
        return []
    words: list[str | Word] = []
    for number, item in enumerate(items):
        known = item.value if isinstance(item, ast.Constant) else None
        words.append(known if isinstance(known, str) else Word(number, number, f"${{v{number}}}"))
    text = " ".join(w if isinstance(w, str) else w.text for w in words)
    if not COMMAND.search(text):
        return []
    return [Step(file.path, items[0].lineno, text, command_of(words))]


def hooks(file: SourceFile) -> Iterator[Unit]:
    """Yield the hooks of pre-commit: the entry of a local one, the name of another."""
    stream = parse_yaml(file.text)
    root = stream.root
    repos = root.get("repos") if isinstance(root, Mapping) else None
    for item in getattr(repos, "items", ()):
        repo = item.value
        if not isinstance(repo, Mapping):
            continue
        at = _value(repo.get("repo"))
        for hook in getattr(repo.get("hooks"), "items", ()):
            if isinstance(hook.value, Mapping):
                yield from _hook(file, at, _value(repo.get("rev")), hook.value)


def _hook(file: SourceFile, repo: str, rev: str, hook: Mapping) -> Iterator[Unit]:
    name, entry = _value(hook.get("id")), hook.get("entry")
    line = file.line_at(hook.start)
    given = hook.get("args")
    words = [_value(i.value) for i in given.items] if isinstance(given, Sequence) else []
    if isinstance(entry, Scalar):
        text = " ".join([entry.value, *map(shlex.quote, words)])
        place = Place(file, line=file.line_at(entry.start))
        steps = [*steps_of(text, 0, len(text), place)]
        yield from _filled(file, f"hook {name}", Kind.HOOK, line, steps)
    elif MENTION.search(name) or MENTION.search(repo):
        inputs = {"id": name, "rev": rev, "args": " ".join(words)}
        step = Step(file.path, line, f"{name} of {repo}", action=repo, inputs=inputs)
        yield Unit(file.path, f"hook {name}", Kind.HOOK, line, (step,))


def yaml_scripts(file: SourceFile) -> Iterator[Unit]:
    """Yield what another service runs: a unit for each top-level key that holds commands."""
    stream = parse_yaml(file.text)
    root = stream.root
    if not isinstance(root, Mapping):
        return
    job = PurePosixPath(file.path).name.startswith((".gitlab-ci", "azure-pipelines", "bitbucket"))
    for pair in root.pairs:
        steps = [*_scripts(stream, file, pair.value, pair.name in _RUN_KEYS)]
        kind = Kind.JOB if job or ".circleci" in file.path else Kind.TASK
        yield from _filled(file, pair.name, kind, file.line_at(pair.start), steps)


def _scripts(stream: Stream, file: SourceFile, node: Node | None, runs: bool) -> Iterator[Step]:
    node = stream.resolve(node)
    if isinstance(node, Scalar) and runs and _CALL.search(node.value):
        if node.is_verbatim or node.is_block:
            yield from steps_of(file.text, *node.inner, Place(file), folded=node.style == "folded")
        else:
            place = Place(file, line=file.line_at(node.start))
            yield from steps_of(node.value, 0, len(node.value), place)
    elif isinstance(node, Mapping):
        for pair in node.pairs:
            yield from _scripts(stream, file, pair.value, runs=pair.name in _RUN_KEYS)
    elif isinstance(node, Sequence):
        first = node.items[0].value if node.items else None
        if runs and isinstance(first, Scalar) and _PROGRAM.fullmatch(first.value):
            words = [_value(item.value) for item in node.items]
            line = file.line_at(node.start)
            yield Step(file.path, line, " ".join(words), command_of(words), starts=True)
            return
        for item in node.items:
            yield from _scripts(stream, file, item.value, runs)


def _value(node: Node | None) -> str:
    return node.value if isinstance(node, Scalar) else ""


def _filled(
    file: SourceFile, name: str, kind: Kind, line: int, steps: list[Step]
) -> Iterator[Unit]:
    if steps:
        yield Unit(file.path, name, kind, line, tuple(steps))


def is_makefile(path: str) -> bool:
    """Whether make reads it."""
    place = PurePosixPath(path)
    return place.name.lower() in _MAKE or place.suffix in {".mk", ".make"}
