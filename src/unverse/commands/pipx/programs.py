"""pipx's programs: `install`, `inject`, `run`, `upgrade`, `uninstall` and what goes with them."""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.pipx.options import (
    FORCE,
    INSTALLING,
    OUTPUT,
    PYTHON,
    option_words,
    told,
)
from unverse.commands.table import KEPT, Exactness, Example, Option, Outcome, Row, Untranslatable

_APPROXIMATE = Exactness.APPROXIMATE
_SCRIPT = re.compile(r"https?://\S+|\S+\.py")


def _install(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """Uv installs one tool at a time."""
    problem = told(found, context)
    if problem or len(found.operands) < 2:
        return problem or Outcome()
    if found.command.wrappers or found.command.assignments:
        return Untranslatable("uv installs one tool at a time: write a command for each")
    return _each(found, ["uv", "tool", "install", *option_words(found)])


def _each(found: Invocation, head: list[str]) -> Outcome:
    """Write a command for every operand."""
    commands = [[*head, found.word(index).text] for index in found.operands]
    words = [word for command in commands for word in ("&&", *command)][1:]
    if found.command.joint in {"||", "|", "!", "if"}:
        words = ["{", *words, ";", "}"]
    found.whole(*words)
    return Outcome(compound=True)


def _inject(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """`inject TOOL PACKAGE…`: each package is an option of the tool's installation."""
    problem = told(found, context)
    if problem:
        return problem
    option = "--with-executables-from" if found.has("--include-apps") else "--with"
    if found.has("--editable"):
        option = "--with-editable"
    found.drop("--editable", "--include-apps")
    for index in found.operands[1:]:
        found.replace(index, index + 1, option, found.word(index).text)
    return Outcome()


def _run(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """`run APP …`; a script, local or from an address, is `uv run`."""
    problem = told(found, context)
    if problem or not found.operands:
        return problem or Outcome()
    app = found.word(found.operands[0]).value or ""
    if app == "build":
        # Its command has another name; pipx knows the two belong together.
        found.replace(found.operands[0], found.operands[0] + 1, "pyproject-build")
        found.head += () if found.has("--spec") else ("--from", "build")
        return Outcome()
    script = found.has("--path") or bool(_SCRIPT.fullmatch(app))
    if script and not app.startswith("git+"):
        found.head = ["uv", "run", "--script"]
        if found.has("--spec"):
            return Untranslatable("a script has no `--spec`")
        if app.startswith("http"):
            found.head = ["uv", "run"]
    found.drop("--path")
    return Outcome()


def _upgrade(found: Invocation, context: Context) -> Outcome | Untranslatable:
    problem = told(found, context)
    if problem or not found.has("--install"):
        return problem or Outcome()
    if len(found.operands) != 1:
        return Untranslatable("uv installs one tool at a time: write a command for each")
    found.drop("--install")
    found.head = ["uv", "tool", "install", "--upgrade"]
    return Outcome()


_NEWER = "uv keeps to the version that was asked for at the installation"
_RUN = (
    *PYTHON,
    *INSTALLING,
    Option(("--spec",), "--from", "value"),
    Option(("--with",), KEPT, "value"),
    Option(("--no-cache",), "--refresh"),
    Option(("--refresh",), KEPT),
    Option(("--no-path-check",), reason="uv does not look there"),
    Option(("--path",), ""),
    Option(("--pypackages",), refused="uv knows no `__pypackages__`"),
    Option(("--python-args",), takes="value", refused="use `uv run python ARGS -m APP`"),
    Option(("--editable", "-e"), refused="use `uvx --with-editable PATH`"),
)
_INSTALL = (
    *PYTHON,
    *INSTALLING,
    FORCE,
    OUTPUT,
    Option(("--upgrade", "-U"), "--upgrade"),
    Option(("--upgrade-strategy",), None, "value", reason="uv is always eager"),
    Option(("--preinstall",), "--with", "value"),
    Option(("--editable", "-e"), "--editable"),
    Option(("--include-resources-from",), "--with-executables-from", "value"),
    Option(("--app",), None, "value", reason="uv says which commands it installed"),
    Option(("--include-deps",), refused="name them with `--with-executables-from`"),
    Option(("--suffix",), takes="value", refused="uv adds none: use `uvx NAME@VERSION`"),
    Option(("--lock",), takes="value", refused="uv installs no tool from a lock"),
)
_INJECT = (
    *INSTALLING,
    FORCE,
    OUTPUT,
    Option(("--requirement", "-r"), "--with-requirements", "value"),
    Option(("--include-apps",), ""),
    Option(("--editable", "-e"), ""),
    Option(("--include-resources-from",), "--with-executables-from", "value"),
    Option(("--include-deps",), refused="name them with `--with-executables-from`"),
    Option(("--with-suffix",), refused="uv adds none"),
)
_UPGRADE = (
    *PYTHON,
    *INSTALLING,
    OUTPUT,
    Option(("--include-injected",), reason="uv does"),
    Option(("--force", "-f"), "--reinstall"),
    Option(("--install",), ""),
    Option(("--editable", "-e"), refused="install it again with `--editable`"),
)
ROWS = (
    Row(
        "pipx",
        ("install",),
        ("uv", "tool", "install"),
        _INSTALL,
        operands="keep",
        rewrite=_install,
        examples=(
            Example("pipx install black", "uv tool install black"),
            Example(
                "pipx install --python 3.12 'black[d]==24.1'",
                "uv tool install --python 3.12 'black[d]==24.1'",
            ),
            Example("python -m pipx install tox nox", "uv tool install tox && uv tool install nox"),
            Example("pipx install --cooldown 7 tox", "uv tool install --exclude-newer P7D tox"),
            Example("pipx install --suffix _a tox", None),
            Example("pipx install tox", None, {"environment": {"PIPX_BIN_DIR": "/usr/local/bin"}}),
            Example("pipx install --pip-args='--pre' tox", None),
        ),
    ),
    Row(
        "pipx",
        ("inject",),
        ("uv", "tool", "install"),
        _INJECT,
        operands="keep",
        rewrite=_inject,
        exactness=_APPROXIMATE,
        reason="uv installs the tool with these alone: name the version and earlier ones as well",
        examples=(
            Example("pipx inject nox nox-uv", "uv tool install nox --with nox-uv"),
            Example(
                "pipx inject --include-apps ipython jupyter black",
                "uv tool install ipython --with-executables-from jupyter "
                "--with-executables-from black",
            ),
        ),
    ),
    Row(
        "pipx",
        ("run",),
        ("uvx",),
        _RUN,
        operands="rest",
        rewrite=_run,
        examples=(
            Example("pipx run black --check .", "uvx black --check ."),
            Example("pipx run black==24.1.0 .", "uvx black==24.1.0 ."),
            Example(
                "pipx run --spec 'build[uv]' pyproject-build",
                "uvx --from 'build[uv]' pyproject-build",
            ),
            Example("pipx run build --wheel", "uvx --from build pyproject-build --wheel"),
            Example("pipx run ./tool.py -v", "uv run --script ./tool.py -v"),
            Example("pipx run https://example.org/x.py", "uv run https://example.org/x.py"),
            Example("pipx run --pypackages x", None),
        ),
    ),
    Row(
        "pipx",
        ("upgrade",),
        ("uv", "tool", "upgrade"),
        _UPGRADE,
        operands="keep",
        rewrite=_upgrade,
        exactness=_APPROXIMATE,
        reason=_NEWER,
        examples=(
            Example("pipx upgrade black tox", "uv tool upgrade black tox"),
            Example("pipx upgrade --install tox", "uv tool install --upgrade tox"),
        ),
    ),
    Row(
        "pipx",
        ("upgrade-all",),
        ("uv", "tool", "upgrade", "--all"),
        (
            OUTPUT,
            Option(("--include-injected",), reason="uv does"),
            Option(("--force", "-f"), "--reinstall"),
            Option(("--skip",), takes="value", refused="name those to upgrade"),
            Option(("--editable", "-e"), refused="install it again with `--editable`"),
            *INSTALLING,
        ),
        rewrite=_upgrade,
        exactness=_APPROXIMATE,
        reason=_NEWER,
        examples=(Example("pipx upgrade-all", "uv tool upgrade --all"),),
    ),
    Row(
        "pipx",
        ("uninstall",),
        ("uv", "tool", "uninstall"),
        (OUTPUT,),
        operands="keep",
        examples=(Example("pipx uninstall black", "uv tool uninstall black"),),
    ),
    Row(
        "pipx",
        ("uninstall-all",),
        ("uv", "tool", "uninstall", "--all"),
        (OUTPUT,),
        examples=(Example("pipx uninstall-all", "uv tool uninstall --all"),),
    ),
    Row(
        "pipx",
        ("reinstall",),
        ("uv", "tool", "upgrade", "--reinstall"),
        (*PYTHON, OUTPUT, Option(("--backend",), None, "value")),
        operands="keep",
        rewrite=_upgrade,
        exactness=_APPROXIMATE,
        reason="uv upgrades it too",
        examples=(
            Example(
                "pipx reinstall tox --python 3.13", "uv tool upgrade --reinstall tox --python 3.13"
            ),
        ),
    ),
    Row(
        "pipx",
        ("reinstall-all",),
        ("uv", "tool", "upgrade", "--all", "--reinstall"),
        (
            *PYTHON,
            OUTPUT,
            Option(("--backend",), None, "value"),
            Option(("--skip",), takes="value", refused="name those to install anew"),
        ),
        rewrite=_upgrade,
        exactness=_APPROXIMATE,
        reason="uv upgrades them too",
        examples=(Example("pipx reinstall-all", "uv tool upgrade --all --reinstall"),),
    ),
)
