"""The template's questions, and the answers that a command line gives to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from unverse.errors import UsageError
from unverse.scaffold.yaml import table

FILE = Path(__file__).with_name("copier.yml")
_SET = "features"


@dataclass(frozen=True, slots=True)
class Questions:
    """What copier.yml asks.

    Attributes:
        asked: names of the questions, in order.
        features: what a project may have.
        usual: what it has unless told otherwise.
    """

    asked: tuple[str, ...]
    features: tuple[str, ...]
    usual: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command line says about the answers.

    Attributes:
        data: answers, by question.
        added: features to have.
        removed: features not to have.
    """

    data: Mapping[str, str]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Iterable[str], added: str, removed: str) -> Wish:
        """Read `KEY=VALUE` words and lists `FEATURE,…`.

        Raises:
            UsageError: a question or a feature that there is not.
        """
        return cls(dict(map(_answer, data)), _features(added), _features(removed))

    def answers(self, before: Sequence[str]) -> dict[str, str | list[str]]:
        """Return the answers that are given, with the whole set of features if it changes.

        Args:
            before: the features as they are, or as they are by default.

        Raises:
            UsageError: one feature is to be had and not to be had.
        """
        if both := set(self.added) & set(self.removed):
            raise UsageError(f"`{min(both)}` is named by both `--with` and `--without`")
        given: dict[str, str | list[str]] = dict(self.data)
        if _SET in self.data or self.added or self.removed:
            chosen = _listed(self.data[_SET]) if _SET in self.data else before
            wanted = {*chosen, *self.added} - {*self.removed}
            given[_SET] = [name for name in questions().features if name in wanted]
        return given


@cache
def questions() -> Questions:
    """Read the template's questions."""
    known = table(FILE.read_text(encoding="utf-8"), FILE.name)
    asked = {
        name: entry
        for name, entry in known.items()
        if isinstance(entry, dict) and not name.startswith("_") and "when" not in entry
    }
    choices, usual = asked[_SET]["choices"], asked[_SET]["default"]
    assert isinstance(choices, dict) and isinstance(usual, list)  # noqa: S101 - our own file
    return Questions(tuple(asked), tuple(map(str, choices.values())), tuple(map(str, usual)))


def _answer(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise UsageError(f"`--data {word}` has no value", hint=f"write `--data {key}=VALUE`")
    if key not in questions().asked:
        known = ", ".join(f"`{name}`" for name in questions().asked)
        raise UsageError(f"`--data {word}`: there is no question `{key}`", hint=f"known: {known}")
    if key == _SET:
        _features(",".join(_listed(value)))
    return key, value


def _listed(text: str) -> list[str]:
    """Read `[a, b]`, as Copier takes a list, or `a,b`."""
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [word.strip().strip("'\"") for word in inner.split(",") if word.strip()]


def _features(text: str) -> tuple[str, ...]:
    names = tuple(_listed(text))
    for name in names:
        if name not in questions().features:
            known = ", ".join(f"`{one}`" for one in questions().features)
            raise UsageError(f"there is no feature `{name}`", hint=f"known: {known}")
    return names
