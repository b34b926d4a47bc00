"""What runs one after the other in one place: a job, an image, a task, a script, a code block."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from unverse.repo import SourceFile
from unverse.syntax.shell import Command, parse
from unverse.syntax.shell_text import Dialect

# The words without which a text has nothing to do with either tool.
MENTION = re.compile(r"(?i)poetry|\buvx?\b")
# In code the words may be anything: what follows them must be a command.
COMMAND = re.compile(
    r"(?:^|[;&|(\s@'\"/`])(?:uvx\s+[\w$]|(?:poetry|uv)\s+(?:-[-\w=]+\s+)*(?:run|install|sync|add|remove"
    r"|update|lock|export|build|publish|version|check|show|tree|config|env|self|shell|cache|pip|venv"
    r"|tool|python)\b)"
)
_EXPORTED = re.compile(r"(?m)(?:^|[;&][ \t]*)[ \t]*export[ \t]+([A-Z_]\w*)=(\"[^\"\n]*\"|[^\s;&]*)")
_FOR_JOB = re.compile(
    r"echo[ \t]+[\"']?([A-Z_]\w*)=([^\"'\n]*?)[\"']?[ \t]*>>[ \t]*\"?\$\{?GITHUB_ENV"
)


class Kind(StrEnum):
    """The sort of place."""

    JOB = "job"
    IMAGE = "image"
    TASK = "task"
    SCRIPT = "script"
    HOOK = "hook"
    DOCS = "docs"


@dataclass(frozen=True, slots=True)
class Step:
    """One simple command, or one action of a workflow.

    Attributes:
        path: of the file in which it is written; another than the unit's in a composite action.
        command: None for an action.
        action: `owner/name@ref`, empty for a command.
        inputs: of an action.
        environment: variables that are set for it, as far as the file says.
        folder: where it runs, POSIX, relative to the repository; empty for its root.
        text: as written, on one line.
        starts: it runs when the container starts.
        guard: text of a condition on which it runs.
        inline: it is part of a sentence.
    """

    path: str
    line: int
    text: str
    command: Command | None = None
    action: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    starts: bool = False
    guard: str = ""
    inline: bool = False

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}"

    @property
    def program(self) -> str:
        """The canonical name of the program, empty for an action."""
        return self.command.program if self.command else ""


@dataclass(frozen=True, slots=True)
class Unit:
    """Steps that share a state.

    Attributes:
        name: of the job, stage, target, function …; unique within its file.
        line: where it begins.
        properties: what else must not get lost: `user`, `entrypoint`, `expose`, `matrix` …
        base: name of the unit whose state it goes on from (a stage of the same image).
    """

    path: str
    name: str
    kind: Kind
    line: int
    steps: tuple[Step, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    @property
    def label(self) -> str:
        """`path`, with the name of the unit."""
        return f"{self.path} [{self.name}]" if self.name else self.path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a script is written, and what surrounds it."""

    file: SourceFile
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    guard: str = ""
    line: int = 0  # of the script, where its text is not that of the file

    def told(self, environment: Mapping[str, str]) -> Place:
        """Return the place with more variables."""
        return replace(self, environment={**self.environment, **environment})


def steps_of(
    text: str,
    start: int,
    end: int,
    place: Place,
    dialect: Dialect = "shell",
    *,
    folded: bool = False,
    starts: bool = False,
) -> Iterator[Step]:
    """Yield the commands of a script in their order; `cd` and `export` hold for what follows.

    The script is `text[start:end]`; `text` is that of the file if the lines are to be its lines,
    else `place.line` is the line of them all.
    """
    region = text[start:end]
    folder, environment = place.folder, dict(place.environment)
    exports = [(m.start(), m[1], m[2].strip("\"'")) for m in _EXPORTED.finditer(region)]
    for command in parse(region, dialect, folded=folded).commands:
        while exports and exports[0][0] <= command.start:
            _, name, value = exports.pop(0)
            environment[name] = value
        if command.program == "cd" and command.arguments:
            target = command.arguments[0].value
            if target and command.joint in {"", "&&"}:
                folder = _joined(folder, target)
            continue
        given = dict(word.text.split("=", 1) for word in command.assignments if "=" in word.text)
        yield Step(
            path=place.file.path,
            line=place.line or place.file.line_at(start + command.start),
            text=" ".join(region[command.start : command.end].replace("\\\n", " ").split()),
            command=command,
            environment={**environment, **{k: v.strip("\"'") for k, v in given.items()}},
            folder=folder,
            starts=starts,
            guard=place.guard,
        )


def exported(text: str) -> dict[str, str]:
    """Return the variables that a script leaves to the steps behind it (`$GITHUB_ENV`)."""
    return {match[1]: match[2].strip("\"'") for match in _FOR_JOB.finditer(text)}


def _joined(folder: str, target: str) -> str:
    if target.startswith(("/", "~", "$", "-")):
        return folder
    joined = posixpath.normpath(posixpath.join(folder, target))
    return "" if joined in {".", ".."} or joined.startswith("../") else joined
