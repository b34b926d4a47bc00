"""Jenkins: the scripts of `sh` steps in a Jenkinsfile or a shared library, and its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.commands.script import Result
    from unverse.syntax.groovy import ShellText, Source, Step, String

NAME = "jenkinsfile"
_PATHS = re.compile(
    r"(?:.*/)?(?:Jenkinsfile(?:[._-](?!(?:md|rst|txt|ya?ml)$)[\w.-]+)?|[\w.-]+\.[jJ]enkinsfile"
    r"|(?:vars|\.?jenkins)/(?:.*/)?[\w.-]+\.groovy)"
)
_QUOTING = "its quoting hides the command from a faithful edit: write uv's form by hand"
_PARTS = "another shell runs it, or it is put together of parts: write uv's form by hand"
_EMPTIED = "nothing is left to do here with uv: take it out"
_CALL = re.compile(r"(?<![\w$])(?:sh|bat|powershell|pwsh)\b[^\n;{}]*")
_COMMAND = re.compile(r"(?<![\w-])poetry[ \t]+[a-z]")
_FRESH = re.compile(r"(?<![\w.])node\b|\.inside\b")
_OWN_AGENT = re.compile(r"\s*(?:\w+[ \t]*\{[^{}]*\}\s*)*agent\b(?![ \t]+none\b)")
_FUNCTION = re.compile(r"\bdef[ \t]+(\w+)[ \t]*\(")
# What is left of a masked expression in a message that is cut off.
_CUT = re.compile(r"\$\{g\d+_*…")
# What takes the next statement for its own, where no brace follows.
_HELD = re.compile(r"\b(?:if|for|while)\b.*\)$|\belse$")
_DIRECTORY = re.compile(r"(?<![\w.])dir\b")


def matches(path: str) -> bool:
    """Say whether it is a Jenkinsfile, or a step of a shared library."""
    return bool(_PATHS.fullmatch(path))


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the scripts, in the order in which they run, and the variables."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.jenkins_variables import variables
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, unreadable
    from unverse.syntax.groovy import parse

    source = parse(file.text)
    if source.broken:
        yield unreadable(file, source.broken_at, source.broken, NAME)
        return
    outcomes = [*_scripts(file, source, project)]
    outcomes += variables(file, source, outcomes, NAME)
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)


def _scripts(file: SourceFile, source: Source, project: Project) -> Iterator[Edit | Note]:
    from unverse.syntax.groovy import steps

    found = [*steps(source)]
    contexts: dict[tuple[int, str], Context] = {}
    fresh = called = _context(source, project)
    emptied = []
    # What a function does is known where it is called, wherever it stands.
    for step in sorted(found, key=lambda s: not _in_function(source, s)):
        within = _in_function(source, step)
        place = (0, "") if within else _place(source, step)
        before = called if _calls(source, place[0]) else fresh
        result, outcomes = _script(file, source, step, contexts.get(place, before))
        contexts[place] = result.context
        called = result.context if within else called
        if result.emptied:
            emptied.append(step)
            outcomes = [outcome for outcome in outcomes if isinstance(outcome, Note)]
        yield from outcomes
    yield from _removed(file, source, emptied)
    yield from _put_together(file, source, {step.script.start for step in found})


def _context(source: Source, project: Project) -> Context:
    from unverse.commands.context import Context
    from unverse.converters.jenkins_variables import values
    from unverse.converters.surroundings import major

    return Context(project, major(project), environment=values(source))


def _in_function(source: Source, step: Step) -> bool:
    return any(block.head.startswith("def ") for block in source.around(step.start))


def _place(source: Source, step: Step) -> tuple[int, str]:
    """Return what tells environments apart: the agent that was asked for last, the directory."""
    agent, directory = 0, ""
    for block in source.around(step.start):
        own = block.head.startswith("stage") and _OWN_AGENT.match(source.code, block.start + 1)
        if own or _FRESH.search(block.head):
            agent = block.start
        if _DIRECTORY.search(block.head):
            begin = source.text.rfind("dir", 0, block.start)
            directory += source.text[begin : block.start].strip()
    return agent, directory


def _calls(source: Source, agent: int) -> bool:
    """Whether a function of the file is called in a block, or no block is meant."""
    names = _FUNCTION.findall(source.code)
    end = next((block.end for block in source.blocks if block.start == agent), 0)
    call = re.compile(rf"\b(?:{'|'.join(names)})\b")
    return not agent or bool(names and call.search(source.code, agent, end))


def _script(
    file: SourceFile, source: Source, step: Step, context: Context
) -> tuple[Result, list[Edit | Note]]:
    from unverse.commands.script import edit_script
    from unverse.syntax.groovy import shell_text

    start, end = step.script.inner
    shell = shell_text(source, step.script)
    read = SourceFile(file.path, file.text[:start] + shell.text + file.text[end:])
    result = edit_script(read, start, end, context, NAME)
    outcomes: list[Edit | Note] = []
    for outcome in result.outcomes:
        if isinstance(outcome, Edit):
            outcomes.append(replace(outcome, text=shell.restore(outcome.text)))
        else:
            message = _CUT.sub("${…", shell.restore(outcome.message))
            outcomes.append(replace(outcome, message=message))
    edits = [outcome for outcome in outcomes if isinstance(outcome, Edit)]
    if not result.emptied and not all(_fits(e, source, step.script, shell) for e in edits):
        line = file.line_at(_mention(file.text, start))
        outcomes = [Note(file.path, line, f"{NAME}/quoting", _QUOTING)]
    return result, outcomes


def _mention(text: str, start: int) -> int:
    return max(start, text.lower().find("poetry", start))


def _fits(edit: Edit, source: Source, string: String, shell: ShellText) -> bool:
    """Whether Groovy hands on what an edit writes, and only what it changed before."""
    start = string.inner[0]
    if any(edit.start < start + e and start + s < edit.end for s, e in shell.escapes):
        return False
    if string.quote in edit.text or edit.text.endswith(string.quote[0]):
        return False
    if re.search(r"\\(?!\r?\n)", edit.text) or (len(string.quote) == 1 and "\n" in edit.text):
        return False
    # An earlier script's variable is Groovy's or the shell's, as that string has it.
    alike = [s for s in source.strings if s.interpolates == string.interpolates]
    dollars = re.findall(r"\$(?:\{[^}]*\}|[\w.]*)", edit.text)
    there = "\n".join(source.text[slice(*s.inner)] for s in alike) if dollars else ""
    return all(len(dollar) > 1 and dollar in there for dollar in dollars)


def _removed(file: SourceFile, source: Source, emptied: list[Step]) -> Iterator[Edit | Note]:
    """Take out the steps that do nothing any more, but for the last one of a block."""
    lines = {step.start: span for step in emptied if (span := _line(source.code, step))}
    for step in emptied:
        block = [*source.around(step.start)][-1:]
        left = source.code[block[0].start + 1 : block[0].end - 1] if block else source.code
        offset = block[0].start + 1 if block else 0
        for start, end in sorted(lines.values(), reverse=True):
            if offset <= start and end <= offset + len(left):
                left = left[: start - offset] + left[end - offset :]
        if step.start in lines and left.strip():
            yield Edit(file.path, *lines[step.start], "", f"{NAME}/remove", "only Poetry needed it")
        else:
            yield Note(file.path, file.line_at(step.start), f"{NAME}/emptied", _EMPTIED)


def _line(code: str, step: Step) -> tuple[int, int] | None:
    """Return the lines of a step that shares them with nothing else."""
    start = code.rfind("\n", 0, step.start) + 1
    rest = re.compile(r"[ \t]*;?[ \t]*(?:\r?\n|$)").match(code, step.end)
    held = _HELD.search(code[:start].rstrip().rpartition("\n")[2])
    alone = not code[start : step.start].strip() and not held
    return (start, rest.end()) if rest and alone else None


def _put_together(file: SourceFile, source: Source, read: set[int]) -> Iterator[Note]:
    """Note the commands that another shell runs, or whose text is made of several parts."""
    lines = dict[int, None]()
    for string in source.strings:
        line = source.code.rfind("\n", 0, string.start) + 1
        calls = _CALL.finditer(source.code, line, string.start)
        called = string.start not in read and any(c.end() == string.start for c in calls)
        match = _COMMAND.search(file.text, *string.inner) if called else None
        if match:
            lines[file.line_at(match.start())] = None
    for number in lines:
        yield Note(file.path, number, f"{NAME}/parts", _PARTS)
