"""What is done to one Dockerfile, gathered before it is put together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.dockerfile import Dockerfile, Instruction, Pair

NAME = "docker"
_Lines = dict[Instruction, list[str]]


@dataclass
class Work:
    """The outcomes so far.

    Attributes:
        masked: the file with the text that a shell sees, same length (`Dockerfile.shell`).
        before: lines that come in front of an instruction; `after`: and behind it.
        renamed: variables with another name, `folders`: places with another name.
        removed: what goes of ENV and ARG unless something still reads it.
        doubtful: those of them that uv has nothing for, with what to say if they were never read.
        gone: instructions of which nothing is left, with the rule's last word and the reason.
    """

    file: SourceFile
    project: Project
    dockerfile: Dockerfile
    edits: list[Edit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    before: _Lines = field(default_factory=lambda: defaultdict(list))
    after: _Lines = field(default_factory=lambda: defaultdict(list))
    removed: dict[Instruction, list[Pair]] = field(default_factory=dict)
    doubtful: dict[Pair, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    gone: dict[Instruction, tuple[str, str]] = field(default_factory=dict)

    @property
    def masked(self) -> SourceFile:
        """The file as a shell reads it."""
        return SourceFile(self.file.path, self.dockerfile.shell)

    @property
    def separator(self) -> str:
        """What stands between the pairs of an ENV of several lines."""
        return f" {self.dockerfile.escape}{self.file.eol}    "

    def edit(self, start: int, end: int, text: str, rule: str, why: str) -> None:
        """Add an edit; `rule` without the converter's name."""
        self.edits.append(Edit(self.file.path, start, end, text, f"{NAME}/{rule}", why))

    def note(self, at: int, rule: str, message: str) -> None:
        """Add a note at the line of an offset, once."""
        note = Note(self.file.path, self.file.line_at(at), f"{NAME}/{rule}", message)
        if note not in self.notes:
            self.notes.append(note)
