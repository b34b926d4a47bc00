"""What a launcher does with a command line: values, so that they can be printed and compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# BSD's `EX_USAGE`: the command line asks for what uv does not have.
REFUSED = 64


class Answer(NamedTuple):
    """What becomes of a command line.

    Attributes:
        commands: argument lists, run one after the other as long as they succeed; the first word
            is `uv`, `uvx`, or one of the words in `prints.py` that the launcher does itself.
        environment: variables that are set for them.
        differs: how they differ from what the tool does; empty if they do not.
        refused: why nothing is run; empty if something is.
        shape: the shape of `shapes.py` that the output is brought into; empty to leave it alone.
        real: the project is still on Poetry, for this reason: the real tool runs.
    """

    commands: tuple[tuple[str, ...], ...] = ()
    environment: Mapping[str, str] = {}
    differs: str = ""
    refused: str = ""
    shape: str = ""
    real: str = ""

    @property
    def goes(self) -> bool:
        """Whether there is nothing to do, since uv needs nothing of the kind."""
        return not (self.commands or self.refused or self.real)

    @property
    def line(self) -> str:
        """The whole as one line for a POSIX shell, without secrets."""
        from unverse.shims.told import told

        return told(self.commands, self.environment)
