"""Which module reads a file of a name."""

from __future__ import annotations

import re

from unverse.converters import docker, docs, github_actions, justfile, makefile, shell_script

# Services whose jobs run all of their commands in one shell.
_ONE_SHELL = re.compile(
    r"(?:.*/)?(?:[\w.-]*\.gitlab-ci|bitbucket-pipelines|\.travis)\.ya?ml|(?:.*/)?\.gitlab/.*\.ya?ml"
)
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
    if _ONE_SHELL.fullmatch(path):
        return "pipelines"
    return next((module for kind, module in _KINDS if kind.matches(path)), None)
