"""Words of an image's commands that its own variables make known; a real shell is the oracle."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from unverse.proof.commands.values import filled
from unverse.syntax.shell import commands

ENVIRONMENT = {"DEPS": "main,docs", "LAST": "docs,main", "ONE": "main", "NONE": "", "A": "x y"}
ONLY = r"""$(echo ",$DEPS" | sed -E 's/,main(,|$)/\1/; s/,/ --group /g')"""


def words(line: str, environment: dict[str, str] = ENVIRONMENT) -> list[str]:
    """Return the words of the first command, where they are known."""
    return [word.text for word in filled(commands(line)[0], environment).words]


@pytest.mark.parametrize(
    "line",
    [
        'poetry install --only "$DEPS"',
        "poetry install --only=${DEPS} --no-root",
        f"uv sync --locked {ONLY} --inexact",
        f"uv sync {ONLY.replace('DEPS', 'LAST')}",
        f"uv sync {ONLY.replace('DEPS', 'ONE')}",
        """uv sync $(echo ",$NONE" | sed -E 's/^,$//; s/,/ --group /g') -v""",
        """uv sync $(echo ",$DEPS" | sed -E 's/^,$//; s/,/ --no-group /g')""",
        'uv sync "$NONE" $NONE $A "$A"',
    ],
)
def test_as_a_shell_does(line: str) -> None:
    program, rest = line.split(" ", 1)
    done = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {rest}"],
        env={"PATH": "/usr/bin:/bin", **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    assert words(line) == [shlex.quote(w) for w in (program, *done.stdout.splitlines())]


@pytest.mark.parametrize(
    "line",
    [
        'poetry install --only "$OTHER"',
        "poetry install $(cat options)",
        'poetry install --only "$DEPS$(date)"',
        """uv sync $(echo ",$DEPS" | sed -E 'y/,/ /')""",
        "poetry install --with ${DEPS:-docs}",
    ],
)
def test_the_rest_stays(line: str) -> None:
    assert words(line) == [word.text for word in commands(line)[0].words]


def test_a_value_that_is_not_known_itself() -> None:
    assert words("uv sync $X", {"X": "$(date)"}) == ["uv", "sync", "$X"]
