"""Which module reads a file of a name."""

from __future__ import annotations

from unverse.converters import docker, docs, github_actions, justfile, makefile, shell_script

_KINDS = (
    (github_actions, "workflows"),
    (docker, "images"),
    (makefile, "makefiles"),
    (justfile, "justfiles"),
    (docs, "documents"),
    (shell_script, "shell_scripts"),
)


def kind_of(path: str) -> str | None:
    """Return the name of the module; None if none reads such a file."""
    return next((module for kind, module in _KINDS if kind.matches(path)), None)
