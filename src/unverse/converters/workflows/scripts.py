"""The script of a step: its commands translated, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Literal

from unverse.commands.context import Context
from unverse.commands.elsewhere import is_remote
from unverse.commands.script import Result, Verdict, edit_script
from unverse.commands.table import Translation
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Step
from unverse.converters.workflows.options import Dynamic
from unverse.edits import Edit, Note, splice
from unverse.syntax.shell import Command
from unverse.syntax.yaml_edit import line_end, line_start
from unverse.syntax.yaml_model import Scalar, Span

NAME = "github-actions"
_OF_INTEREST = re.compile(r"(?i)poetry|GITHUB_PATH|pyproject\.toml|\$\{?VENV\b")
_ESCAPED = "left as it is: escapes hide what the script says: write it as a block (`run: |`)"
_NO_SHELL = re.compile(r"(?i)python|perl|node|ruby")
_INSTALLS = frozenset({("install",), ("sync",), ("config",), ("env", "use"), ("self", "add")})
_INSTALLS |= {("env", "info"), ("env", "list"), ("show",), ("check",)}  # and tell about it
_WITHOUT_ENVIRONMENT = frozenset(
    {(), ("build",), ("publish",), ("version",), ("lock",), ("check",)}
)
_OF_MATRIX = re.compile(r"poetry[^\s\"']*\$\{\{\s*matrix\.|install \$\{\{\s*matrix\.poetry")
_TESTED = (
    "Poetry of the matrix is what is tested here, because the project depends on it: it stays, "
    "beside uv"
)
_CLEARS = re.compile(
    r"(?m)(?:^|&&|;)[ \t]*(?P<command>(?:sudo )?rm -(?:rf|fr|r) [\"']?[\w.~/${}]*"
    r"/\.cache/pypoetry(?:/(?:cache|artifacts|\*))?/?[\"']?)(?=[ \t]*(?:$|&&|;|\r|\Z))"
)
_VENV = re.compile(r"(?<=source )[\"']?\$\{?VENV\}?[\"']?|(?<=\. )[\"']?\$\{?VENV\}?[\"']?")
_ON_PATH = re.compile(
    r"(?:sudo )?ln -s\S* \S*/poetry\b.*"
    r"|echo\s.*(?:\.local/bin|[Pp]oetry|POETRY|Scripts).*>>\s*\"?\$\{?(?:env:)?GITHUB_PATH.*"
)
# What a step that installs Poetry does besides, and only for its sake.
_BESIDES = re.compile(
    r"""(?x)
    (?: \#.*
    | set\s[-+].*
    | (?:uv|poetry)\s+(?:--version|-V|self\s+version|version)
    | (?:which|command\s+-v)\s+(?:uv|poetry)
    | echo\s.*>>\s*"?\$\{?(?:env:)?GITHUB_PATH.* | .*Out-File.*GITHUB_PATH.*
    | echo\s+["']?[^$|>`]*["']?
    | export\s+PATH=.*(?:\.local/bin|[Pp]oetry|POETRY).*
    | (?:sudo\s+)?(?:python[\d.]*\s+-m\s+)?pip[\d.]*\s+install\s+
      (?:-\S+\s+|(?:pip|setuptools|wheel)\S*\s*)+
    | (?:python[\d.]*\s+-m\s+)?pipx\s+ensurepath
    | (?:source|\.)\s+\$HOME/\.poetry/env
    )\s*"""
)


class Script:
    """A step's script, or another value with commands in it, translated.

    Attributes:
        step: that it belongs to.
        result: of the command tables.
    """

    chosen = ""  # the version of Python that uv is told anyway
    moves_secrets = False  # a later step publishes

    def __init__(
        self,
        draft: Draft,
        step: Step,
        context: Context,
        scalar: Scalar | None = None,
        dynamic: Dynamic | None = None,
        *,
        keeps_poetry: bool = False,
    ) -> None:
        found = scalar or step.run
        if found is None:
            raise ValueError("a step without a script")
        self.scalar: Scalar = found
        self.step = step
        self._draft = draft
        self._installers: Literal["keep", "remove"] = "keep" if keeps_poetry else "remove"
        self._context = context
        folded = self.scalar.style == "folded" or (
            not self.scalar.is_block and "\n" in draft.text[slice(*self.scalar.inner)]
        )
        start, end = self.scalar.inner
        self.dynamic = dynamic
        self._folded = folded
        if dynamic is None:
            self.result = self._edited(start, end, context)
        else:
            self.result = self._around(start, end, context, dynamic)

    def _edited(self, start: int, end: int, context: Context) -> Result:
        return edit_script(
            self._draft.file,
            start,
            end,
            context,
            NAME,
            folded=self._folded,
            installers=self._installers,
        )

    def _around(self, start: int, end: int, context: Context, dynamic: Dynamic) -> Result:
        """Translate what is before and behind a command with options from an expression."""
        before = self._edited(start, dynamic.start, context)
        after = self._edited(dynamic.end, end, before.context._replace(synced=dynamic.synced))
        why = "uv's form; the options behind it are translated where they are defined"
        path, rule = self._draft.file.path, f"{NAME}/options"
        edit = Edit(path, dynamic.start, dynamic.stop, dynamic.text, rule, why)
        outcomes = (*before.outcomes, edit, *after.outcomes)
        return Result(outcomes, after.context, False, (*before.seen, *after.seen))

    @property
    def _translations(self) -> list[tuple[Command, Translation]]:
        return [(c, t) for c, t in self._here if isinstance(t, Translation)]

    @property
    def _here(self) -> list[tuple[Command, Verdict]]:
        """What the runner itself executes."""
        return [(c, t) for c, t in self.result.seen if not is_remote(c)]

    @property
    def installer(self) -> bool:
        """Whether it installs Poetry."""
        return any(
            t.row and t.row.kind == "installer" and t.row.tool != "poetry" for _, t in self._here
        )

    @property
    def pinned(self) -> bool:
        """Whether it installs a certain version of Poetry."""
        said = [
            " ".join(w.text for w in c.words)
            for c, t in self._translations
            if t.kind == "installer"
        ]
        pin = re.compile(r"poetry(==|@)|--version[ =]|POETRY_VERSION|constraint")
        return bool(said) and bool(pin.search(self._draft.raw(self.scalar)))

    @property
    def installs(self) -> bool:
        """Whether it does nothing but install, so that it may run once more."""
        rest = self._rest()
        seen = [t.row.form for _, t in self._translations if t.kind == "command"]
        others = [line for line in rest if not line.startswith("uv ")]
        return all(form in _INSTALLS for form in seen) and not others

    @cached_property
    def only_for_poetry(self) -> bool:
        """Whether it only puts Poetry on PATH."""
        lines = [line for line in self._rest() if not line.startswith("#")]
        said = self.step.text("name") + "".join(lines)
        return bool(lines) and "poetry" in said.lower() and all(map(_ON_PATH.fullmatch, lines))

    @cached_property
    def only_installs_poetry(self) -> bool:
        """Whether nothing is left that has another purpose."""
        return all(_BESIDES.fullmatch(line) for line in self._rest())

    @property
    def is_empty(self) -> bool:
        """Whether nothing but comments is left of it."""
        return self.changed and all(line.startswith("#") for line in self._rest(self.outcomes))

    def _rest(self, outcomes: Iterable[Edit | Note] = ()) -> list[str]:
        start, end = self.scalar.inner
        edits = [e for e in outcomes or self.result.outcomes if isinstance(e, Edit)]
        local = [Edit(e.path, e.start - start, e.end - start, e.text, e.rule, e.why) for e in edits]
        text = splice(self._draft.text[start:end], local)
        lines = re.sub(r"\\\r?\n\s*", "", text).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def changed(self) -> bool:
        """Whether a command of it changes."""
        return any(isinstance(outcome, Edit) for outcome in self.outcomes)

    @property
    def creates_none(self) -> bool:
        """Whether it says `virtualenvs.create false`."""
        return any(t.foreign_after for _, t in self._translations)

    @property
    def runs_uv(self) -> bool:
        """Whether a command of uv is in it afterwards."""
        return bool(self.dynamic) or any(
            t.kind == "command" and t.text for _, t in self._translations
        )

    @property
    def uses_environment(self) -> bool:
        """Whether a command of uv looks at the project's environment."""
        return bool(self.dynamic) or bool(self.in_environment)

    @property
    def in_environment(self) -> list[Command]:
        """The commands that look at the project's environment."""
        return [
            c
            for c, t in self._translations
            if t.kind == "command" and t.text and t.row.form not in _WITHOUT_ENVIRONMENT
        ]

    @property
    def publishes(self) -> bool:
        """Whether it publishes."""
        return any(t.row.form == ("publish",) for _, t in self._translations)

    @property
    def secrets(self) -> list[tuple[str, str]]:
        """Credentials that it configures for later steps, as variables of uv with YAML text."""
        if self.publishes or not self.moves_secrets:
            return []
        found = []
        for _, verdict in self._translations:
            if verdict.kind != "setting" or not verdict.text.startswith("export UV_"):
                continue
            for name, raw in re.findall(
                r"(UV_\w+)=(\"[^\"]*\"|\S*\$\{\{.*?\}\}\S*|\S+)", verdict.text
            ):
                value = self._expression(raw)
                if value:
                    found.append((name, value))
        return found

    def _expression(self, raw: str) -> str:
        """Return the YAML text for a shell word; empty if it cannot stand in YAML."""
        word = raw.strip("\"'")
        variable = re.fullmatch(r"\$(?:env:)?\{?(\w+)\}?", word)
        if variable:
            env = self.step.body.get("env")
            from unverse.syntax.yaml_model import Mapping

            pair = env.pair(variable[1]) if isinstance(env, Mapping) else None
            return self._draft.raw(pair.value) if pair and pair.value else ""
        return word if "$" not in word.replace("${{", "") and word else ""

    @property
    def outcomes(self) -> list[Edit | Note]:
        """Edits and notes of the commands, and of names around them."""
        made = list(self.result.outcomes)
        made = self._without_repeated_choice(made)
        if self.creates_none:
            made = [
                o for o in made if not (isinstance(o, Note) and "PROJECT_ENVIRONMENT" in o.message)
            ]
        if self.secrets:
            made = self._without_exports(made)
        return [*made, *self._activations(), *self._cleared(), *self._lock_names(made)]

    def _lock_names(self, made: list[Edit | Note]) -> list[Edit | Note]:
        """`git add poetry.lock` and the like; not within what changes as a whole."""
        from unverse.commands.lock_names import lock_names

        file = self._draft.file
        edits = [outcome for outcome in made if isinstance(outcome, Edit)]
        lines = {file.line_at(c.start) for c, _ in self.result.seen}
        return [
            outcome
            for outcome in lock_names(file, *self.scalar.inner, NAME)
            if (isinstance(outcome, Note) and outcome.line not in lines)
            or (
                isinstance(outcome, Edit)
                and not any(e.start < outcome.end and outcome.start < e.end for e in edits)
            )
        ]

    def _without_repeated_choice(self, made: list[Edit | Note]) -> list[Edit | Note]:
        """`poetry env use X`, where uv is told X anyway, goes with its line."""
        gone = [
            c
            for c, t in self._translations
            if t.row.form == ("env", "use") and c.words[-1].text.strip("\"'") == self.chosen
        ]
        return self._lines_gone(made, gone, "poetry-env-use", "setup-uv is told this Python")

    def _without_exports(self, made: list[Edit | Note]) -> list[Edit | Note]:
        """Credentials go to the step that publishes."""
        gone = [c for c, t in self._translations if t.text.startswith("export UV_")]
        return self._lines_gone(made, gone, "credentials", "set where it is published")

    def _lines_gone(
        self, made: list[Edit | Note], gone: list[Command], rule: str, why: str
    ) -> list[Edit | Note]:
        file = self._draft.file
        for command in gone:
            span = statement_span(file.text, *self.scalar.inner, command)
            if span is None:
                continue
            line = file.line_at(command.start)
            inside = [o for o in made if isinstance(o, Edit) and span[0] <= o.start < span[1]]
            notes = [o for o in made if isinstance(o, Note) and o.line == line]
            made = [o for o in made if o not in inside and o not in notes]
            made.append(Edit(file.path, *span, "", f"{NAME}/{rule}", why))
        return made

    def _cleared(self) -> list[Edit]:
        why = "it makes room on the runner: uv's cache lies elsewhere"
        start, end = self.scalar.inner
        spans = (m.span("command") for m in _CLEARS.finditer(self._draft.text[start:end]))
        path, rule = self._draft.file.path, f"{NAME}/cache"
        return [Edit(path, start + a, start + b, "uv cache clean", rule, why) for a, b in spans]

    def _activations(self) -> list[Edit]:
        start, end = self.scalar.inner
        text = self._draft.text
        windows = "windows" in text.lower()
        new = ".venv/bin/activate"
        if windows:
            new = '.venv/$([ "$RUNNER_OS" = Windows ] && echo Scripts || echo bin)/activate'
        why = "the variable came from the action that installed Poetry"
        return [
            Edit(self._draft.file.path, m.start(), m.end(), new, f"{NAME}/activate", why)
            for m in _VENV.finditer(text, start, end)
        ]


def statement_span(text: str, start: int, end: int, command: Command) -> Span | None:
    """Return the lines of a command that stands alone on them; None if it does not."""
    first = max(line_start(text, command.start), start)
    last = min(line_end(text, command.end), end)
    if text[first : command.start].strip() or text[command.end : last].strip():
        return None
    return first, last


def read_script(
    draft: Draft,
    step: Step,
    context: Context,
    shell: str,
    find: Callable[[Scalar], Dynamic | None],
    *,
    tested: bool = False,
) -> Script | None:
    """Translate the script of a step; None if it is of no interest or cannot be read."""
    scalar = step.run
    if scalar is None or not _OF_INTEREST.search(draft.raw(scalar)):
        return None
    if _NO_SHELL.match(shell):
        if "poetry" in scalar.value.lower():
            draft.note(
                scalar.start, "shell", f"`shell: {shell}`: only shell scripts are translated"
            )
        return None
    if scalar.style == "double" and "\\" in draft.raw(scalar):
        draft.note(scalar.start, "shell", _ESCAPED)
        return None
    kept = tested and bool(_OF_MATRIX.search(scalar.value))
    if kept:
        draft.note(scalar.start, "tested", _TESTED)
    return Script(draft, step, context, dynamic=find(scalar), keeps_poetry=kept)
