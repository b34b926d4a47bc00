"""One service of a compose file."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from unverse.commands.context import Context
from unverse.commands.script import argv_edits, edit_script
from unverse.converters.dockerfile.variables import meaning
from unverse.converters.surroundings import major
from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.shell import Word, command_of
from unverse.syntax.yaml_edit import indentation, removal
from unverse.syntax.yaml_model import Item, Mapping, Node, Pair, Scalar, Sequence, Stream

NAME = "compose"
_CACHE = re.compile(r"\.cache/pypoetry(?:/(?:cache|artifacts))?(?![\w/-])")
_SETTINGS = re.compile(r"(?:.*/)?poetry\.toml(?::.*)?")
_IMAGE = (
    "`uv run` needs uv in the image, and a cache that the image's user can write: "
    "`UV_NO_CACHE=1` helps where there is none"
)
_PROJECT = re.compile(r"\.{1,2}/?:")
_HIDDEN = (
    "if the image installs into `.venv` below this folder, the mount hides it, which it did not do "
    "to Poetry's environment: set `UV_PROJECT_ENVIRONMENT` in the image to a place outside, or add "
    "a volume for `.venv`"
)
_RUN = "the container starts with what is in the image"
_VENVS = (
    "Poetry's environments lay in this folder: uv's is `.venv` in the project, or what "
    "`UV_PROJECT_ENVIRONMENT` names"
)


@dataclass
class Composed:
    """The outcomes so far for a file."""

    file: SourceFile
    project: Project
    stream: Stream
    edits: list[Edit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    started: list[int] = field(default_factory=list)

    def remarks(self) -> list[Note]:
        """Return the notes, one for all lines with `uv run`."""
        notes = list(dict.fromkeys(self.notes))
        if self.started:
            first, *others = sorted(set(self.started))
            notes.append(Note(self.file.path, first, f"{NAME}/command", _IMAGE, tuple(others)))
        return notes

    def disjoint(self) -> list[Edit]:
        """Return the edits without those inside another one, in order."""
        kept: list[Edit] = []
        for edit in sorted(dict.fromkeys(self.edits), key=lambda e: (e.start, -e.end)):
            if not kept or edit.start >= kept[-1].end:
                kept.append(edit)
        return kept

    def edit(self, start: int, end: int, text: str, rule: str, why: str) -> None:
        """Add an edit."""
        self.edits.append(Edit(self.file.path, start, end, text, f"{NAME}/{rule}", why))

    def note(self, at: int, rule: str, message: str) -> None:
        """Add a note."""
        line = self.file.line_at(at)
        self.notes.append(Note(self.file.path, line, f"{NAME}/{rule}", message))

    def service(self, service: Mapping) -> None:
        """Translate one service, or a part that services share."""
        resolve = self.stream.resolve
        known = len(self.started)
        for key in ("entrypoint", "command"):
            self._command(resolve(service.get(key)))
        health = resolve(service.get("healthcheck"))
        if isinstance(health, Mapping):
            self._command(resolve(health.get("test")))
        build = resolve(service.get("build"))
        if isinstance(build, Mapping) and (pair := build.pair("args")):
            self._variables(build, pair, arguments=True)
        if pair := service.pair("environment"):
            self._variables(service, pair, arguments=False)
        if pair := service.pair("volumes"):
            self._volumes(service, pair)
            if len(self.started) > known:
                self._mounts(pair.value)

    def _mounts(self, volumes: Node | None) -> None:
        """Note a mount that hides the environment of the image."""
        if self.project.virtualenvs.get("in-project") is True:
            return
        for item in volumes.items if isinstance(volumes, Sequence) else ():
            if isinstance(item.value, Scalar) and _PROJECT.match(item.value.value):
                self.note(item.start, "hidden-environment", _HIDDEN)

    def _context(self) -> Context:
        # Nothing is known of the image's environment, so that nothing may be taken out of it.
        version = major(self.project)
        return Context(self.project, poetry_major=version, setting="image", foreign=True)

    def _command(self, node: Node | None) -> None:
        if isinstance(node, Scalar):
            self._script(node)
        elif isinstance(node, Sequence):
            self._list(node)

    def _script(self, scalar: Scalar) -> None:
        if "poetry" not in scalar.value:
            return
        if not (scalar.is_verbatim or scalar.is_block or scalar.style == "plain"):
            self.note(
                scalar.start,
                "command",
                "its quoting hides the command from a faithful edit: write uv's form by hand",
            )
            return
        start, end = scalar.inner
        text = self.file.text
        if scalar.style != "literal":  # its line breaks mean spaces, within quotes as well
            inside = text[start:end].replace("\n", " ").replace("\r", " ")
            text = text[:start] + inside + text[end:]
        file = SourceFile(self.file.path, text)
        result = edit_script(file, start, end, self._context(), NAME)
        line = self.file.line_at(start)
        self._take([o if isinstance(o, Edit) else replace(o, line=line) for o in result.outcomes])

    def _take(self, outcomes: list[Edit | Note]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Note):
                self.notes.append(outcome)
                continue
            self.edits.append(outcome)
            if "--no-sync" in outcome.text:
                self.started.append(self.file.line_at(outcome.start))

    def _list(self, sequence: Sequence) -> None:
        items = [item.value for item in sequence.items]
        scalars = [item for item in items if isinstance(item, Scalar)]
        if len(scalars) != len(items) or not any("poetry" in s.value for s in scalars):
            return
        if scalars[0].value in {"CMD", "CMD-SHELL"}:
            scalars = scalars[1:]
        words = [Word(s.start, s.end, shlex.quote(s.value)) for s in scalars]
        programs = [s for s in scalars if s.value == "poetry" or s.value.endswith("/poetry")]
        for scalar in scalars:
            if scalar not in programs and re.search(r"\bpoetry\b\s", scalar.value):
                self._script(scalar)
        values = [scalar.value for scalar in scalars]
        separator, quote = self._spelling(sequence, programs)
        if programs and values[-2:] == [programs[0].value, "run"]:
            # The rest comes from elsewhere, from `command:` to `entrypoint:`.
            text = separator.join(map(quote, ("uv", "run", "--no-sync")))
            made = Edit(
                self.file.path, scalars[-2].start, scalars[-1].end, text, f"{NAME}/command", _RUN
            )
            self._take([made])
        elif programs:
            command = command_of(words)
            changes = argv_edits(self.file, command, self._context(), NAME, quote, separator)
            self._take(list(changes))

    def _spelling(
        self, sequence: Sequence, programs: list[Scalar]
    ) -> tuple[str, Callable[[str], str]]:
        plain = all(scalar.style == "plain" for scalar in programs)
        quote: Callable[[str], str] = str if plain else json.dumps
        if sequence.flow:
            return ", ", quote
        indent = indentation(self.file.text, sequence.items[0].start)
        return f"{self.file.eol}{indent}- ", quote

    def _variables(self, holder: Mapping, pair: Pair, *, arguments: bool) -> None:
        table = pair.value
        children: tuple[Pair | Item, ...] = ()
        if isinstance(table, Mapping):
            children = table.pairs
        elif isinstance(table, Sequence):
            children = table.items
        gone = [child for child in children if self._variable(child, arguments=arguments)]
        if isinstance(table, Mapping | Sequence):
            self._remove(holder, pair, table, gone, "variable", "only Poetry reads it")

    def _variable(self, child: Pair | Item, *, arguments: bool) -> bool:
        """Translate one variable; say whether it goes."""
        key = child.key if isinstance(child, Pair) else child.value
        if not isinstance(key, Scalar):
            return False
        name, _, value = key.value.partition("=")
        if isinstance(child, Pair):
            value = child.value.value if isinstance(child.value, Scalar) else ""
        found = meaning(name, value, self.project)
        if found is None:
            return False
        if arguments and found.name:
            message = f"uv reads it as `{found.name}`: hand it on under that name too"
            self.note(key.start, "variable", message)
        elif found.name:
            start, end = key.span(0, len(name))
            self.edit(start, end, found.name, "variable", f"uv reads it as `{found.name}`")
        elif found.name is None:
            self.note(key.start, "variable", f"`{name}`: {found.reason}")
        return found.name == ""

    def _volumes(self, holder: Mapping, pair: Pair) -> None:
        if not isinstance(pair.value, Sequence):
            return
        gone = []
        for item in pair.value.items:
            if isinstance(item.value, Scalar):
                if _SETTINGS.fullmatch(item.value.value):
                    gone.append(item)
                else:
                    self._path(item.value)
            elif isinstance(item.value, Mapping):
                for part in item.value.pairs:
                    if isinstance(part.value, Scalar):
                        self._path(part.value)
        self._remove(
            holder, pair, pair.value, gone, "settings", "poetry.toml is not there any more"
        )

    def _path(self, scalar: Scalar) -> None:
        if "pypoetry/virtualenvs" in scalar.value:
            self.note(scalar.start, "volume", _VENVS)
        for match in _CACHE.finditer(scalar.value):
            start, end = scalar.span(match.start(), match.end())
            self.edit(start, end, ".cache/uv", "cache", "uv's cache is in another folder")

    def _remove(
        self,
        holder: Mapping,
        pair: Pair,
        table: Mapping | Sequence,
        gone: list[Pair | Item] | list[Pair] | list[Item],
        rule: str,
        why: str,
    ) -> None:
        if not gone:
            return
        children = table.pairs if isinstance(table, Mapping) else table.items
        spans = (
            removal(self.stream, holder, [pair])
            if len(gone) == len(children) and len(holder.pairs) > 1
            else removal(self.stream, table, gone)
        )
        for start, end in spans:
            self.edit(start, end, "", rule, why)
