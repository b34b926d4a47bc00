"""The template of another release of unverse, from the index; nothing of it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

from unverse.errors import IndexUnavailableError, ToolError
from unverse.scaffold.history import Template, remember
from unverse.scratch import scratch_directory
from unverse.uv.run import Outcome, clean_environment, find_uv, read_failure


def recall(tag: str, version: str) -> None:
    """Put the template that `tag` stands for into the history.

    Args:
        tag: as it stands in a project's answers.
        version: the release in it.

    Raises:
        IndexUnavailableError: that release is not to be had.
        ToolError: its template is another one, or git or uv failed.
    """
    template = fetch(version)
    if tag not in {template.plain_tag, template.own_tag}:
        raise ToolError(
            f"the template {tag}, which the project was made with, is lost: it was no release's, "
            f"and that of unverse {version} is another one",
            hint=f"bring that installation back, or write `_commit: {template.plain_tag}` into "
            "`.copier-answers.yml` and commit it: what differs may then show up as conflicts",
        )
    kept = remember(replace(template, released=tag == template.plain_tag))
    if kept != tag:
        raise ToolError(
            f"the template of unverse {version} on the index is not the one that is known as {tag}",
            hint="an index that you use has another unverse of that version",
        )


def fetch(version: str) -> Template:
    """Return the template of a release.

    Raises:
        IndexUnavailableError: that release is not to be had.
        ToolError: uv is not there, or the release has no template.
    """
    with scratch_directory("unverse-release-") as scratch:
        target = scratch / "installed"
        # Its files are all that is wanted: no dependencies, and no code that could run.
        words = ("--target", str(target), "--no-deps", "--no-build", "--python", sys.executable)
        done = subprocess.run(
            (find_uv(), "pip", "install", *words, f"unverse=={version}"),
            cwd=scratch,
            env=clean_environment(os.environ),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise _unavailable(version, done.stderr)
        try:
            return Template.read(target / "unverse" / "scaffold", version, released=True)
        except OSError as error:
            raise ToolError(f"unverse {version} has no template") from error


def _unavailable(version: str, told: str) -> IndexUnavailableError:
    answer = read_failure(told)
    if answer.outcome is Outcome.UNREACHABLE:
        reason, hint = "the index cannot be reached", "go on when there is a network"
    else:
        reason, hint = answer.message, "`UV_INDEX` or `UV_FIND_LINKS` say where else to look"
    return IndexUnavailableError(
        f"unverse {version}, whose template the project was made from, is not to be had: {reason}",
        hint=hint,
    )
