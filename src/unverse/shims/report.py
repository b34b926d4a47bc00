"""What `unverse shim` tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote

from unverse.shims.install import Launcher
from unverse.shims.real import folders


def installed_text(folder: Path, launchers: Sequence[Launcher]) -> str:
    """Say what was written, what it stands before, and what PATH needs."""
    folder = folder.absolute()
    lines = [f"wrote {len(launchers)} launchers to {folder}", *_table(launchers, _promise)]
    if not all(launcher.is_used for launcher in launchers):
        lines += ["", f"put it first on PATH: {_export(folder)}"]
    return "\n".join(lines)


def status_text(folder: Path, launchers: Sequence[Launcher], environ: Mapping[str, str]) -> str:
    """Say which launchers are there, and whether they are what their names mean."""
    folder = folder.absolute()
    return "\n".join((f"{folder}: {_position(folder, environ)}", *_table(launchers, _state)))


def _table(launchers: Sequence[Launcher], say: Callable[[Launcher], str]) -> Iterator[str]:
    width = max((len(launcher.tool) for launcher in launchers), default=0)
    for launcher in launchers:
        yield f"  {launcher.tool:{width}}  {say(launcher)}"


def _promise(launcher: Launcher) -> str:
    """Say what happens once the folder is first on PATH."""
    if launcher.is_used or not launcher.real:
        return _state(launcher) if launcher.is_used else "no other on PATH"
    return f"shadows {launcher.real} as soon as the folder is before it on PATH"


def _state(launcher: Launcher) -> str:
    if launcher.is_used:
        shadows = f"shadows {launcher.real}" if launcher.real else "no other on PATH"
        return f"used, {shadows}"
    if launcher.first:
        return f"not used: `{launcher.tool}` is {launcher.first}, which comes first on PATH"
    return "not used: no other on PATH, nor its folder"


def _position(folder: Path, environ: Mapping[str, str]) -> str:
    on_path = [Path(place).absolute() for place in folders(environ)]
    if folder not in on_path:
        return f"not on PATH; put it first: {_export(folder)}"
    before = on_path.index(folder)
    return "first on PATH" if not before else f"on PATH, behind {before} other folders"


def _export(folder: Path) -> str:
    return f'`export PATH={quote(str(folder))}:"$PATH"`'
