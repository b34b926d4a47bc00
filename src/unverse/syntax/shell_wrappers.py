"""Which program a list of words really runs: behind `sudo`, `env`, `xargs`, `python -m`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from unverse.syntax.shell_text import literal

# Programs that run the rest of their words, and those of their options that take a value.
# An option that is not known here ends in "no program", unless it takes its value after `=`.
_VALUED: dict[str, frozenset[str]] = {
    "sudo": frozenset({"-u", "--user", "-g", "--group", "-C", "-h", "-p", "-r", "-t"}),
    "doas": frozenset({"-u", "-C"}),
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "time": frozenset({"-f", "--format", "-o", "--output"}),
    "nice": frozenset({"-n", "--adjustment"}),
    "ionice": frozenset({"-c", "-n"}),
    "xargs": frozenset({"-n", "-P", "-I", "-L", "-d", "-a", "-s", "-E", "--max-args"}),
    "exec": frozenset({"-a"}),
    "command": frozenset(),
    "builtin": frozenset(),
    "nohup": frozenset(),
    "setsid": frozenset(),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "timeout": frozenset({"-s", "--signal", "-k", "--kill-after"}),
    "travis_retry": frozenset(),
    "travis_wait": frozenset(),
    "retry": frozenset(),
    "xvfb-run": frozenset({"-s", "--server-args", "-n", "-e", "-f", "-p", "-w"}),
    "dbus-run-session": frozenset(),
    "catchsegv": frozenset(),
    "tini": frozenset(),
    "dumb-init": frozenset(),
    "gosu": frozenset(),
    "su-exec": frozenset(),
    "winpty": frozenset(),
    "chronic": frozenset(),
    "unbuffer": frozenset(),
    "infisical": frozenset(),
    "doppler": frozenset({"-p", "-c", "--project", "--config"}),
    "dotenv": frozenset({"-f", "--file"}),
    "watch": frozenset({"-n", "--interval"}),
    "trap": frozenset(),
    "eval": frozenset(),
    # https://man.openbsd.org/ssh
    "ssh": frozenset(f"-{letter}" for letter in "BbcDEeFIiJLlmOoPpQRSWw"),
}
# Operands of their own before the command: a duration, a user, a subcommand.
_OPERANDS = {"timeout": 1, "gosu": 1, "su-exec": 1, "ssh": 1} | dict.fromkeys(
    ("infisical", "doppler", "dotenv"), 1
)
_SUBCOMMANDS = {"infisical", "doppler", "dotenv"}
# A script of the repository's own: `./scripts/retry.sh 3 60 COMMAND`.
_RETRY = re.compile(r"[\w-]*retry(?:\.sh|\.py)?")
_QUESTIONS = {"command": {"-v", "-V"}}
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "su"})
_SHEBANG = re.compile(r"\s*#![ \t]*\S*(?:/|env[ \t]+)(?:ba|da|k|z|a)?sh\b")
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*(?:\.exe)?|py")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_VARIABLE = re.compile(r"\$[({]?(?P<name>[A-Za-z_]\w*)(?::-[^{}]*)?[)}]?")
_BIN = re.compile(r"(?:.*[/\\])?(?P<name>[\w.+-]+?)(?:\.exe)?")
# Tools that are also run through another one, which then is a part of their name.
_THROUGH = frozenset({"poetry"})
_RUNNERS = (("pipx", "run"), ("uvx",), ("uv", "tool", "run"))


class Unwrapped:
    """Indices into the words that were given; see `shell.Command`.

    `scripts` are the words whose text is a script of its own.
    """

    def __init__(self) -> None:
        self.first, self.rest, self.program = 0, 1, ""
        self.assignments: list[int] = []
        self.wrappers: tuple[str, ...] = ()
        self.scripts: list[int] = []


def unwrap(words: Sequence[str]) -> Unwrapped:
    """Find the program in the raw words of a command."""
    found = Unwrapped()
    found.scripts = list(_scripts(words))
    at: int | None = 0
    while at is not None and at < len(words):
        name = program_name(words[at])
        if _RETRY.fullmatch(name):
            name = "retry"
        found.first, found.rest, found.program = at, at + 1, name
        rest = words[at + 1 :]
        if name not in _VALUED or _asks(name, rest) or (name == "eval" and _expands(rest)):
            break
        at = _behind(name, words, at + 1, found)
        if at is None or at >= len(words):
            return found  # the wrapper alone
        found.wrappers = (*found.wrappers, name)
    _see_module(words, found)
    _see_runner(words, found)
    return found


def program_name(word: str) -> str:
    """Return the name of a program from the raw word: without folder, quotes and `.exe`.

    A variable that holds a program is called after it, as in `$(POETRY)`; else empty.
    """
    bare = word.strip("\"'")
    if match := _VARIABLE.fullmatch(bare):
        return match["name"].lower().removesuffix("_bin").removesuffix("_cmd")
    match = _BIN.fullmatch(bare)
    return match["name"] if match else ""


def _asks(name: str, rest: Sequence[str]) -> bool:
    return bool(rest) and rest[0] in _QUESTIONS.get(name, ())


def _expands(rest: Sequence[str]) -> bool:
    return bool(rest) and rest[0].lstrip("\"'").startswith(("$", "`"))


def _behind(name: str, words: Sequence[str], at: int, found: Unwrapped) -> int | None:
    """Return the index of the word after a wrapper's own options and operands."""
    operands = _OPERANDS.get(name, 0)
    while at < len(words):
        word = words[at]
        if word == "--":
            return at + 1
        if word.startswith("-") and word != "-":
            at += 2 if word in _VALUED[name] else 1
        elif _ASSIGNMENT.match(word) and name in {"env", "sudo"}:
            found.assignments.append(at)
            at += 1
        elif name == "retry" and word.isdigit():
            at += 1
        elif operands:
            if name in _SUBCOMMANDS and word not in {"run", "exec"}:
                return None
            operands -= 1
            at += 1
        else:
            return at
    return None


def _see_module(words: Sequence[str], found: Unwrapped) -> None:
    """`python -m x` runs x."""
    if not _PYTHON.fullmatch(found.program):
        return
    at = found.first + 1
    while at < len(words) and words[at] in {"-I", "-E", "-s", "-S", "-u", "-B", "-3"}:
        at += 1
    if at + 1 < len(words) and words[at] == "-m":
        found.program = literal(words[at + 1]) or ""
        found.rest = at + 2


def _see_runner(words: Sequence[str], found: Unwrapped) -> None:
    """`pipx run poetry`, `uvx poetry@1.8` run poetry."""
    values = [literal(word) or "" for word in words[found.first :]]
    for runner in _RUNNERS:
        if (found.program, *values[1 : len(runner)]) != runner:
            continue
        at = len(runner)
        while at < len(values) and values[at].startswith("-"):
            at += 2 if values[at] in {"--spec", "--from", "--python", "--with", "-p"} else 1
        name = re.split(r"[=@<>~!\[]", values[at], maxsplit=1)[0] if at < len(values) else ""
        if name in _THROUGH:
            found.program, found.rest = name, found.first + at + 1


def _scripts(words: Sequence[str]) -> Sequence[int]:
    """Return the indices of words that a shell, `eval`, `trap` or `watch` runs as a script."""
    names = [program_name(word) for word in words]
    found = [
        at + 1
        for at in range(1, len(words) - 1)
        if re.fullmatch(r"-[a-z]*c", words[at]) and _SHELLS.intersection(names[:at])
    ]
    if words and names[0] in {"eval", "trap", "watch"} and len(words) > 1:
        found.append(1)
    if "ssh" in names:
        at = _behind("ssh", words, names.index("ssh") + 1, Unwrapped())
        found += [at] if at is not None and re.match(r"(['\"]).*\s.*\1$", words[at], re.S) else []
    return found


def executes(program: str, words: Sequence[str], target: str, document: str) -> bool:
    """Say whether a shell executes what a here-document holds.

    Args:
        program: that reads it, behind wrappers.
        words: raw words of the command that reads it, the last one of a pipeline.
        target: the file into which it is written, or empty.
        document: what it holds.
    """
    names = [program_name(word) for word in words]
    shells = [at for at, name in enumerate(names) if name in _SHELLS]
    if shells:
        return _reads(words[shells[-1] + 1 :])
    if program == "ssh":
        at = names.index("ssh") + 1
        return _behind("ssh", words, at, Unwrapped()) is None and len(words) > at
    if program == "tee":
        target = next((w for w in reversed(words[1:]) if not w.startswith("-")), "")
    elif program != "cat":
        return False
    script = target.strip("\"'").endswith((".sh", ".bash")) or bool(_SHEBANG.match(document))
    return bool(target) and script


def _reads(options: Sequence[str]) -> bool:
    """Whether a shell with these words reads its commands from the standard input."""
    flags = "".join(word for word in options if re.fullmatch(r"-[a-z]+", word))
    files = [word for word in options if not word.startswith(("-", "+"))]
    return "c" not in flags and (not files or "s" in flags)
