"""`unverse shim install|status|uninstall`: from the words to the texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from unverse.shims.install import default_folder, install, installed, uninstall, used_folders
from unverse.shims.report import installed_text, status_text


def shim(action: str, folder: Path | None, tools: Sequence[str], say: Callable[[str], None]) -> int:
    """Do one of the actions.

    Args:
        action: `install`, `status` or `uninstall`.
        folder: of the launchers; None for the default one, or for all that PATH shows.
        tools: those that are meant; none for all.
        say: what prints a text.

    Returns:
        The exit code: 1 if `status` finds a launcher that is not used, or none at all.
    """
    environ = dict(os.environ)
    if action == "install":
        chosen = folder or default_folder(environ)
        say(installed_text(chosen, install(chosen, tools, environ)))
        return 0
    places = [folder] if folder else list(used_folders(environ))
    if action == "uninstall":
        removed = [path for place in places for path in uninstall(place, tools, environ)]
        say("\n".join(f"removed {path}" for path in removed) or "no launchers are there")
        return 0
    found = [(place, installed(place, environ)) for place in places]
    for place, launchers in found:
        say(status_text(place, launchers, environ))
    if not any(launchers for _, launchers in found):
        say("no launchers are there; `unverse shim install` writes them")
        return 1
    return 0 if all(one.is_used for _, launchers in found for one in launchers) else 1
