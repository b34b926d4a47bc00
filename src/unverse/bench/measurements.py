"""What is measured by default, in the order in which caches and environments fill."""

from __future__ import annotations

from collections.abc import Sequence

from unverse.bench.model import Measurement, Part
from unverse.errors import UsageError

INSTALL_POETRY = ("install", "--no-interaction")
INSTALL_UV = ("sync", "--locked")
JOBS, SIZES, TOOL = "ci", "sizes", "tool"
_START = ("run", "python", "-c", "pass")
_REQUIREMENTS = "unverse-bench.txt"

MEASUREMENTS = (
    Measurement(
        "lock-cold",
        "lock from nothing, empty cache",
        (("lock", "--no-interaction"),),
        (("lock",),),
        frozenset({Part.LOCK, Part.CACHE}),
        needs_lock=False,
    ),
    Measurement(
        "lock-new",
        "lock from nothing, warm cache",
        (("lock", "--no-interaction"),),
        (("lock",),),
        frozenset({Part.LOCK}),
        needs_lock=False,
    ),
    Measurement(
        # Poetry 1 needs to be told; see `side.poetry_words`.
        "lock",
        "lock, nothing to do",
        (("lock", "--no-interaction", "--no-update"),),
        (("lock",),),
    ),
    Measurement(
        "install-cold",
        "install, empty cache",
        (INSTALL_POETRY,),
        (INSTALL_UV,),
        frozenset({Part.CACHE, Part.ENVIRONMENT}),
    ),
    Measurement(
        "install-warm",
        "install, warm cache, new environment",
        (INSTALL_POETRY,),
        (INSTALL_UV,),
        frozenset({Part.ENVIRONMENT}),
    ),
    Measurement(
        "install",
        "install, nothing to do",
        (INSTALL_POETRY,),
        (INSTALL_UV,),
        needs_environment=True,
    ),
    Measurement("run", "start of `run`", (_START,), (_START,), needs_environment=True),
    Measurement(
        "build",
        "build sdist and wheel",
        (("build", "--no-interaction"),),
        (("build",),),
        frozenset({Part.ARTIFACTS}),
        needs_lock=False,
    ),
    Measurement(
        # Of both the dependencies of the project itself, with hashes.
        "export",
        "export requirements.txt",
        (("export", "--output", _REQUIREMENTS),),
        (
            (
                *("export", "--quiet", "--locked", "--no-default-groups", "--no-emit-project"),
                *("--output-file", _REQUIREMENTS),
            ),
        ),
    ),
)
TIMED = tuple(measurement.name for measurement in MEASUREMENTS)
NAMES = (*TIMED, TOOL, JOBS, SIZES)


def chosen(words: str) -> tuple[str, ...]:
    """Return the names in a list separated by commas; all of them for an empty one.

    Raises:
        UsageError: there is no measurement of a name.
    """
    names = [word.strip() for word in words.split(",") if word.strip()]
    for name in names:
        if name not in NAMES:
            raise UsageError(f"nothing to measure is called `{name}`", hint=_listed(NAMES))
    return tuple(name for name in NAMES if name in names) or NAMES


def _listed(names: Sequence[str]) -> str:
    return f"there are {', '.join(f'`{name}`' for name in names)}"
