"""Options that several of Poetry's commands share."""

from __future__ import annotations

from unverse.commands.table import Exactness, Option

_APPROXIMATE = Exactness.APPROXIMATE

# https://python-poetry.org/docs/cli/#global-options
GLOBAL: tuple[Option, ...] = (
    Option(("--directory", "-C"), "--directory", "value"),
    Option(
        ("--project", "-P"),
        "--project",
        "value",
        exactness=_APPROXIMATE,
        reason="uv reads other relative paths from the current directory too",
    ),
    Option(("--no-interaction", "-n")),
    Option(("--quiet", "-q"), "-q"),
    Option(("--verbose", "-v"), "-v"),
    Option(("-vv",), "-v"),
    Option(("-vvv",), "-v"),
    Option(("--no-ansi",), "--color never", exactness=_APPROXIMATE),
    Option(("--ansi",), "--color always", exactness=_APPROXIMATE),
    Option(("--no-cache",), "--no-cache", exactness=_APPROXIMATE),
    Option(("--no-plugins",)),
    Option(("--help", "-h"), "--help"),
)
# Where nobody watches, uv writes no colours anyway.
UNWATCHED: tuple[Option, ...] = tuple(
    option._replace(becomes=None) if "--no-ansi" in option.names else option for option in GLOBAL
)

# The options that choose what is installed; `rewrite`s decide where `becomes` is empty.
GROUPS: tuple[Option, ...] = (
    Option(("--with",), "", "names"),
    Option(("--without",), "", "names"),
    Option(("--only",), "", "names"),
    Option(("--no-dev",), ""),
    Option(("--dev-only",), ""),
    Option(("--default",), ""),
    Option(("--all-groups",), "--all-groups"),
)
EXTRAS: tuple[Option, ...] = (
    Option(("--extras", "-E"), "--extra", "names"),
    Option(("--all-extras",), "--all-extras"),
)
