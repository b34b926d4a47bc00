"""Building an sdist and a wheel of a scratch copy, isolated, with `uv build`.

A build runs the project's code. It gets no credentials and no more than a scratch copy to write
to, see `sandbox`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from unverse.proof.artifacts.artifact import Artifact, Format, read_artifact
from unverse.proof.copies import EPOCH
from unverse.proof.sandbox import TIMEOUT, Finished, run
from unverse.uv.run import find_uv

BOTH = (Format.SDIST, Format.WHEEL)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made.

    Attributes:
        seconds: wall time of the build.
        error: the last words of a build that failed, else empty; nothing was made then.
        again: the wheel that was built from the unpacked sdist, if that was asked for.
        again_error: the last words of that build, if it failed.
    """

    sdist: Artifact | None
    wheel: Artifact | None
    seconds: float
    error: str = ""
    again: Artifact | None = None
    again_error: str = ""


def build(
    tree: Path,
    scratch: Path,
    *,
    formats: Iterable[Format] = BOTH,
    again: bool = False,
    python: str = "",
    timeout: float = TIMEOUT,
) -> Built:
    """Build a project.

    Args:
        tree: the folder of its pyproject.toml, in a scratch copy.
        scratch: an existing directory outside of the copy; what is made lies below it until the
            next build.
        formats: which artifacts are built from the tree.
        again: also build a wheel from the unpacked sdist.
        python: path or version of the interpreter; what uv finds by default.
        timeout: seconds for each of the builds.

    Raises:
        ToolError: uv cannot be run, or it made an unreadable file.
    """
    made = scratch / "made"
    shutil.rmtree(made, ignore_errors=True)
    started = perf_counter()
    wanted = [f"--{item}" for item in formats]
    finished = _uv_build(tree, made, wanted, python, timeout)
    if not finished.done:
        return Built(None, None, perf_counter() - started, _reason(finished, scratch))
    sdist, wheel = _only(made, "*.tar.gz"), _only(made, "*.whl")
    second, failed = None, ""
    if again and sdist:
        finished = _uv_build(sdist, made / "again", ["--wheel"], python, timeout)
        second = _only(made / "again", "*.whl")
        failed = "" if finished.done else _reason(finished, scratch)
    return _read(sdist, wheel, second, perf_counter() - started, failed)


def _reason(finished: Finished, scratch: Path) -> str:
    # Where the scratch copy lies is of no interest.
    said = finished.last_words().replace(f"{scratch}{os.sep}", "")
    return said or "it failed without a word"


def _uv_build(
    source: Path, target: Path, formats: list[str], python: str, timeout: float
) -> Finished:
    # Without the indexes of the project: a backend comes from the default one.
    command = [find_uv(), "build", "--no-config", *formats, "--out-dir", str(target), str(source)]
    command += ["--python", python] if python else []
    environment = {"SOURCE_DATE_EPOCH": EPOCH}
    return run(command, target.parent, environment=environment, timeout=timeout)


def _only(folder: Path, pattern: str) -> Path | None:
    return next(iter(sorted(folder.glob(pattern))), None)


def _read(
    sdist: Path | None, wheel: Path | None, again: Path | None, seconds: float, failed: str
) -> Built:
    first, built, second = (read_artifact(path) if path else None for path in (sdist, wheel, again))
    generator = next((item.generator for item in (built, second) if item), "")
    # An sdist does not say who made it; the wheel of the same build does.
    named = replace(first, generator=generator) if first else None
    return Built(named, built, seconds, again=second, again_error=failed)
