"""`dependabot.yml`: the ecosystem `uv` reads uv.lock; `pip` would write poetry.lock again.

https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.syntax.yaml_model import Mapping, Node, Stream

NAME = "dependabot"
_PATH = "a folder that is called after Poetry: it stays as long as the folder does"
_OLD = frozenset({"pip", "poetry"})


def matches(path: str) -> bool:
    """Say whether Dependabot reads the file."""
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[2] == ".github" and PurePosixPath(name).stem == "dependabot"


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Move the updates of folders with a Poetry project to the ecosystem `uv`."""
    if not any(name in file.text for name in _OLD):
        return
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, unreadable
    from unverse.syntax.yaml import parse

    stream = parse(file.text)
    if stream.broken:
        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    outcomes: list[Edit | Note] = []
    for update in _updates(stream):
        outcomes += _update(file, stream, update, project)
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    for number, line in enumerate(file.text.split("\n"), start=1):
        if re.search(r"/[\w.-]*poetry(?!\.lock)", line) and not line.lstrip().startswith("#"):
            outcomes.append(Note(file.path, number, f"{NAME}/path", _PATH))
    yield from outcomes
    yield from comments(file, outcomes, NAME)


def _updates(stream: Stream) -> Iterator[Mapping]:
    from unverse.syntax.yaml_model import Mapping, Sequence

    root = stream.root
    found = stream.resolve(root.get("updates")) if isinstance(root, Mapping) else None
    for item in found.items if isinstance(found, Sequence) else ():
        update = stream.resolve(item.value)
        if isinstance(update, Mapping):
            yield update


def _update(
    file: SourceFile, stream: Stream, update: Mapping, project: Project
) -> Iterator[Edit | Note]:
    from unverse.syntax.yaml_model import Scalar

    ecosystem = update.get("package-ecosystem")
    if not isinstance(ecosystem, Scalar) or ecosystem.value not in _OLD:
        return
    folders = [_normal(text) for text in _folders(stream, update)]
    ours = [any(_holds(folder, f) for f in project.folders) for folder in folders]
    if not any(ours):
        return
    if not all(ours):
        other = next(f for f, mine in zip(folders, ours, strict=True) if not mine)
        message = (
            f"`/{other}` holds no Poetry project, another of the directories does: split the "
            "entry, and give the latter `package-ecosystem: uv`"
        )
        yield Note(file.path, file.line_at(ecosystem.start), f"{NAME}/mixed", message)
        return
    why = "Dependabot updates uv.lock under this name"
    yield Edit(file.path, *ecosystem.inner, "uv", f"{NAME}/ecosystem", why)


def _folders(stream: Stream, update: Mapping) -> Iterator[str]:
    from unverse.syntax.yaml_model import Scalar, Sequence

    single, several = update.get("directory"), stream.resolve(update.get("directories"))
    nodes: list[Node | None] = [single]
    if isinstance(several, Sequence):
        nodes += [item.value for item in several.items]
    yield from (node.value for node in nodes if isinstance(node, Scalar))


def _normal(folder: str) -> str:
    return folder.strip("/").removeprefix("./").removesuffix("/.")


def _holds(pattern: str, folder: str) -> bool:
    """Whether a directory of Dependabot's, perhaps with `*` and `**`, is that folder."""
    if pattern in {"", "."}:
        return folder == ""
    steps = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return bool(re.fullmatch("".join(steps.get(p) or re.escape(p) for p in parts), folder))
