"""Services whose jobs run all of their commands in one shell: GitLab CI, Bitbucket, Travis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unverse.commands.context import Context, Target
from unverse.converters.yaml_scripts import Scripts
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.editing import RULE, TABLES, context_for
from unverse.improvements.view import View
from unverse.repo import SourceFile
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_model import Mapping, Node, Pair, Scalar, Stream

_TRAVIS = re.compile(r"(?:.*/)?\.travis\.ya?ml")
_UV_IMAGE = re.compile(r".*astral-sh/uv\b.*")
_PYTHON_IMAGE = re.compile(r"(?:docker\.io/)?(?:library/)?python(?::.*)?")
# In the order in which they are run; GitLab runs the last one in a shell of its own.
_FIRST = ("before_install", "install", "before_script")
_KEYS = (*_FIRST, "script", "after_success", "deploy")
_LATER = ("after_script", "after-script")
# What a job runs first may stand elsewhere.
_INHERITS = frozenset({"extends", "<<"})


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate the commands behind one that brings uv, or all in an image that has it."""
    stream = parse(file.text)
    if stream.broken:
        return
    context = context_for(file.path, view, "ci")._replace(
        uv=_all_images(stream, _UV_IMAGE),
        target=_target(file, stream),
        environment={p.name: "" for p in _pairs(stream) if p.name.startswith("PIP_")},
    )
    scripts = Scripts(file, stream, RULE, tables=TABLES)
    for root in stream.documents:
        _follow(scripts, root, context)
    for outcome in scripts.outcomes:
        if isinstance(outcome, Edit) and outcome.rule == f"{RULE}/remove":
            yield replace(outcome, why="uv needs nothing of what it did")
        else:
            yield outcome


def _follow(scripts: Scripts, root: Node | None, context: Context) -> None:
    """Go through the jobs, each behind what every job runs first if it has nothing of its own."""
    if not isinstance(root, Mapping):
        return
    before = context
    for holder in (root, scripts.stream.resolve(root.get("default"))):
        if isinstance(holder, Mapping):
            before = _run(scripts, holder, before)
    for node in scripts.stream.nodes():
        if isinstance(node, Mapping) and node is not root and node is not root.get("default"):
            alone = any(p.name in {*_INHERITS, *_FIRST} for p in node.pairs)
            _run(scripts, node, context if alone else before)


def _run(scripts: Scripts, holder: Mapping, context: Context) -> Context:
    start = context
    for key in _KEYS:
        context = scripts.run(holder, key, context)
    for key in _LATER:
        scripts.run(holder, key, context._replace(target=start.target))
    return context


def _target(file: SourceFile, stream: Stream) -> Target | None:
    if not _TRAVIS.fullmatch(file.path):
        return "system" if _all_images(stream, _PYTHON_IMAGE, _UV_IMAGE) else None
    # Travis activates an environment for the Python of the job.
    languages = (pair.value for pair in _pairs(stream) if pair.name == "language")
    python = any(isinstance(value, Scalar) and value.value == "python" for value in languages)
    return "environment" if python else None


def _all_images(stream: Stream, *patterns: re.Pattern[str]) -> bool:
    """Whether the file names an image, and all that it names are of these kinds."""
    names = []
    for pair in _pairs(stream):
        if pair.name == "image":
            named = pair.value.get("name") if isinstance(pair.value, Mapping) else pair.value
            names.append(named.value if isinstance(named, Scalar) else "")
    return bool(names) and all(any(p.fullmatch(n) for p in patterns) for n in names)


def _pairs(stream: Stream) -> Iterator[Pair]:
    for node in stream.nodes():
        if isinstance(node, Mapping):
            yield from node.pairs
