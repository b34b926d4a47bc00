"""Claim: a command of the person, such as the tests, ends with uv as it ended with Poetry."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from unverse.proof.claims import Claim, Verdict
from unverse.proof.sandbox import Finished, run
from unverse.proof.timing import Timing

_NAME = "tests: `{}` fails nowhere where it did not fail with Poetry"
# pytest's own summary lines, asked for by `-rfE`: https://docs.pytest.org/en/stable/how-to/output.html
_PYTEST = {"PYTEST_ADDOPTS": "-rfE --color=no"}
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
# unittest: `FAIL: test_x (tests.test_y.Case.test_x)`
_UNITTEST = re.compile(r"^(?:FAIL|ERROR): (\S+ \(\S+\))", re.MULTILINE)
_COUNTS = re.compile(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in [\d.:hms ()]+(?: =+)?$", re.MULTILINE)

Runner = Callable[[str], Finished]
"""Runs a command line in a prepared environment."""


class Result(NamedTuple):
    """What a command line left.

    Attributes:
        failures: names of the tests that failed, as far as the output names them.
        counts: the last line of pytest, without its time; empty if there is none.
    """

    done: bool
    code: int
    failures: frozenset[str]
    counts: str


def read_result(finished: Finished) -> Result:
    """Read what a run says of its failures."""
    names = (*_FAILED.findall(finished.output), *_UNITTEST.findall(finished.output))
    counts = _COUNTS.findall(finished.output)
    return Result(finished.done, finished.code, frozenset(names), counts[-1] if counts else "")


def shell_words(line: str) -> tuple[str, ...]:
    """Return the words that run a command line in this system's shell."""
    return ("cmd", "/c", line) if os.name == "nt" else ("sh", "-c", line)


def compare_in_environments(
    line: str, before: Path, after: Path, timings: list[Timing] | None = None
) -> Claim:
    """Run a command line in the environments `.venv` of two scratch copies of a project.

    Args:
        line: for the system's shell.
        before: the project's folder where Poetry has installed.
        after: where uv has installed.
        timings: a list to which the time of both runs is added.

    Raises:
        ToolError: there is no shell.
    """
    for project, tool in ((before, "Poetry"), (after, "uv")):
        if not (project / ".venv").is_dir():
            why = f"there is no environment: {tool} could not install"
            return Claim(_NAME.format(line), Verdict.NOT_CHECKED, why)
    seconds: list[float] = []
    first, second = (partial(_run_in, place, seconds) for place in (before, after))
    claim = compare_runs(line, first, second)
    if timings is not None and claim.verdict is Verdict.HOLDS:
        timings.append(Timing(f"`{line}`", seconds[0], seconds[1]))
    return claim


def _run_in(project: Path, seconds: list[float], line: str) -> Finished:
    environment = project / ".venv"
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    path = os.pathsep.join((str(scripts), os.environ.get("PATH", "")))
    active = {"VIRTUAL_ENV": str(environment), "PATH": path, **_PYTEST}
    started = perf_counter()
    finished = run(shell_words(line), project, environment=active)
    seconds.append(perf_counter() - started)
    return finished


def compare_runs(line: str, before: Runner, after: Runner) -> Claim:
    """Run a command line on both sides and claim that nothing fails that did not fail before.

    Raises:
        ToolError: a runner cannot start its tool.
    """
    name = _NAME.format(line)
    was, now = before(line), after(line)
    first, second = read_result(was), read_result(now)
    evidence = f"{_told(first)} with Poetry, {_told(second)} with uv"
    new = sorted(second.failures - first.failures)
    if new:
        return Claim(name, Verdict.FAILS, f"{len(new)} new failures; {evidence}", tuple(new))
    if second.done or (not first.done and second.failures):
        return Claim(name, Verdict.HOLDS, evidence, tuple(sorted(second.failures)))
    details = tuple(now.last_words().splitlines())
    if first.done:
        return Claim(name, Verdict.FAILS, evidence, details)
    return Claim(name, Verdict.NOT_CHECKED, f"it fails with both; {evidence}", details)


def _told(result: Result) -> str:
    ended = f"exit code {result.code}"
    return f"{result.counts} ({ended})" if result.counts else ended
