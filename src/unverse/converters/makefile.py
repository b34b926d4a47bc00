"""Makefiles: recipes, variables that hold commands, the lock as a target or prerequisite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.syntax.makefile import Part

NAME = "makefile"
_NAMES = frozenset({"makefile", "gnumakefile", "bsdmakefile"})
_POETRY = re.compile("poetry", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{ *cookiecutter")
_RUNNER = re.compile(r"(?:\S*/)?poetry\s+run\s*")
_HELD_RUNNER = re.compile(r"(?P<program>\$[({]\w+[)}])[ \t]+run\s*")
_PROGRAM = re.compile(r"(?:\S*/)?poetry")
_TARGET = "the name of a target, kept: other targets, CI and people call it"
_VARIABLE = (
    "`{0}` holds `uv` now, under its old name: rename it if nothing outside sets it (`make {0}=…`)"
)
# Poetry installs into the conda environment that is active, uv where it is told to.
_CONDA = re.compile(r"\bCONDA_(?:DEFAULT_ENV|PREFIX)\b")
_CONDA_WHY = "uv ignores the active conda environment, which Poetry installed into"
_TOLD = "UV_PROJECT_ENVIRONMENT"
_SHELL = "`poetry shell` opened a shell to type in, so does this; `uv run` needs none"
_PIP = "`{}` is `uv run …`, and uv's environments hold no pip: `uv pip …` instead"


def matches(path: str) -> bool:
    """Say whether make reads it."""
    place = PurePosixPath(path)
    return place.name.lower() in _NAMES or place.suffix in {".mk", ".make"}


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate what a Makefile runs; targets keep their names."""
    if not _POETRY.search(file.text):
        return
    from unverse.commands.task_files import consistent

    posix = not re.search(r"^SHELL\b.*(?:bash|zsh)", file.text, re.MULTILINE)
    yield from consistent(file, NAME, _convert(file, project), posix=posix)


def _convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    from unverse.commands.task_files import narrowed, task_context
    from unverse.converters.task_calls import in_prefix
    from unverse.syntax.makefile import parts

    found = tuple(parts(file.text))
    if reason := _broken(file, found):
        yield reason
        return
    recipes = [file.text[p.start : p.end] for p in found if p.sort == "recipe"]
    # What a pattern rule's stem stands for is one name.
    context = task_context(project)._replace(values={"$*": ("one",)})
    context = narrowed(context, recipes, "make")
    programs = frozenset(
        form
        for p in found
        if _holds_program(file, p)
        for form in (f"$({p.name})", f"${{{p.name}}}")
    )
    in_conda = bool(_CONDA.search(file.text))
    foreign = in_conda or in_prefix(project.neighbours)
    context = context._replace(kept_programs=programs, foreign=foreign)
    outcomes = tuple(_Makefile(file, found, context, _others(file, found)).outcomes())
    if in_conda and any(_uses_environment(o) for o in outcomes) and _TOLD not in file.text:
        text = f"export {_TOLD} = $(CONDA_PREFIX){file.eol}"
        yield Edit(file.path, 0, 0, text, f"{NAME}/conda", _CONDA_WHY)
    yield from outcomes


def _uses_environment(outcome: Edit | Note) -> bool:
    rules = {f"{NAME}/poetry-{name}" for name in ("install", "sync", "run", "update")}
    return isinstance(outcome, Edit) and outcome.rule in rules


def _broken(file: SourceFile, found: tuple[Part, ...]) -> Note | None:
    from unverse.converters.surroundings import unreadable

    if match := _TEMPLATE.search(file.text):
        at, reason = match.start(), "a template"
    else:
        unknown = next((part for part in found if part.sort == "unknown"), None)
        if unknown is None:
            return None
        at, reason = unknown.start, "this line is no Makefile that is understood"
    return unreadable(file, at, reason, NAME)


def _others(file: SourceFile, found: tuple[Part, ...]) -> re.Pattern[str]:
    """Match the use of a variable that is called after Poetry and holds something else."""
    names = {p.name for p in found if p.sort == "variable" and _POETRY.search(p.name)}
    names -= {p.name for p in found if p.sort == "variable" and _names_poetry(file, p)}
    return re.compile(rf"\$[({{](?:{'|'.join(map(re.escape, sorted(names))) or '(?!)'})[)}}]")


def _names_poetry(file: SourceFile, part: Part) -> bool:
    return bool(_POETRY.search(file.text, *part.value))


def _holds_program(file: SourceFile, part: Part) -> bool:
    value = file.text[slice(*part.value)].strip()
    return part.sort == "variable" and bool(_PROGRAM.fullmatch(value))


@dataclass
class _Makefile:
    file: SourceFile
    parts: tuple[Part, ...]
    context: Context
    others: re.Pattern[str]

    def outcomes(self) -> Iterator[Edit | Note]:
        """Go through it block by block: a rule with its recipe, or the lines between rules."""
        from unverse.commands.help_texts import help_texts

        blocks = [(block, list(self._block(block))) for block in _blocks(self.parts)]
        edited = [any(isinstance(o, Edit) for o in outcomes) for _, outcomes in blocks]
        for (block, outcomes), mine in zip(blocks, edited, strict=True):
            yield from outcomes
            if mine or (any(edited) and self._only_tells(block)):
                for part in block:
                    if part.sort != "text":
                        yield from help_texts(
                            self.file, part.start, part.end, self.context, NAME, part.sort
                        )

    def _only_tells(self, block: Sequence[Part]) -> bool:
        recipe = [self.file.text[p.start : p.end] for p in block if p.sort == "recipe"]
        return bool(recipe) and all(re.match(r"\s*[@-]*\s*(?:echo|printf)\b", t) for t in recipe)

    def _block(self, block: Sequence[Part]) -> Iterator[Edit | Note]:
        from unverse.converters.makefile_tokens import token_lines

        taken: set[int] = set()
        for edit in token_lines(self.file, block, self.context, NAME):
            taken.add(self.file.line_at(edit.start) if edit.end > edit.start else 0)
            yield edit
        for part in block:
            if self.file.line_at(part.start) not in taken:
                yield from self._part(part)

    def _mentions(self, start: int, end: int) -> bool:
        """Whether Poetry is named, by more than a variable that holds something else."""
        return bool(_POETRY.search(self.others.sub("", self.file.text[start:end])))

    def _part(self, part: Part) -> Iterator[Edit | Note]:
        mentions = self._mentions(part.start, part.end)
        if part.sort == "recipe" and (mentions or self.context.kept_programs):
            yield from self._script(part.start, part.end)
        elif mentions and part.sort == "variable":
            yield from self._variable(part)
        elif mentions and part.sort == "rule":
            yield from self._rule(part)
        elif mentions and part.sort == "directive":
            yield from self._shell_calls(part.start, part.end)

    def _script(self, start: int, end: int) -> Iterator[Edit | Note]:
        from unverse.commands.lock_names import lock_names
        from unverse.commands.script import edit_script

        result = edit_script(self.file, start, end, self.context, NAME, dialect="make")
        places = [command.start for command, _ in result.seen]
        yield from self._sub_shells(result.outcomes)
        yield from self._shell_calls(start, end, places)
        yield from lock_names(self.file, start, end, NAME, "make")

    def _sub_shells(self, outcomes: Iterable[Edit | Note]) -> Iterator[Edit | Note]:
        """`poetry shell` in a recipe opens a shell: so does `uv run` with one."""
        for outcome in outcomes:
            if isinstance(outcome, Edit) or outcome.rule != f"{NAME}/poetry-shell":
                yield outcome
            else:
                yield replace(outcome, message=_SHELL)
                start = self.file.line_start(outcome.line)
                match = re.compile(r"poetry\s+shell\b").search(self.file.text, start)
                if match:
                    why = "a shell in uv's environment"
                    yield Edit(self.file.path, *match.span(), "uv run $$SHELL", outcome.rule, why)

    def _shell_calls(
        self, start: int, end: int, places: Sequence[int] = ()
    ) -> Iterator[Edit | Note]:
        """`$(eval V := $(shell poetry …))`: the text of each call is a script."""
        for match in re.compile(r"\$\(shell[ \t]").finditer(self.file.text, start, end):
            inner = match.end()
            stop = _closing(self.file.text, inner, end)
            seen = any(inner <= place < stop for place in places)
            if not seen and self._mentions(inner, stop):
                yield from self._script(inner, stop)

    def _variable(self, part: Part) -> Iterator[Edit | Note]:
        start, end = part.value
        value = self.file.text[start:end]
        line = self.file.line_at(start)
        if _holds_program(self.file, part):
            why = "the program that the recipes call"
            yield Edit(
                self.file.path, start, start + len(value.rstrip()), "uv", _rule("variable"), why
            )
            told, lines = _VARIABLE.format(part.name), self._uses(part.name)
            yield Note(self.file.path, line, _rule("variable"), told, lines)
        elif match := _RUNNER.fullmatch(value):
            run = "uv run --no-sync" if self.context.synced else "uv run"
            stop = start + len(match[0].rstrip())
            yield Edit(self.file.path, start, stop, run, _rule("poetry-run"), "uv's form of it")
            yield from self._pip_uses(part.name)
        elif self._is_held_runner(value):
            if self.context.synced:
                stop = start + len(value.rstrip())
                yield Edit(
                    self.file.path, stop, stop, " --no-sync", _rule("poetry-run"), "uv's form of it"
                )
            yield from self._pip_uses(part.name)
        else:
            yield from self._script(start, end)

    def _is_held_runner(self, value: str) -> bool:
        """Whether a value is `$(POETRY) run`, of a variable that holds Poetry."""
        found = _HELD_RUNNER.fullmatch(value)
        return found is not None and found["program"] in self.context.kept_programs

    def _uses(self, name: str) -> tuple[int, ...]:
        """Return the lines that use a variable."""
        uses = re.finditer(rf"\$[({{]{re.escape(name)}[)}}]", self.file.text)
        return tuple(dict.fromkeys(self.file.line_at(match.start()) for match in uses))

    def _pip_uses(self, name: str) -> Iterator[Note]:
        uses = rf"\$[({{]{re.escape(name)}[)}}][ \t]+(?:python[\d.]*[ \t]+-m[ \t]+)?pip\b"
        for match in re.finditer(uses, self.file.text):
            line = self.file.line_at(match.start())
            yield Note(self.file.path, line, _rule("pip"), _PIP.format(f"$({name})"))

    def _rule(self, part: Part) -> Iterator[Edit | Note]:
        from unverse.commands.lock_names import OLD, rename

        end = part.value[0] if part.value != (part.start, part.end) else part.end
        comment = self.file.text.find("#", part.start, end)
        stop = comment if comment >= 0 else end
        for match in OLD.finditer(self.file.text, part.start, stop):
            yield rename(self.file, match.start(), NAME)
        named = OLD.sub("", self.file.text[part.start : stop])
        if _POETRY.search(re.sub(r"\$\([^()]*\)", "", named)):
            yield Note(self.file.path, self.file.line_at(part.start), _rule("target"), _TARGET)
        if end != part.end:
            yield from self._script(end, part.end)


def _blocks(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Group a rule with the comments right above it and its recipe."""
    block: list[Part] = []
    above: list[Part] = []
    for part in parts:
        if part.sort == "comment":
            above = [*above, part] if part.targets else []
            block.append(part)
            continue
        joined = part.sort == "directive" and block and block[-1].sort == "directive"
        if part.sort != "recipe" and not joined:
            for comment in above:
                block.remove(comment)
            if block:
                yield block
            block = above
        block.append(part)
        above = []
    if block:
        yield block


def _closing(text: str, start: int, end: int) -> int:
    depth = 1
    for at in range(start, end):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return end


def _rule(name: str) -> str:
    return f"{NAME}/{name}"
