"""The answers file of a project: what was answered, and which template that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from unverse.errors import ConfigurationError, UsageError
from unverse.scaffold.yaml import Value, table

FILE = ".copier-answers.yml"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the file holds.

    Attributes:
        source: where the template's history is.
        tag: of the template in that history.
        values: every answer; all scalars are text.
    """

    source: str
    tag: str
    values: Mapping[str, Value]

    @classmethod
    def read(cls, project: Path) -> Answers:
        """Read the file of the project in a directory.

        Raises:
            UsageError: the directory holds no project of `unverse new`.
            ConfigurationError: the file cannot be read or lacks what Copier needs.
        """
        try:
            text = (project / FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise UsageError(
                f"there is no `{FILE}`, so this is no project of `unverse new`",
                where=str(project),
                hint="name its directory: `unverse new --update DIRECTORY`",
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"cannot be read: {error}", where=FILE) from error
        values = table(text, FILE)
        source, tag = values.get("_src_path"), values.get("_commit")
        if not (isinstance(source, str) and isinstance(tag, str)):
            raise ConfigurationError("has no `_src_path` or no `_commit`", where=FILE)
        return cls(source, tag, values)

    @property
    def version(self) -> str:
        """The version of unverse, without what tells its other templates apart."""
        return self.tag.removeprefix("v").partition("+t")[0].partition(".t")[0]

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.values.get("name", ""))

    @property
    def package(self) -> str:
        """What Python imports."""
        return self.name.replace("-", "_")

    @property
    def features(self) -> tuple[str, ...]:
        """What the project has."""
        found = self.values.get("features")
        return tuple(map(str, found)) if isinstance(found, list) else ()
