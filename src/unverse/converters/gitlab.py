"""What a job of GitLab has from elsewhere: includes, `default:`, `extends`, `!reference`.

https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml_model import Mapping as Job

_MAIN = frozenset({".gitlab-ci.yml", ".gitlab-ci.yaml"})
_FILES = re.compile(r"[\w./*-]+\.ya?ml\b")
_DEPTH = 8  # GitLab allows 11 levels of `extends`, and advises three


def is_included(path: str, neighbours: Mapping[str, str]) -> bool:
    """Say whether a repository's `.gitlab-ci.yml` includes the file, or one like it."""
    return any(
        fnmatch(path, name.lstrip("/").replace("**", "*"))
        for main, text in neighbours.items()
        if main in _MAIN
        for name in _FILES.findall(text)
    )


def others(scripts: Scripts, neighbours: Mapping[str, str]) -> Iterator[Scripts]:
    """Yield the files that the file's jobs are merged with; nothing of them is changed here."""
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml import parse

    for path, text in neighbours.items():
        if path in _MAIN and path != scripts.file.path:
            stream = parse(text)
            if not stream.broken:
                yield Scripts(SourceFile(path, text), stream, scripts.rule)


def shared(scripts: Scripts, keys: tuple[str, ...], context: Context) -> Context:
    """Return the context behind what a file has every job run first."""
    from unverse.syntax.yaml_model import Mapping

    root = scripts.stream.root
    if not isinstance(root, Mapping):
        return context
    default = scripts.stream.resolve(root.get("default"))
    for key in keys:
        context = scripts.run(root, key, context)
        if isinstance(default, Mapping):
            context = scripts.run(default, key, context)
    return context


def inherited(
    files: list[Scripts], job: Job, keys: tuple[str, ...], context: Context, depth: int = _DEPTH
) -> Context:
    """Run the commands that a job has from others, by `extends` or a merge key.

    `files`: the job's own first. Of several jobs the last one that says something counts.
    """
    for scripts, other in reversed(list(_bases(files, job))):
        said = [key for key in keys if other.get(key) is not None]
        for key in said:
            context = scripts.run(other, key, context._replace(synced=None))
        if said:
            return context
        if depth:
            after = inherited(files, other, keys, context, depth - 1)
            if after is not context:
                return after
    return context


def _bases(files: list[Scripts], job: Job) -> Iterator[tuple[Scripts, Job]]:
    from unverse.syntax.yaml_model import Mapping, Scalar, Sequence

    for pair in job.pairs:
        other = files[0].stream.resolve(pair.value)
        if pair.name == "<<" and isinstance(other, Mapping):
            yield files[0], other
    base = job.get("extends")
    names = [base] if isinstance(base, Scalar) else []
    if isinstance(base, Sequence):
        names = [item.value for item in base.items if isinstance(item.value, Scalar)]
    for name in names:
        for scripts in files:
            root = scripts.stream.root
            other = root.get(name.value) if isinstance(root, Mapping) else None
            if isinstance(other, Mapping):
                yield scripts, other
                break
