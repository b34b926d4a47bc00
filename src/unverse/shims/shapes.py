"""What a tool prints for scripts, where uv prints something else or nothing.

Each shape is made of the answer of uv, or of what is known of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

# uv's words for an installed Python: `cpython-3.12.4-linux-x86_64-gnu`.
_PYTHON = re.compile(r"cpython-(?P<version>\d[^-+]*(?:\+freethreaded)?)-\S+")
_TOOL = re.compile(r"(?P<name>\S+) v(?P<version>\S+)")


def shape_of(tool: str, form: str, arguments: Sequence[str]) -> str:
    """Name the shape for a command of a tool; empty if uv's own output does."""
    if tool == "pyenv" and form == "versions":
        return "versions-bare" if "--bare" in arguments else "versions"
    if tool == "pyenv" and form in {"version", "version-name", "local", "global"}:
        operands = [word for word in arguments[1:] if not word.startswith("-")]
        sets = operands or "--unset" in arguments
        return {"local": "silent", "global": "silent"}.get(form, "") if sets else _told(form)
    if tool == "pipx" and form == "list" and "--short" in arguments:
        return "tools"
    return ""


def _told(form: str) -> str:
    return "version" if form == "version" else ""


def shaped(shape: str, text: str, origin: str, current: str) -> str:
    """Bring what uv wrote into a shape.

    Args:
        shape: as `shape_of` names it.
        text: uv's standard output.
        origin: the file that says which Python is taken; empty if none does.
        current: the version of the Python that is taken; empty if none is.
    """
    if shape == "silent":
        return ""
    if shape == "tools":
        return _lines(
            f"{m['name']} {m['version']}" for m in map(_TOOL.fullmatch, _split(text)) if m
        )
    said = f" (set by {origin})" if origin else ""
    if shape == "version":
        return f"{text.strip()}{said}\n"
    versions = sorted(set(_versions(text)), key=_order)
    if shape == "versions-bare":
        return _lines(versions)
    return _lines(f"* {v}{said}" if v == current else f"  {v}" for v in versions)


def _versions(text: str) -> Iterator[str]:
    for line in _split(text):
        if match := _PYTHON.match(line):
            yield match["version"].replace("+freethreaded", "t")


def _order(version: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(number) for number in re.findall(r"\d+", version)), version


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def _lines(lines: Iterator[str] | Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def activation(environment: str, environ: Mapping[str, str]) -> str:
    """Return the command that activates an environment in the person's shell."""
    from shlex import quote

    shell = environ.get("SHELL", "").rpartition("/")[2]
    ending = {"fish": ".fish", "csh": ".csh", "tcsh": ".csh", "nu": ".nu", "pwsh": ".ps1"}
    word = {"pwsh": "&", "nu": "overlay use"}.get(shell, "source")
    script = f"{environment}/bin/activate{ending.get(shell, '')}"
    return f"{word} {quote(script)}"
