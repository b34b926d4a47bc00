"""pipx's other commands: what it tells, and what uv has no word for."""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.pipx.options import OUTPUT
from unverse.commands.table import KEPT, Exactness, Example, Option, Outcome, Row, Untranslatable

_APPROXIMATE = Exactness.APPROXIMATE
_FOLDERS = {
    "PIPX_BIN_DIR": ("uv", "tool", "dir", "--bin"),
    "PIPX_LOCAL_VENVS": ("uv", "tool", "dir"),
    "PIPX_HOME": ("uv", "tool", "dir"),
}


def _environment(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    for given in found.all("--value"):
        words = _FOLDERS.get(given.value or "")
        if words is None:
            return Untranslatable(f"uv has nothing like `{given.raw}`")
        found.put(given)
        found.head = list(words)
    return Outcome()


def _refused(form: str, reason: str, example: str) -> Row:
    return Row("pipx", (form,), operands="any", refused=reason, examples=(Example(example, None),))


_ANEW = "install it again with what it shall have: `uv tool install TOOL --with PACKAGE`"
ROWS = (
    Row(
        "pipx",
        ("list",),
        ("uv", "tool", "list"),
        (
            OUTPUT,
            Option(("--short",)),
            Option(("--include-injected",), "--show-with"),
            Option(("--outdated",), KEPT),
            Option(("--pinned",), refused="see `uv tool list --show-version-specifiers`"),
            Option(("--json",), refused="uv writes for people alone"),
        ),
        exactness=_APPROXIMATE,
        reason="uv writes `name vVERSION`, and a line for each command",
        examples=(
            Example("pipx list", "uv tool list"),
            Example("pipx list --short", "uv tool list"),
            Example("pipx list --json", None),
        ),
    ),
    Row(
        "pipx",
        ("ensurepath",),
        ("uv", "tool", "update-shell"),
        (
            Option(("--force", "-f")),
            Option(("--prepend",), reason="uv does"),
            Option(("--all-shells",), refused="uv changes the files of the shell that runs it"),
            Option(("--dry-run",), refused="see `uv tool dir --bin`"),
        ),
        examples=(Example("pipx ensurepath", "uv tool update-shell"),),
    ),
    Row(
        "pipx",
        ("environment",),
        ("uv", "tool", "dir"),
        (Option(("--value", "-V"), "", "value"),),
        rewrite=_environment,
        exactness=_APPROXIMATE,
        reason="one folder, not a list of variables",
        examples=(
            Example("pipx environment", "uv tool dir"),
            Example("pipx environment --value PIPX_BIN_DIR", "uv tool dir --bin"),
            Example("pipx environment --value PIPX_MAN_DIR", None),
        ),
    ),
    Row(
        "pipx",
        (),
        ("uv",),
        (Option(("--version",), KEPT),),
        exactness=_APPROXIMATE,
        reason="the version of uv",
        examples=(Example("pipx --version", "uv --version"),),
    ),
    Row(
        "pipx",
        ("upgrade-shared",),
        operands="any",
        options=(OUTPUT, Option(("--pip-args",), None, "value")),
        reason="uv shares no libraries between tools",
        examples=(Example("pipx upgrade-shared", ""),),
    ),
    _refused(
        "runpip", 'use `uv pip COMMAND --python "$(uv tool dir)/TOOL"`', "pipx runpip tox list"
    ),
    _refused("uninject", _ANEW, "pipx uninject nox x"),
    _refused("install-all", "install each with `uv tool install`", "pipx install-all all.json"),
    _refused("completions", "see `uv generate-shell-completion`", "pipx completions"),
    _refused("interpreter", "see `uv python list`", "pipx interpreter list"),
    _refused("pin", "install it again with its version: `uv tool install X==1`", "pipx pin tox"),
    _refused("unpin", "install it again without its version", "pipx unpin tox"),
    _refused("expose", "uv shows all commands of a tool", "pipx expose tox"),
    _refused("unexpose", "uv shows all commands of a tool", "pipx unexpose tox"),
    _refused("reset", "see `uv tool uninstall --all`", "pipx reset"),
    _refused("health", "see `uv tool list`", "pipx health"),
    _refused("repair", "see `uv tool upgrade --all --reinstall`", "pipx repair"),
    _refused("cache", "see `uv cache`", "pipx cache list"),
    _refused("manifest", "uv has no list of tools", "pipx manifest"),
    _refused("exec", "use `uvx`", "pipx exec tox"),
    _refused("help", "see `uv help tool`", "pipx help install"),
)
