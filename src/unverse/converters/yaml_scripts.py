"""Commands in YAML: one scalar, or a list of them, as most services that run commands have it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from unverse.commands.context import Context
from unverse.commands.script import Result, Tables, edit_script
from unverse.edits import Edit, Note
from unverse.repo import SourceFile
from unverse.syntax.yaml_edit import removal
from unverse.syntax.yaml_model import Alias, Item, Mapping, Node, Pair, Scalar, Sequence, Stream

_QUOTING = "its quoting hides the command from a faithful edit: write uv's form by hand"
# What makes the raw text of a quoted scalar differ from its value, and what cannot go into it.
_ESCAPES = {"double": re.compile(r"\\"), "single": re.compile("''")}
_WINDOWS = frozenset({"pwsh", "powershell"})
_NEVER = re.compile(r"(?!)")
_QUOTES = {"double": '"', "single": "'", "plain": ": ", "literal": "\0", "folded": "\0"}


@dataclass
class Scripts:
    """The commands of one file, each translated once however often an alias names it.

    Attributes:
        outcomes: so far.
        seen: the results, for what a service wants to know besides.
        tables: whose commands are translated; by default Poetry's.
    """

    file: SourceFile
    stream: Stream
    rule: str
    outcomes: list[Edit | Note] = field(default_factory=list)
    seen: list[Result] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    tables: Tables | None = None
    _windows: bool = False  # no shell that knows `NAME=value command`

    def run(self, holder: Mapping, key: str, context: Context) -> Context:
        """Translate what stands at `key`, a command or a list, and return the context behind it.

        Commands that go take their item with them, the last one the key.
        """
        pair = holder.pair(key)
        if pair is None or pair.value is None:
            return context
        self._windows = key in _WINDOWS or (key != "bash" and self._names_windows)
        aliased = isinstance(pair.value, Alias)
        value = self.stream.resolve(pair.value)
        if isinstance(value, Scalar):
            result = self._scalar(value, context)
            if result and result.emptied and not aliased:
                self._remove(holder, [pair])
            return result.context if result else context
        if isinstance(value, Sequence) and pair.key and self._refers(pair.key.end, value):
            return self._referenced(value, context)
        if isinstance(value, Sequence):
            context, gone = self._list(value, context)
            if gone and len(gone) == len(value.items) and not aliased:
                self._remove(holder, [pair])
            elif gone:
                self._remove(value, gone)
        return context

    def _list(self, value: Sequence, context: Context) -> tuple[Context, list[Item]]:
        gone: list[Item] = []
        for item in value.items:
            inner = self.stream.resolve(item.value)
            if isinstance(inner, Sequence) and self._refers(item.start, inner):
                context = self._referenced(inner, context)
            elif isinstance(inner, Sequence):
                # Lists in lists are how YAML anchors are put together: they are flattened.
                context, removed = self._list(inner, context)
                if removed and len(removed) < len(inner.items):
                    self._remove(inner, removed)
                elif removed and isinstance(item.value, Sequence):
                    gone.append(item)
            elif isinstance(inner, Scalar):
                result = self._scalar(inner, context)
                context = result.context if result else context
                if result and result.emptied and isinstance(item.value, Scalar):
                    gone.append(item)
        return context, gone

    def _refers(self, start: int, value: Sequence) -> bool:
        """Whether GitLab's tag stands before a list: it names a place, it holds no commands."""
        return "!reference" in self.file.text[start : value.start]

    def _referenced(self, value: Sequence, context: Context) -> Context:
        """Run the commands of `!reference [job, key]`."""
        names = [item.value.value for item in value.items if isinstance(item.value, Scalar)]
        holder: Node | None = self.stream.root
        for name in names[:-1]:
            holder = self.stream.resolve(holder.get(name)) if isinstance(holder, Mapping) else None
        if isinstance(holder, Mapping) and names:
            return self.run(holder, names[-1], context)
        return context

    def _scalar(self, scalar: Scalar, context: Context) -> Result | None:
        start, end = scalar.inner
        raw = self.file.text[start:end]
        folded = scalar.style != "literal" and "\n" in raw
        result = None
        if not _ESCAPES.get(scalar.style, _NEVER).search(raw):
            result = edit_script(
                self.file, start, end, context, self.rule, folded=folded, tables=self.tables
            )
            if any(
                isinstance(o, Edit) and _QUOTES[scalar.style] in o.text for o in result.outcomes
            ):
                result = None
        if result is None:
            if "poetry" in scalar.value.lower() and scalar.start not in self.done:
                line = self.file.line_at(scalar.start)
                self.outcomes.append(Note(self.file.path, line, f"{self.rule}/quoting", _QUOTING))
                self.done.add(scalar.start)
            return None
        if scalar.start not in self.done:
            self.done.add(scalar.start)
            self.seen.append(result)
            notes = [o for o in result.outcomes if isinstance(o, Note)]
            self.outcomes += notes if result.emptied else result.outcomes
            if context.setting == "ci" and self.tables is None and not self._windows:
                self._hold(scalar, context, result)
            return result
        return Result((), result.context, False, result.seen)

    @property
    def _names_windows(self) -> bool:
        return "appveyor" in self.file.path or "windows" in self.file.text.lower()

    def _hold(self, scalar: Scalar, context: Context, result: Result) -> None:
        """Keep `uv run` in task files from installing what a job left out."""
        from unverse.converters.task_calls import held

        why = "`uv run` in what is called here would install what the job left out"
        for at in held(self.file.text, *scalar.inner, context, result):
            edit = Edit(self.file.path, at, at, "UV_NO_SYNC=1 ", f"{self.rule}/partial", why)
            self.outcomes.append(edit)

    def _remove(self, holder: Mapping | Sequence, children: Iterable[Pair | Item]) -> None:
        children = list(children)
        if len(children) == len(holder.pairs if isinstance(holder, Mapping) else holder.items):
            line = self.file.line_at(children[0].start)
            message = "nothing is left to do here with uv: take it out"
            self.outcomes.append(Note(self.file.path, line, f"{self.rule}/emptied", message))
            return
        for start, end in removal(self.stream, holder, children):
            why = "only Poetry needed it"
            self.outcomes.append(Edit(self.file.path, start, end, "", f"{self.rule}/remove", why))
