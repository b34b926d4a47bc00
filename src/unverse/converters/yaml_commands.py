"""Commands in the YAML of other services: CI besides GitHub's, task runners, hosts, git hooks.

GitLab, CircleCI, Azure Pipelines, Bitbucket, Travis, Buildkite, Drone, AppVeyor, lefthook, Gitpod,
Render.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context, Setting
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml_model import Mapping, Node, Pair, Scalar, Stream

NAME = "yaml-commands"


class Service(NamedTuple):
    """A service that runs commands.

    Attributes:
        path: pattern of the whole path of its files.
        keys: those that hold commands, in the order in which they are run.
        threads: keys of lists whose items run one after the other in one place.
        shared: keys at the top whose commands every job runs first, if it has none of its own.
    """

    path: str
    keys: tuple[str, ...]
    threads: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    setting: Setting = "ci"


_YAML = r"\.ya?ml"
_TRAVIS = ("before_install", "install", "before_script", "script", "after_success", "deploy")
_SERVICES = (
    Service(
        rf"(.*/)?([\w.-]+)?\.gitlab-ci{_YAML}|(.*/)?\.gitlab/.*{_YAML}",
        ("before_script", "script", "after_script"),
        shared=("before_script",),
    ),
    Service(rf"(.*/)?\.circleci/.*{_YAML}", ("run", "command"), ("steps",)),
    Service(
        rf"(.*/)?\.?azure[-_]?pipelines?[\w-]*{_YAML}|(.*/)?\.?azure[-_]?pipelines?/.*{_YAML}",
        ("script", "bash", "pwsh", "powershell"),
        ("steps",),
    ),
    Service(rf"(.*/)?bitbucket-pipelines{_YAML}", ("script", "after-script")),
    Service(rf"(.*/)?\.travis{_YAML}", _TRAVIS),
    Service(rf"(.*/)?\.buildkite/.*{_YAML}", ("commands", "command")),
    Service(
        rf"(.*/)?\.?(drone|woodpecker){_YAML}|\.woodpecker/.*{_YAML}", ("commands",), ("steps",)
    ),
    Service(
        rf"(.*/)?\.?appveyor{_YAML}", ("install", "before_build", "build_script", "test_script")
    ),
    Service(rf"(.*/)?\.?lefthook(-local)?{_YAML}", ("run",), setting="tasks"),
    Service(rf"(.*/)?\.gitpod{_YAML}", ("before", "init", "prebuild", "command"), setting="shell"),
    Service(
        rf"(.*/)?render{_YAML}", ("buildCommand", "preDeployCommand", "startCommand"), setting="ci"
    ),
)
_CACHE = re.compile(r"(?<=[/.])pypoetry\b(?!/virtualenvs)")
_HELD = re.compile(r"(?<=[/.])pypoetry/virtualenvs")
_ORB = re.compile(r"\bpkg-manager:[ \t]*[\"']?poetry\b")
_ENVIRONMENT = re.compile(r"(?:.*/)?\.venv/?")
# Shown to people only; a `name` of GitLab or Buildkite can be what others wait for.
_LABELS = frozenset({"displayName", "desc", "label", "name"})
_CALLED = re.compile(r"poetry(?!\.lock)", re.IGNORECASE)


def matches(path: str) -> bool:
    """Say whether one of the services reads the file; GitLab may include any."""
    return path.endswith((".yml", ".yaml")) and not path.startswith(".github/")


def _service(path: str, project: Project) -> Service | None:
    found = next((s for s in _SERVICES if re.fullmatch(s.path, path)), None)
    if found:
        return found
    from unverse.converters.gitlab import is_included

    return _SERVICES[0] if is_included(path, project.neighbours) else None


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands and variables of all jobs."""
    service = _service(file.path, project) if "poetry" in file.text.lower() else None
    if service is None:
        return
    from unverse.commands.context import Context
    from unverse.converters import gitlab
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, major, unreadable
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml import parse
    from unverse.syntax.yaml_model import Scalar

    stream = parse(file.text)
    if stream.broken:
        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    scripts = Scripts(file, stream, NAME)
    # An environment from a cache holds what another job has put into it.
    foreign = any(isinstance(n, Scalar) and _ENVIRONMENT.fullmatch(n.value) for n in stream.nodes())
    context = Context(project, major(project), setting=service.setting, foreign=foreign)
    merged = [*gitlab.others(scripts, project.neighbours)] if service.shared else []
    for other in reversed(merged):
        context = gitlab.shared(other, service.shared, context)
    files = [scripts, *merged]
    for root in stream.documents:
        if root is not None:
            _visit(files, root, service, gitlab.shared(scripts, service.shared, context))
    outcomes = [
        *scripts.outcomes,
        *_variables(file, stream),
    ]
    outcomes += _names(file, stream, service.keys, tuple(outcomes))
    outcomes += _caches(file)
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)


def _visit(files: list[Scripts], node: Node, service: Service, context: Context) -> Context:
    """Translate what is below a node, and return the context behind it.

    `files`: the one that is converted, and those with which GitLab merges it.
    """
    from unverse.syntax.yaml_model import Mapping, Sequence

    if isinstance(node, Mapping):
        after = _own(files, node, service, context)
        # GitLab's hidden jobs are run where others name them.
        for pair in sorted(node.pairs, key=lambda pair: pair.name.startswith(".")):
            if pair.value is None or (pair.name in service.keys and not _is_nested(pair.value)):
                continue
            inner = _visit(files, pair.value, service, context)
            after = inner if pair.name in service.threads else after
        return after
    for item in node.items if isinstance(node, Sequence) else ():
        if item.value is not None:
            after = _visit(files, item.value, service, context)
            context = after if _is_threaded(files[0], node, service) else context
    return context


def _is_nested(value: Node) -> bool:
    """A key of commands can hold tables (`run: {command: …}`, `cmds: [{cmd: …}]`)."""
    from unverse.syntax.yaml_model import Mapping, Sequence

    if isinstance(value, Sequence):
        return any(isinstance(item.value, Mapping) for item in value.items)
    return isinstance(value, Mapping)


def _is_threaded(scripts: Scripts, node: Node, service: Service) -> bool:
    return any(
        scripts.file.text[: node.start].rstrip(" \t\r\n").endswith(f"{key}:")
        for key in service.threads
    )


def _own(files: list[Scripts], node: Mapping, service: Service, context: Context) -> Context:
    """Run the commands of one mapping in their order; GitLab's `extends` gives those of others."""
    from unverse.converters import gitlab

    keys = [key for key in service.keys if node.get(key) is not None]
    if not keys:
        return context
    own = set(keys) & set(service.shared)
    if own:
        context = context._replace(synced=None)
    elif service.shared:
        context = gitlab.inherited(files, node, service.shared, context)
    for key in keys:
        context = files[0].run(node, key, context)
    return context


def _variables(file: SourceFile, stream: Stream) -> Iterator[Edit | Note]:
    from unverse.syntax.yaml_model import Mapping

    for node in stream.nodes():
        if isinstance(node, Mapping):
            mine = [pair for pair in node.pairs if pair.name.startswith("POETRY_")]
            yield from _set(file, stream, node, mine)


def _names(
    file: SourceFile, stream: Stream, keys: Iterable[str], edits: Iterable[Edit | Note]
) -> Iterator[Edit | Note]:
    """The label of a step that changes follows; names that others may refer to stay."""
    from unverse.syntax.yaml_model import Mapping, Scalar

    places = [edit.start for edit in edits if isinstance(edit, Edit)]
    for node in stream.nodes():
        if not isinstance(node, Mapping):
            continue
        runs = any(node.get(key) is not None for key in keys)
        for pair in node.pairs:
            label = pair.value if pair.name in _LABELS else None
            changes = runs and any(node.start <= place < node.end for place in places)
            if isinstance(label, Scalar) and _is_plain_label(label) and changes:
                yield from _label(file, label)
                continue
            named = label.value if isinstance(label, Scalar) else ""
            for name in (pair.name, named):
                if _CALLED.search(name) and "POETRY_" not in name:
                    message = f"`{name}` is a name, which others may refer to: it stays"
                    yield Note(file.path, file.line_at(pair.start), f"{NAME}/name", message)


def _is_plain_label(label: Scalar) -> bool:
    # One word is what others refer to, a number is Poetry's version.
    return label.is_verbatim and " " in label.value and not re.search(r"\d", label.value)


def _label(file: SourceFile, label: Scalar) -> Iterator[Edit]:
    start, end = label.inner
    for match in re.compile(r"\b[Pp]oetry\b(?![.-])").finditer(file.text, start, end):
        yield Edit(file.path, *match.span(), "uv", f"{NAME}/label", "the step runs uv now")


def _set(
    file: SourceFile, stream: Stream, holder: Mapping, pairs: list[Pair]
) -> Iterator[Edit | Note]:
    from unverse.commands.variables import variable
    from unverse.syntax.yaml_edit import removal
    from unverse.syntax.yaml_model import Scalar

    gone = []
    for pair in pairs:
        value = pair.value.value if isinstance(pair.value, Scalar) else ""
        found = variable(pair.name, value)
        if found is None or not isinstance(pair.key, Scalar):
            continue
        if found.name:
            why = "uv's name of the variable"
            yield Edit(file.path, *pair.key.inner, found.name, f"{NAME}/variable", why)
        elif found.name == "":
            gone.append(pair)
        else:
            message = f"`{pair.name}`: {found.reason}"
            yield Note(file.path, file.line_at(pair.start), f"{NAME}/variable", message)
    if gone and len(gone) == len(holder.pairs):
        message = "uv needs none of these settings: take them out"
        lines = [file.line_at(pair.start) for pair in gone]
        yield Note(file.path, lines[0], f"{NAME}/variable", message, tuple(lines[1:]))
    elif gone:
        for start, end in removal(stream, holder, gone):
            why = "uv needs no such setting"
            yield Edit(file.path, start, end, "", f"{NAME}/variable", why)


def _caches(file: SourceFile) -> Iterator[Edit | Note]:
    for match in _HELD.finditer(file.text):
        message = "Poetry kept its environments there: uv's is `.venv`, cache that or nothing"
        line = file.line_at(match.start())
        yield Note(file.path, line, f"{NAME}/cache", message)
    for match in _ORB.finditer(file.text):
        message = "the orb installs with Poetry: newer releases of it take `pkg-manager: uv`"
        yield Note(file.path, file.line_at(match.start()), f"{NAME}/orb", message)
    for match in _CACHE.finditer(file.text):
        yield Edit(file.path, *match.span(), "uv", f"{NAME}/cache", "the folder is uv's now")
