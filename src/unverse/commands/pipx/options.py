"""Options that several of pipx's commands share, and its variables.

Checked against the help of pipx 1.18.
"""

from __future__ import annotations

from unverse.commands.assignments import rename
from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import KEPT, Exactness, Option, Untranslatable

GENERAL: tuple[Option, ...] = (
    Option(("--help", "-h"), "--help"),
    Option(("--quiet", "-q"), KEPT),
    Option(("--verbose", "-v"), KEPT),
    Option(("--skip-maintenance",), reason="uv shares no libraries between tools"),
    Option(("--global",), refused="set UV_TOOL_DIR and UV_TOOL_BIN_DIR"),
)
FETCHING: tuple[Option, ...] = (
    Option(("--fetch-missing-python",), reason="uv does"),
    Option(("--fetch-python",), "", "value"),
)
PYTHON: tuple[Option, ...] = (Option(("--python",), KEPT, "value"), *FETCHING)
# What an installation is made of.
INSTALLING: tuple[Option, ...] = (
    Option(("--index-url", "-i"), "--default-index", "value"),
    Option(("--cooldown",), "", "value"),
    Option(("--backend",), None, "value", reason="uv is the one"),
    Option(("--system-site-packages",), refused="uv's tools stand alone"),
    Option(("--pip-args",), takes="value", refused="give uv's own options"),
)
FORCE = Option(
    ("--force", "-f"),
    "--force",
    exactness=Exactness.APPROXIMATE,
    reason="uv replaces commands that are there, and installs anew only what has changed",
)
OUTPUT = Option(("--output",), takes="value", refused="uv writes for people alone")
_RENAMED = {
    "PIPX_HOME": "UV_TOOL_DIR",
    "PIPX_BIN_DIR": "UV_TOOL_BIN_DIR",
    "PIPX_DEFAULT_PYTHON": "UV_PYTHON",
}
_AROUND = "`{}` is set for pipx: uv reads {}"
_GONE = frozenset({"PIPX_USE_EMOJI", "PIPX_DEFAULT_BACKEND"})


def variable(name: str, value: str) -> str | None:
    """Return uv's assignment for one of pipx's; empty if it goes, None if there is none."""
    if name in _GONE:
        return ""
    return f"{_RENAMED[name]}={value}" if name in _RENAMED else None


def told(found: Invocation, context: Context) -> Untranslatable | None:
    """Rewrite what options and variables say of places, releases and the Python."""
    for name in context.environment:
        if name.startswith("PIPX_") and name not in _GONE:
            return Untranslatable(_AROUND.format(name, _RENAMED.get(name, "no such variable")))
    return rename(found, "PIPX_", variable) or _chosen(found)


def _chosen(found: Invocation) -> Untranslatable | None:
    for given in found.all("--cooldown"):
        days = given.value or ""
        if not days.isdigit():
            return Untranslatable(f"`--cooldown {given.raw}`: use `--exclude-newer`")
        found.put(given, *(("--exclude-newer", f"P{days}D") if int(days) else ()))
    for given in found.all("--fetch-python"):
        words = {"missing": (), "never": ("--no-python-downloads",)}.get(given.value or "")
        if words is None:
            return Untranslatable(f"`--fetch-python {given.raw}`: use `--managed-python`")
        found.put(given, *words)
    return None


def option_words(found: Invocation) -> list[str]:
    """Return the options as they become, without the operands."""
    words: list[str] = []
    seen: set[int] = set()
    for given in found.given:
        if given.first in seen:
            continue
        seen.add(given.first)
        change = found.changed.get(given.first)
        own = tuple(found.word(i).text for i in range(given.first, given.last))
        words += change.words if change else own
    return words
