"""What `unverse shim` tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote

from unverse.shims.install import Launcher
from unverse.shims.real import folders


def installed_text(folder: Path, launchers: Sequence[Launcher]) -> str:
    """Say what was written, what it stands before, and what PATH needs."""
    folder = folder.absolute()
    lines = [f"wrote {len(launchers)} launchers to {folder}", *_table(launchers)]
    behind = [launcher for launcher in launchers if not launcher.is_used]
    if behind:
        lines += ["", f"put it first on PATH: {_export(folder)}"]
    return "\n".join(lines)


def status_text(folder: Path, launchers: Sequence[Launcher], environ: Mapping[str, str]) -> str:
    """Say which launchers are there, and whether they are what their names mean."""
    folder = folder.absolute()
    return "\n".join((f"{folder}: {_position(folder, environ)}", *_table(launchers)))


def _table(launchers: Sequence[Launcher]) -> Iterator[str]:
    width = max((len(launcher.tool) for launcher in launchers), default=0)
    for launcher in launchers:
        yield f"  {launcher.tool:{width}}  {_state(launcher)}"


def _state(launcher: Launcher) -> str:
    if launcher.is_used:
        shadows = f"in front of {launcher.real}" if launcher.real else "no other on PATH"
        return f"used, {shadows}"
    if launcher.first:
        return f"not used: `{launcher.tool}` is {launcher.first}"
    return "not used: its folder is not on PATH"


def _position(folder: Path, environ: Mapping[str, str]) -> str:
    on_path = [Path(place).absolute() for place in folders(environ)]
    if folder not in on_path:
        return f"not on PATH; put it first: {_export(folder)}"
    before = on_path.index(folder)
    return "first on PATH" if not before else f"on PATH, behind {before} other folders"


def _export(folder: Path) -> str:
    return f'`export PATH={quote(str(folder))}:"$PATH"`'
