"""A region of commands -> edits of this rule, and what the next region knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from unverse.commands import elsewhere, everywhere
from unverse.commands.context import Context, Setting
from unverse.commands.script import Result, Tables, Verdict, edit_script
from unverse.commands.table import Exactness, Translation, Untranslatable
from unverse.edits import Edit, Note, Tier
from unverse.improvements.view import View
from unverse.poetry.model import Project, Style
from unverse.repo import SourceFile
from unverse.standards.names import canonical
from unverse.syntax.shell import Command
from unverse.syntax.shell_text import Dialect

RULE = "uv-everywhere"
_UV = re.compile(r"uv(?:[=<>~!@\[].*)?")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_ACTIVATE = re.compile(r".*(?:bin|Scripts)[/\\]activate(?:\.\w+)?[\"']?")
_USES_UV = re.compile(r"(?<![\w./-])(?:uvx|uv (?:sync|run|pip|venv|lock|add|tool|build|publish))\b")
# What lets pip find packages where uv does not look.
_CONFIGURES_PIP = re.compile(
    r"\bpip\.(?:conf|ini)\b|\bpip3? config set\b|codeartifact login [^\n]*--tool pip\b|keyrings?\."
)
_UNKNOWN = "whether a virtual environment is active here is not known"


def translate(command: Command, context: Context) -> Verdict | None:
    """Translate a command, once uv is there; what differs is said in a note."""
    if not context.uv or elsewhere.is_remote(command) or brings_uv(command):
        return None
    if context.setting == "docs" and _installs_project(command, context):
        return None
    verdict = everywhere.translate(command, context)
    if isinstance(verdict, Translation) and ".pypirc" in verdict.difference:
        # A release must not fail for a password that only the machine knows.
        return Untranslatable(verdict.difference, verdict.row)
    if isinstance(verdict, Translation) and verdict.exactness is not Exactness.EXACT:
        said = (verdict.note, verdict.difference)
        return verdict._replace(note="; ".join(filter(None, said)))
    return verdict


def after(command: Command, verdict: Verdict | None, context: Context) -> Context:
    """Return what is known behind a command: uv may be there, an environment active."""
    del verdict
    if brings_uv(command):
        return context._replace(uv=True)
    if command.program in {"source", "."} and command.arguments:
        if _ACTIVATE.fullmatch(command.arguments[0].text):
            return context._replace(target="environment")
    elif command.program in {"conda", "mamba", "micromamba", "deactivate"}:
        return context._replace(target=None)
    return context


TABLES = Tables(translate, after)


def brings_uv(command: Command) -> bool:
    """Whether it installs uv."""
    texts = [word.text.strip("\"'") for word in command.words]
    if any("astral.sh/uv/" in text for text in (*texts, command.pipeline)):
        return True
    return "install" in texts and any(_UV.fullmatch(text) for text in texts[1:])


def configured(text: str, context: Context) -> Context:
    """Return the context behind a text that may tell pip where to look for packages."""
    if not _CONFIGURES_PIP.search(text):
        return context
    return context._replace(environment={**context.environment, "PIP_CONFIG_FILE": ""})


def _installs_project(command: Command, context: Context) -> bool:
    """Whether it is for those who use the project, by whatever tool they have."""
    own = canonical(context.project.name)
    found = (_NAME.match(word.value or "") for word in command.arguments)
    return bool(own) and any(match and canonical(match[0]) == own for match in found)


def edited(
    file: SourceFile,
    start: int,
    end: int,
    context: Context,
    dialect: Dialect = "shell",
    *,
    folded: bool = False,
) -> Result:
    """Translate the commands of `file.text[start:end]`."""
    result = edit_script(
        file, start, end, context, RULE, dialect=dialect, folded=folded, tables=TABLES
    )
    return replace(result, outcomes=tuple(result.outcomes))


def finished(outcomes: Iterable[Edit | Note]) -> Iterator[Edit | Note]:
    """Mark the edits as what was asked for, and say once in a file what holds of many lines."""
    notes: dict[tuple[str, str], list[Note]] = {}
    for outcome in outcomes:
        if isinstance(outcome, Edit):
            yield replace(outcome, tier=Tier.IMPROVEMENT)
        else:
            command, _, said = outcome.message.partition("`: ")
            alike = (_UNKNOWN, "") if _UNKNOWN in said else (outcome.rule, said or command)
            notes.setdefault(alike, []).append(outcome)
    for group in notes.values():
        group.sort(key=lambda note: note.line)
        first, *others = dict.fromkeys(note.line for note in group)
        yield replace(group[0], line=first, also=tuple(others))


def context_for(path: str, view: View, setting: Setting, **given: Any) -> Context:
    """Return the context of a file's commands: its project's name and settings for uv."""
    place = view.project_of(path)
    document: Mapping[str, Any] = view.document(place) if place else {}
    name = document.get("project", {}).get("name", "")
    settings = document.get("tool", {}).get("uv", {})
    project = Project(place, document, Style.PROJECT, name, settings=settings)
    folders = {"", place.rpartition("/")[0]}
    near = (path.rpartition("/") for path in view.files)
    files = frozenset(name for folder, _, name in near if folder in folders)
    return Context(project, setting=setting, files=files, **given)


def uses_uv(file: SourceFile, view: View) -> bool:
    """Whether who runs the file's commands has uv: its project is locked by it, or they call it."""
    folder = view.project_of(file.path).rpartition("/")[0]
    lock = f"{folder}/uv.lock" if folder else "uv.lock"
    return view.exists(lock) or view.exists("uv.lock") or calls_uv(file)


def calls_uv(file: SourceFile) -> bool:
    """Whether a command of uv is in the text."""
    return bool(_USES_UV.search(file.text))
