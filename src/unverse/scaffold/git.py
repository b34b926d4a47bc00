"""Calling git for a project that is being made, and with the identity that its person has."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from unverse.errors import ToolError
from unverse.repo import git_environment


@dataclass(frozen=True, slots=True)
class Answer:
    """Exit code, and what git printed."""

    code: int
    out: bytes
    told: str

    @property
    def text(self) -> str:
        """What git printed, without the last line break."""
        return os.fsdecode(self.out).removesuffix("\n")


def identity_variables() -> dict[str, str]:
    """Return the variables that name an author and a committer to git."""
    kept = ("GIT_AUTHOR_", "GIT_COMMITTER_")
    return {name: value for name, value in os.environ.items() if name.startswith(kept)}


def ask(
    place: Path, *words: str, stdin: bytes | None = None, environ: Mapping[str, str] | None = None
) -> Answer:
    """Run git in `place`, whatever comes of it.

    Raises:
        ToolError: git is not there.
    """
    variables = git_environment() | identity_variables() | dict(environ or {})
    try:
        done = subprocess.run(
            ("git", "-c", "core.quotePath=off", *words),
            cwd=place,
            env=variables,
            input=b"" if stdin is None else stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise ToolError("`git` was not found", hint="install git") from None
    told = os.fsdecode(done.stderr).strip()
    return Answer(done.returncode, done.stdout, told.removeprefix("fatal: "))


def run(place: Path, *words: str, stdin: bytes | None = None) -> str:
    """Run git in `place` and return what it prints.

    Raises:
        ToolError: git is not there, or failed.
    """
    answer = ask(place, *words, stdin=stdin)
    if answer.code:
        raise ToolError(f"`git {words[0]}` failed: {answer.told}", where=str(place))
    return answer.text


def person(place: Path) -> dict[str, str]:
    """Return git's `author` and `email` for commits in `place`, as far as it knows them."""
    found = {}
    for answer, key in (("author", "name"), ("email", "email")):
        known = os.environ.get(f"GIT_AUTHOR_{key.upper()}", "")
        if value := (known or ask(place, "config", "--get", f"user.{key}").text).strip():
            found[answer] = value
    return found


def has_identity(place: Path) -> bool:
    """Whether git can commit in `place` without guessing who does."""
    return all(
        ask(place, "-c", "user.useConfigOnly=true", "var", f"GIT_{who}_IDENT").code == 0
        for who in ("AUTHOR", "COMMITTER")
    )
