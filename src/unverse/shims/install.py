"""Launchers in a folder: written, listed, removed. Only what was written here is ever touched."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from unverse.errors import ToolError, UsageError
from unverse.shims.real import MARKER, candidates, folders, is_launcher, real
from unverse.shims.translate import TOOLS

_WINDOWS = sys.platform == "win32"
# Linux cuts a `#!` line off at 255 bytes, macOS at 511.
_LONGEST = 250


class Launcher(NamedTuple):
    """A launcher that is there.

    Attributes:
        tool: whose words it takes.
        path: of the launcher.
        first: the program that the tool's name means on PATH now; empty if none.
        real: the real tool that PATH has besides; empty if none.
    """

    tool: str
    path: str
    first: str
    real: str

    @property
    def is_used(self) -> bool:
        """Whether the tool's name means this launcher."""
        return _same(self.first, self.path)


def default_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder for launchers if none is named: one that holds nothing else."""
    home = Path(environ.get("HOME") or Path.home())
    if _WINDOWS:
        return Path(environ.get("LOCALAPPDATA") or home) / "unverse" / "shims"
    data = environ.get("XDG_DATA_HOME", "")
    base = Path(data) if Path(data).is_absolute() else home / ".local" / "share"
    return base / "unverse" / "shims"


def install(folder: Path, tools: Sequence[str], environ: Mapping[str, str]) -> tuple[Launcher, ...]:
    """Write launchers; those that are there are written anew.

    Raises:
        UsageError: a tool is not known, or its file in the folder is not a launcher of ours.
        ToolError: uv is missing.
    """
    chosen = _chosen(tools)
    folder = folder.absolute()
    for tool in chosen:
        path = folder / _file(tool)
        if path.exists() and not is_launcher(str(path)):
            raise UsageError(
                "is another program, which is left alone",
                where=str(path),
                hint="name another folder with `--dir`",
            )
    uv = _uv()
    folder.mkdir(parents=True, exist_ok=True)
    for tool in chosen:
        _write(folder / _file(tool), _text(tool, uv))
    _compile()
    return tuple(_launcher(str(folder / _file(tool)), tool, environ) for tool in chosen)


def installed(folder: Path, environ: Mapping[str, str]) -> tuple[Launcher, ...]:
    """Return the launchers in a folder, in the order of the tools."""
    paths = ((str(folder.absolute() / _file(tool)), tool) for tool in TOOLS)
    return tuple(_launcher(path, tool, environ) for path, tool in paths if is_launcher(path))


def uninstall(folder: Path, tools: Sequence[str], environ: Mapping[str, str]) -> tuple[str, ...]:
    """Remove launchers, and the folder if nothing else is in it; return their paths.

    Raises:
        UsageError: a tool is not known.
    """
    chosen = _chosen(tools)
    found = [launcher for launcher in installed(folder, environ) if launcher.tool in chosen]
    for launcher in found:
        Path(launcher.path).unlink()
    if found and not any(folder.iterdir()):
        folder.rmdir()
    return tuple(launcher.path for launcher in found)


def used_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders on PATH that hold launchers, and the default one if it does."""
    places = dict.fromkeys((*map(Path, folders(environ)), default_folder(environ)))
    yield from (place for place in places if installed(place, environ))


def _chosen(tools: Sequence[str]) -> tuple[str, ...]:
    for tool in tools:
        if tool not in TOOLS:
            raise UsageError(f"no launcher for `{tool}`", hint=f"there are {', '.join(TOOLS)}")
    return tuple(tool for tool in TOOLS if not tools or tool in tools)


def _launcher(path: str, tool: str, environ: Mapping[str, str]) -> Launcher:
    return Launcher(tool, path, next(candidates(tool, environ), ""), real(tool, environ))


def _same(one: str, other: str) -> bool:
    return bool(one) and os.path.realpath(one) == os.path.realpath(other)


def _file(tool: str) -> str:
    return f"{tool}.cmd" if _WINDOWS else tool


def _uv() -> str:
    from uv import find_uv_bin

    try:
        return os.path.abspath(find_uv_bin())
    except FileNotFoundError as error:
        raise ToolError(
            "uv is missing", hint="install it beside unverse: `pip install uv`"
        ) from error


def _text(tool: str, uv: str) -> str:
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if _WINDOWS:
        call = f"import sys;sys.path.insert(0,r'{package}');from unverse.shims.launch import main"
        ours = f"@rem {MARKER.decode()}{tool}"
        return f"{ours}\r\n@\"{sys.executable}\" -ISc \"{call};main('{tool}',r'{uv}')\" %*\r\n"
    return (
        f"{_first_lines(sys.executable)}\n"
        f"# {MARKER.decode()}{tool}: written by `unverse shim install`, see `{tool} --explain`\n"
        "import sys\n"
        f"sys.path.insert(0, {package!r})\n"
        "from unverse.shims.launch import main\n"
        f"main({tool!r}, {uv!r})\n"
    )


def _first_lines(python: str) -> str:
    """Name the interpreter, without `site` and without the variables of Python."""
    line = f"#!{python} -IS"
    if " " not in python and len(os.fsencode(line)) <= _LONGEST:
        return line
    # A shell reads an empty word and `exec`; Python reads a text.
    return f"#!/bin/sh\n'''exec' {quote(python)} -IS \"$0\" \"$@\"\n' '''"


def _write(path: Path, text: str) -> None:
    """Replace a launcher at once: it may be running."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    draft.chmod(0o755)
    draft.replace(path)


def _compile() -> None:
    """Write the bytecode that the launchers load; where that is not allowed they are slower."""
    from compileall import compile_dir

    package = Path(__file__).parent.parent
    for name in ("shims", "commands", "syntax", "standards"):
        compile_dir(package / name, quiet=2)
