"""A tool's own command line -> what a launcher does, by the command tables."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from unverse.commands.context import Context, Synced
from unverse.commands.rows import rendered
from unverse.commands.table import Translation, Untranslatable
from unverse.shims.answer import Answer
from unverse.shims.place import Place, folder_of, is_bumped, place_of
from unverse.shims.project import migrated
from unverse.shims.surroundings import Surroundings, active_environment, surroundings
from unverse.syntax.shell_words import Command, Word

TOOLS = ("poetry", "pip", "pip-compile", "pip-sync", "pipx", "pyenv", "twine", "virtualenv")
_ENVIRONMENT = "UV_PROJECT_ENVIRONMENT"
# What asks before it removes something, and the options of those who are sure.
_ASKS = frozenset({("pip", "uninstall"), ("pyenv", "uninstall")})
_SURE = frozenset({"-y", "--yes", "-f", "--force", "-h", "--help"})
_READ_LOCK = frozenset({"install", "sync", "export"})
_WHERE_CALLED = frozenset({"build", "publish", "venv"})


def translate(tool: str, arguments: Sequence[str], cwd: str, environ: Mapping[str, str]) -> Answer:
    """Say what a launcher does with a command line; runs and writes nothing.

    Args:
        tool: one of `TOOLS`.
        arguments: those of the tool, literally.
        cwd: absolute, the folder in which it is called.
        environ: the variables that are set.
    """
    folder = folder_of(arguments, cwd) if tool == "poetry" else cwd
    place = place_of(folder)
    if tool == "poetry" and place.poetrys:
        return Answer(real=place.poetrys)
    around = surroundings(tool, arguments, environ)
    refused = around.refused or _forbidden(tool, arguments, place, around)
    if refused:
        return Answer(refused=refused)
    program = _program(tool, around.left)
    command = _command(tool, program, arguments)
    found = _translated(command, _context(tool, arguments, place, cwd, around))
    if found is None:
        return Answer(refused=f"uv has nothing for `{tool}`")
    if isinstance(found, Untranslatable):
        return Answer(refused=found.reason)
    answer = _answer(tool, arguments, command, found, _told(around, place))
    return _at_the_root(answer, place) if tool == "poetry" else answer


def _told(around: Surroundings, place: Place) -> Mapping[str, str]:
    """Return the variables for uv, without that for the environment which it takes anyway."""
    own = os.path.join(place.root, ".venv")
    if around.given.get(_ENVIRONMENT) != own or _ENVIRONMENT in around.left:
        return around.given
    return {name: value for name, value in around.given.items() if name != _ENVIRONMENT}


def _at_the_root(answer: Answer, place: Place) -> Answer:
    """Poetry does everything at the root of the project; uv does some things where it is called."""
    if place.root in {"", place.folder}:
        return answer
    there = ("--directory", place.root)
    commands = tuple(
        (words[0], *there, *words[1:])
        if words[0] == "uv" and _WHERE_CALLED.intersection(words[1:2])
        else words
        for words in answer.commands
    )
    return answer._replace(commands=commands)


def _command(tool: str, program: str, arguments: Sequence[str]) -> Command:
    """Make a command of literal words; nothing of them is a wrapper or another program."""
    from shlex import quote

    words: list[Word] = []
    at = 0
    for argument in (program, *arguments):
        raw = quote(argument)
        words.append(Word(at, at + len(raw), raw))
        at += len(raw) + 1
    return Command(tuple(words), program=tool)


def _translated(command: Command, context: Context) -> Translation | Untranslatable | None:
    if command.program == "poetry":
        from unverse.commands.poetry import translate as of_poetry

        return of_poetry(command, context)
    from unverse.commands import everywhere

    return everywhere.translate(command, context)


def _context(
    tool: str, arguments: Sequence[str], place: Place, cwd: str, around: Surroundings
) -> Context:
    """A launcher stands in a person's own environment: nothing is removed unasked."""
    project = migrated(place.text)
    reads_lock = not _READ_LOCK.isdisjoint(arguments)
    bumped = tool == "poetry" and reads_lock and is_bumped(place, project.version)
    return Context(
        project,
        setting="shell",
        foreign=True,
        synced=Synced(unlocked=not place.locked, bumped=bumped),
        # What these are told by variables decides the words, too.
        environment={**around.left, **(around.given if tool in _TOLD else {})},
        target="environment" if active_environment(around.left) else "system",
        files=frozenset(os.listdir(cwd)) if tool in {"pip-compile", "virtualenv"} else frozenset(),
    )


_TOLD = frozenset({"pip-compile", "twine"})


def _program(tool: str, environ: Mapping[str, str]) -> str:
    """Name the pip whose Python is meant: it need not be the first Python on PATH."""
    if tool not in {"pip", "pip-sync"} or active_environment(environ):
        return tool
    from unverse.shims.real import on_path, real

    path, python = real(tool, environ), on_path("python3", environ) or on_path("python", environ)
    if path and python and os.path.dirname(path) != os.path.dirname(python):
        beside = os.path.join(os.path.dirname(path), "python")
        return path if os.path.exists(beside) else tool
    return tool


def _forbidden(tool: str, arguments: Sequence[str], place: Place, around: Surroundings) -> str:
    """Say why what stands outside the command line keeps it from being translated."""
    environ = around.left
    if tool in {"pip-compile", "pip-sync"} and "--no-config" not in arguments:
        own = os.path.join(place.folder, ".pip-tools.toml")
        if os.path.exists(own) or "[tool.pip-tools" in place.text:
            return "pip-tools has settings here, which uv does not read: say them as options"
    verb = next(iter(arguments), "")
    if (tool, verb) == ("poetry", "run") and not place.root:
        return "there is no pyproject.toml here or above"
    if (tool, verb) == ("twine", "upload") and not _addressed(arguments, around):
        home = environ.get("HOME") or os.path.expanduser("~")
        if os.path.exists(os.path.join(home, ".pypirc")):
            return (
                "`~/.pypirc` says where and as whom twine uploads, and uv does not read it: "
                "give `--repository-url` or set UV_PUBLISH_URL, with UV_PUBLISH_TOKEN"
            )
    return ""


def _addressed(arguments: Sequence[str], around: Surroundings) -> bool:
    told = {"UV_PUBLISH_URL", "UV_PUBLISH_INDEX"} & {*around.given, *around.left}
    return bool(told) or any(word.startswith("--repository-url") for word in arguments)


def _answer(
    tool: str,
    arguments: Sequence[str],
    command: Command,
    found: Translation,
    given: Mapping[str, str],
) -> Answer:
    from unverse.shims.besides import besides
    from unverse.shims.shapes import shape_of

    commands = _argument_lists(rendered(command, found.replacements))
    if commands is None:
        return Answer(refused="its words cannot be written for uv")
    form = " ".join(found.row.form)
    if refused := _not_here(form, arguments, commands):
        return Answer(refused=refused)
    shape = shape_of(tool, form, arguments)
    differs = "" if shape else found.difference
    note = found.note if found.kind == "command" else ""
    asks = "" if (tool, form) not in _ASKS or _SURE.intersection(arguments) else "uv does not ask"
    said = "; ".join(filter(None, (differs, asks, note, *besides(tool, form, arguments))))
    if commands and commands[0][0] not in {"uv", "uvx"}:
        said = ""  # `prints.py` says what the tool says
    return Answer(commands, _needed(commands, given), said, shape=shape)


_CREDENTIALS = frozenset({"UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"})
# What only looks at an environment needs no index.
_LOOKS = frozenset({"list", "freeze", "show", "check", "uninstall", "tree"})


def _needed(commands: tuple[tuple[str, ...], ...], given: Mapping[str, str]) -> Mapping[str, str]:
    if not commands or commands == (("uv", "--version"),):
        return {}
    if any(word.partition("=")[0] == "--token" for word in commands[-1]):
        # uv takes a token, or a name and a password.
        return {name: value for name, value in given.items() if name not in _CREDENTIALS}
    looks = commands[0][1:2] == ("pip",) and _LOOKS.intersection(commands[0][2:3])
    if not looks or "--outdated" in commands[0]:
        return given
    return {name: value for name, value in given.items() if name == "UV_BREAK_SYSTEM_PACKAGES"}


def _argument_lists(raws: Sequence[str]) -> tuple[tuple[str, ...], ...] | None:
    """Return the words of each command; None if one is no whole shell word."""
    from shlex import split

    commands: list[list[str]] = [[]]
    for raw in raws:
        if raw == "&&":
            commands.append([])
            continue
        try:
            commands[-1] += split(raw)
        except ValueError:
            return None
    return tuple(tuple(words) for words in commands if words)


def _not_here(form: str, arguments: Sequence[str], commands: tuple[tuple[str, ...], ...]) -> str:
    """A launcher cannot change the shell that calls it, and a question wants an answer."""
    if commands and commands[0][0] in {"export", "unset", "source"}:
        from unverse.shims.told import told

        return f"only the shell itself can do that: `{told(commands, {})}`"
    if form == "config" and not commands and "--list" in arguments:
        return "uv's settings stand in `[tool.uv]`, in uv.toml and in variables `UV_…`"
    return ""
