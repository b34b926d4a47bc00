"""Typed access to the tables of a TOML document, with errors that say where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from unverse.edits import Note
from unverse.errors import ConfigurationError, ConstraintError
from unverse.poetry.lines import line_of
from unverse.poetry.model import Address

REFUSED = "correct it: Poetry refuses it, too"
_NAMES = {str: "a string", bool: "true or false", dict: "a table", list: "an array"}


class File(NamedTuple):
    """A TOML file that is being read, and the notes that it gives rise to."""

    path: str
    text: str
    notes: list[Note]

    def where(self, address: Address) -> str:
        """Return `path:line` of an address, or the path alone."""
        line = line_of(self.text, address)
        return f"{self.path}:{line}" if line else self.path

    def note(self, rule: str, message: str, address: Address) -> None:
        """Leave something for a person."""
        self.notes.append(Note(self.path, line_of(self.text, address), rule, message))

    def fail(self, message: str, address: Address, hint: str = "") -> NoReturn:
        """Refuse the file.

        Raises:
            ConfigurationError: always.
        """
        raise ConfigurationError(message, where=self.where(address), hint=hint or REFUSED)

    def refuse(self, error: ConstraintError, address: Address) -> NoReturn:
        """Say where a constraint or marker stands that does not parse.

        Raises:
            ConstraintError: always.
        """
        raise ConstraintError(
            error.message, where=self.where(address), hint=error.hint or REFUSED
        ) from error


class Table(NamedTuple):
    """A table of the document (or an inline table), and where it stands."""

    file: File
    values: Mapping[str, Any]
    address: Address

    def at(self, key: str, index: int | None = None) -> Address:
        """Return the address of a key of this table."""
        if self.address.key:  # an inline table: its key is all that a person can look for
            return self.address
        return Address(self.address.table, key, self.address.index if index is None else index)

    def fail(self, key: str, message: str, hint: str = "") -> NoReturn:
        """Refuse the value of a key.

        Raises:
            ConfigurationError: always.
        """
        self.file.fail(message, self.at(key), hint)

    def text(self, key: str) -> str:
        """Return a string; empty if the key is absent."""
        return str(self._typed(key, str, ""))

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a boolean."""
        return bool(self._typed(key, bool, default))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return an array of strings; empty if the key is absent."""
        items = self._typed(key, list, [])
        if not all(isinstance(item, str) for item in items):
            self.fail(key, f"`{key}` must be an array of strings")
        return tuple(items)

    def array(self, key: str) -> Sequence[Any]:
        """Return an array of anything; empty if the key is absent."""
        items: Sequence[Any] = self._typed(key, list, [])
        return items

    def table(self, key: str) -> Table:
        """Return the table below a key; empty if the key is absent."""
        values = self._typed(key, dict, {})
        return Table(self.file, values, Address((*self.address.table, key)))

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Yield every key with its table."""
        for key in self.values:
            yield key, self.table(key)

    def _typed(self, key: str, kind: type, default: Any) -> Any:
        value = self.values.get(key, default)
        if not isinstance(value, kind):
            self.fail(key, f"`{key}` must be {_NAMES[kind]}, not `{shown(value)}`")
        return value


def shown(value: object) -> str:
    """Return a value for a message, cut short."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
