"""The words of the command line: its commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from unverse import __version__

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Handler = Callable[[argparse.Namespace], int]
_EPILOG = "exit codes: 0 clean, 1 changes pending or a claim fails, 2 error"
FORMS = ("text", "json", "markdown")  # of a plan, and of what every command can give
CERTIFICATE_FORMS = (*FORMS, "sarif", "html")
CHECK_FORMS = (*FORMS, "sarif")
BENCH_FORMS = (*FORMS, "html")


def parser(handlers: Mapping[str, Handler]) -> argparse.ArgumentParser:
    """Return the parser of the command line; what it gives has the command's handler as `run`."""
    found = argparse.ArgumentParser(
        prog="unverse",
        description="Move a Python repository from Poetry to uv: faithfully, with proof.",
        epilog=_EPILOG,
    )
    found.add_argument("--version", action="version", version=f"unverse {__version__}")
    commands = found.add_subparsers(
        title="commands", metavar="COMMAND", required=True, prog=found.prog
    )
    for name, add in _COMMANDS.items():
        add(commands).set_defaults(run=handlers[name])
    return found


def _command(commands: Commands, name: str, told: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")


def _add_path(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="a repository, or the part of one to look at (default: the current directory)",
    )


def _add_format(command: argparse.ArgumentParser, forms: Sequence[str] = FORMS) -> None:
    command.add_argument("--format", choices=forms, default="text", help="default: text")


def _add_report(command: argparse.ArgumentParser, forms: Sequence[str] = FORMS) -> None:
    _add_format(command, forms)
    command.add_argument("-v", "--verbose", action="store_true", help="show all of everything")


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write the report to a file, as UTF-8, and only its verdict to the terminal",
    )


def _add_improve(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--improve",
        nargs="?",
        const="",
        action="append",
        metavar="RULE,…",
        help="also make improvements: those rules or families, or all (see `unverse rules`)",
    )


def _add_plan(commands: Commands) -> argparse.ArgumentParser:
    told = "show what would change and why; writes nothing, runs nothing, needs no network"
    command = _command(commands, "plan", told)
    _add_path(command)
    _add_improve(command)
    command.add_argument("--diff", action="store_true", help="show the changes as a unified diff")
    _add_report(command)
    return command


def _add_migrate(commands: Commands) -> argparse.ArgumentParser:
    told = "move the repository to uv, with its lock: all of it or, on an error, nothing"
    command = _command(commands, "migrate", told)
    _add_path(command)
    command.add_argument(
        "--allow-dirty", action="store_true", help="also with uncommitted changes in the work tree"
    )
    command.add_argument(
        "--allow-unreachable",
        action="store_true",
        help="guess the addresses of files on an index (not the default one) that is out of reach",
    )
    _add_improve(command)
    command.add_argument(
        "--build-backend",
        choices=("auto", "uv", "hatchling", "poetry-core", "keep"),
        default="poetry-core",
        help="`auto` takes uv_build, or else hatchling, if it builds the same files and metadata; "
        "a name insists on one; these three build the project: they run its code, in scratch "
        "copies and without your credentials. `poetry-core` stays, in a version that reads "
        "`[project]` (default); `keep` also leaves its version as it is written, where that works",
    )
    _add_certificate(command)
    return command


def _add_undo(commands: Commands) -> argparse.ArgumentParser:
    command = _command(commands, "undo", "take the last migration back, to the byte")
    _add_path(command)
    command.add_argument(
        "--force", action="store_true", help="also where a file was changed since the migration"
    )
    return command


def _add_verify(commands: Commands) -> argparse.ArgumentParser:
    told = "check a finished migration, whoever made it, and write its certificate"
    command = _command(commands, "verify", told)
    _add_path(command)
    command.add_argument(
        "--against",
        metavar="REV",
        default="",
        help="a revision before the migration (default: the one that unverse migrated, or the "
        "last one on Poetry)",
    )
    _add_certificate(command)
    return command


def _add_certificate(command: argparse.ArgumentParser) -> None:
    """Add what is proved, and how the certificate is told."""
    command.add_argument(
        "--prove",
        action="store_true",
        help="also build both, install both and rehearse a release: runs the project's code, in "
        "scratch copies and without your credentials",
    )
    command.add_argument(
        "--run",
        metavar="COMMAND",
        dest="tests",
        default="",
        help="also run a command line, such as `pytest`, in both environments, and compare what "
        "fails: runs the project's code, too",
    )
    command.add_argument(
        "--bench",
        action="store_true",
        help="also measure what Poetry and uv take to lock, install, start and build, as `unverse "
        "bench` does: minutes",
    )
    _add_report(command, CERTIFICATE_FORMS)
    _add_output(command)


def _add_check(commands: Commands) -> argparse.ArgumentParser:
    told = "look for what is left of Poetry and for stale locks; the lint for CI afterwards"
    command = _command(commands, "check", told)
    _add_path(command)
    _add_format(command, CHECK_FORMS)
    return command


def _add_rules(commands: Commands) -> argparse.ArgumentParser:
    command = _command(commands, "rules", "list the improvements that `--improve` makes, and why")
    _add_format(command)
    return command


def _add_bench(commands: Commands) -> argparse.ArgumentParser:
    told = "measure Poetry before and uv after, side by side, in scratch copies"
    command = _command(commands, "bench", told)
    _add_path(command)
    command.add_argument(
        "--runs",
        type=_count,
        default=3,
        metavar="N",
        help="how often each side is timed after a warm-up, half as often with an empty cache "
        "(default: 3)",
    )
    command.add_argument(
        "--only",
        default="",
        metavar="NAME,…",
        help="measure less: of lock-cold, lock-new, lock, install-cold, install-warm, install, "
        "run, build, export, tool, ci, sizes",
    )
    command.add_argument(
        "--against",
        metavar="REV",
        default="",
        help="a revision before the migration (default: the work tree if it is on Poetry, else "
        "the last one on Poetry)",
    )
    _add_format(command, BENCH_FORMS)
    _add_output(command)
    return command


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError("give 1 or more")
    return number


def _add_new(commands: Commands) -> argparse.ArgumentParser:
    told = "start an MLOps package on uv, or carry one forward to today's template"
    command = _command(commands, "new", told)
    command.add_argument(
        "directory",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="DIRECTORY",
        help="where; empty or not there yet; its last part gives the name (default: the current "
        "directory)",
    )
    command.add_argument(
        "--yes", action="store_true", help="ask nothing: every question has a default"
    )
    command.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="answer a question: name, description, author, email, licence, python, github, tasks "
        "or features; may be given again",
    )
    command.add_argument(
        "--with", dest="added", default="", metavar="FEATURE,…", help="have features, too"
    )
    command.add_argument(
        "--without", dest="removed", default="", metavar="FEATURE,…", help="do not have features"
    )
    command.add_argument(
        "--update",
        action="store_true",
        help="merge what the template has become since into the project that DIRECTORY holds",
    )
    return command


def _add_demo(commands: Commands) -> argparse.ArgumentParser:
    told = "migrate a scratch copy, install it with Poetry and with uv, and compare"
    command = _command(commands, "demo", told)
    command.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="a repository of yours (default: the example in unverse's source tree)",
    )
    command.add_argument("--no-install", action="store_true", help="compare the locks only")
    return command


def _add_shim(commands: Commands) -> argparse.ArgumentParser:
    told = "keep the words of poetry, pip, pipx and others working, on uv"
    command = _command(commands, "shim", told)
    actions = command.add_subparsers(
        title="actions", metavar="ACTION", required=True, dest="action", prog=command.prog
    )
    for name, does in (
        ("install", "write launchers into a folder, which belongs first on PATH"),
        ("status", "say which launchers are there, and whether they are used"),
        ("uninstall", "remove launchers, and nothing else"),
    ):
        action = _command(actions, name, does)
        action.add_argument("--dir", type=Path, metavar="DIR", help="the folder of the launchers")
        if name == "status":
            action.set_defaults(tools=())
        else:
            action.add_argument("tools", nargs="*", metavar="TOOL", help="default: all")
    return command


_COMMANDS: Mapping[str, Callable[[Commands], argparse.ArgumentParser]] = {
    "plan": _add_plan,
    "migrate": _add_migrate,
    "undo": _add_undo,
    "verify": _add_verify,
    "check": _add_check,
    "rules": _add_rules,
    "bench": _add_bench,
    "demo": _add_demo,
    "new": _add_new,
    "shim": _add_shim,
}
