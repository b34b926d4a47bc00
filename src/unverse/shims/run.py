"""A launcher's work for all that is not a known shape: answer, say it, become uv."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from unverse.shims.answer import REFUSED, Answer
from unverse.shims.process import become, finish, output
from unverse.shims.real import on_path, real
from unverse.shims.translate import translate

_MODES = ("explain", "quiet", "real")


def run(tool: str, arguments: Sequence[str], uv: str, environ: Mapping[str, str]) -> int:
    """Do what a launcher does, as far as it does not become another program.

    Args:
        tool: whose words the arguments are.
        arguments: may begin with `--explain` or `--real`, which no tool has as its first word.
        uv: path of uv as it was at the installation.
        environ: the variables that are set.

    Returns:
        The exit code.
    """
    mode = environ.get("UNVERSE_SHIM", "")
    first = arguments[0].removeprefix("--") if arguments else ""
    if first in {"explain", "real"} and arguments[0] == f"--{first}":
        mode, arguments = first, arguments[1:]
    if mode and mode not in _MODES:
        return _refuse(f"UNVERSE_SHIM is `{mode}`, not one of {', '.join(_MODES)}")
    if mode == "real":
        return _hand_over(tool, arguments, environ)
    answer = translate(tool, arguments, os.getcwd(), environ)
    if mode == "explain":
        return _explain(tool, answer)
    if answer.real:
        return _hand_over(tool, arguments, environ, answer.real)
    if answer.refused:
        return _refuse(f"{tool}: {answer.refused}", _instead(tool, environ))
    if mode != "quiet":
        _say(answer)
    return _act(tool, arguments, answer, uv, environ)


def _act(
    tool: str, arguments: Sequence[str], answer: Answer, uv: str, environ: Mapping[str, str]
) -> int:
    surroundings = {**environ, **answer.environment}
    if answer.goes:
        return 0
    if answer.commands[0][0] not in {"uv", "uvx"}:
        from unverse.shims.prints import do

        return do(tool, arguments, answer.commands[0], environ)
    *before, last = [program(words, uv, environ) for words in answer.commands]
    if not last:
        return _refuse("uv is not on PATH", "see https://docs.astral.sh/uv/getting-started/")
    for words in before:
        if code := finish(words[0], words, surroundings):
            return code
    if answer.shape:
        return _shaped(answer.shape, last, surroundings)
    return become(last[0], last, surroundings)


def program(words: Sequence[str], uv: str, environ: Mapping[str, str]) -> list[str]:
    """Return the argument list with the path of uv; empty if there is none."""
    path = uv if os.access(uv, os.X_OK) else on_path("uv", environ)
    if not path:
        return []
    return [path, *words[1:]] if words[0] == "uv" else [path, "tool", "run", *words[1:]]


def _shaped(shape: str, words: Sequence[str], environ: Mapping[str, str]) -> int:
    from unverse.shims.prints import write
    from unverse.shims.shapes import shaped

    code, text = output(words[0], words, environ)
    if code:
        return code
    current = ""
    if shape == "versions":
        find = [words[0], "python", "find", "--show-version"]
        current = output(find[0], find, environ)[1].strip()
    write(shaped(shape, text, _origin(os.getcwd()), current))
    return 0


def _origin(folder: str) -> str:
    while True:
        path = os.path.join(folder, ".python-version")
        if os.path.isfile(path):
            return path
        folder, before = os.path.dirname(folder), folder
        if folder == before:
            return ""


def _say(answer: Answer) -> None:
    """Say the uv command, so that people learn it."""
    line = answer.line or "nothing to do: uv needs nothing of the kind"
    _dim(f"{line}\n  differs: {answer.differs}" if answer.differs else line)


def _dim(text: str) -> None:
    if not sys.stderr:
        return
    dim = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    sys.stderr.write(f"\x1b[2m{text}\x1b[0m\n" if dim else f"{text}\n")
    sys.stderr.flush()


def _explain(tool: str, answer: Answer) -> int:
    from unverse.shims.prints import write

    if answer.refused:
        return _refuse(f"{tool}: {answer.refused}")
    if answer.real:
        write(f"{tool} itself: {answer.real}\n")
    else:
        write(f"{answer.line or '# nothing to do'}\n")
        write(f"# differs: {answer.differs}\n" if answer.differs else "")
    return 0


def _refuse(message: str, hint: str = "") -> int:
    sys.stderr.write(f"error: {message}\n" + (f"  {hint}\n" if hint else ""))
    return REFUSED


def _instead(tool: str, environ: Mapping[str, str]) -> str:
    found = real(tool, environ)
    return f"`{tool} --real …` runs {found}" if found else ""


def _hand_over(
    tool: str, arguments: Sequence[str], environ: Mapping[str, str], why: str = ""
) -> int:
    """Become the real tool."""
    if path := real(tool, environ):
        return become(path, [path, *arguments], _without_mode(environ))
    if not why:
        return _refuse(f"no other {tool} is on PATH")
    hint = "`unverse migrate` moves the project to uv; `uvx poetry …` runs Poetry without it"
    return _refuse(f"this project is Poetry's, and no other {tool} is on PATH: {why}", hint)


def _without_mode(environ: Mapping[str, str]) -> dict[str, str]:
    """What the real tool calls is not told to be real as well."""
    mode = environ.get("UNVERSE_SHIM") == "real"
    return {n: v for n, v in environ.items() if not (mode and n == "UNVERSE_SHIM")}


def exit_with(tool: str, arguments: Sequence[str], uv: str) -> NoReturn:
    """Run, and end the process with the exit code."""
    try:
        code = run(tool, arguments, uv, os.environ)
    except OSError as error:
        code = _refuse(f"{error.filename or tool}: {(error.strerror or str(error)).lower()}")
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
