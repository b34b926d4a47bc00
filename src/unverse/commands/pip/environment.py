"""What pip tells about an environment, and `pip uninstall`."""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.pip.options import INDEXES, ROOT
from unverse.commands.pip.place import place
from unverse.commands.pip.variables import settings
from unverse.commands.table import KEPT, Exactness, Example, Option, Outcome, Row, Untranslatable


def placed(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """Say where the command looks; options before the subcommand go behind it."""
    told = settings(found, context)
    if isinstance(told, Untranslatable):
        return told
    where = place(found, context)
    if isinstance(where, Untranslatable):
        return where
    found.head += (*where, *told)
    for given in found.given:
        if given.first < found.form[0]:
            change = found.changed.get(given.first)
            words = (found.word(i).text for i in range(given.first, given.last))
            found.head += change.words if change else tuple(words)
            found.replace(given.first, given.last)
    return Outcome()


def _uninstalled(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if found.operands and all(value == "pip" for value in found.values()):
        return Untranslatable("uv needs no pip, and leaves one that is there alone")
    return placed(found, context)


def _frozen(found: Invocation, context: Context) -> Outcome | Untranslatable:
    everything = found.has("--all")
    found.drop("--all")
    outcome = placed(found, context)
    if isinstance(outcome, Untranslatable):
        return outcome
    if everything:
        return Outcome(exactness=Exactness.EXACT)
    found.head += ("--exclude", "pip")
    return outcome


def _listed(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if found.has("--outdated") and any(g.value == "freeze" for g in found.all("--format")):
        return Untranslatable("`--format freeze` cannot show what is outdated")
    return placed(found, context)


_ENVIRONMENT = {"target": "environment"}
_SYSTEM = {"target": "system"}
_LOCAL = Option(("--local", "-l"), None, refused="uv shows the environment alone or all of it")
_USER = Option(("--user",), refused="uv does not install for a user")
_SELECTS = "`uv pip list` looks for the newest final releases"
_SELECTION = (
    *("--no-binary", "--only-binary", "--all-releases", "--only-final", "--refresh-package"),
    "--uploaded-prior-to",
)
_EXCLUDE = (Option(("--exclude",), KEPT, "value"), Option(("--exclude-editable",), KEPT))
ROWS = (
    Row(
        "pip",
        ("uninstall",),
        ("uv", "pip", "uninstall"),
        (
            Option(("--yes", "-y"), reason="uv does not ask"),
            Option(("-r", "--requirement"), "-r", "value"),
            Option(("--break-system-packages",), KEPT),
            ROOT,
        ),
        operands="keep",
        rewrite=_uninstalled,
        examples=(
            Example("pip uninstall -y requests", "uv pip uninstall requests", _ENVIRONMENT),
            Example("pip uninstall -y -r r.txt", "uv pip uninstall --system -r r.txt", _SYSTEM),
        ),
    ),
    Row(
        "pip",
        ("freeze",),
        ("uv", "pip", "freeze"),
        (
            *_EXCLUDE,
            Option(("--path",), KEPT, "value"),
            Option(("--all",), ""),
            Option(("-r", "--requirement"), takes="value", refused="uv sorts by name"),
            _LOCAL,
            _USER,
        ),
        rewrite=_frozen,
        exactness=Exactness.APPROXIMATE,
        reason="below Python 3.12 pip leaves out setuptools and wheel as well as itself",
        examples=(
            Example("pip freeze", "uv pip freeze --exclude pip", _ENVIRONMENT),
            Example(
                "python -m pip freeze --exclude-editable",
                "uv pip freeze --system --exclude pip --exclude-editable",
                _SYSTEM,
            ),
            Example("pip freeze --all", "uv pip freeze", _ENVIRONMENT),
            Example("pip freeze --local", None, _ENVIRONMENT),
        ),
    ),
    Row(
        "pip",
        ("list",),
        ("uv", "pip", "list"),
        (
            *_EXCLUDE,
            *INDEXES,
            Option(("--outdated", "-o"), "--outdated"),
            Option(("--editable", "-e"), KEPT),
            Option(("--format",), KEPT, "value"),
            Option(("--pre",), refused=_SELECTS),
            Option(("--include-editable",), reason="uv does"),
            Option(("--uptodate", "-u"), refused="uv shows what is outdated, or all"),
            Option(("--not-required",), refused="see `uv pip tree --depth 0`"),
            Option(("--path",), takes="value", refused="use `--target`"),
            Option(("--prefer-binary",), refused=_SELECTS),
            Option(_SELECTION, takes="value", refused=_SELECTS),
            _LOCAL,
            _USER,
        ),
        rewrite=_listed,
        examples=(
            Example("pip list --format=json", "uv pip list --format=json", _ENVIRONMENT),
            Example("pip list -o", "uv pip list --system --outdated", _SYSTEM),
            Example("pip list --not-required", None, _ENVIRONMENT),
        ),
    ),
    Row(
        "pip",
        ("show",),
        ("uv", "pip", "show"),
        (Option(("--files", "-f"), KEPT),),
        operands="keep",
        rewrite=placed,
        exactness=Exactness.APPROXIMATE,
        reason="uv shows name, version, location and what requires what, no description",
        examples=(Example("pip show requests", "uv pip show requests", _ENVIRONMENT),),
    ),
    Row(
        "pip",
        ("check",),
        ("uv", "pip", "check"),
        rewrite=placed,
        examples=(
            Example("pip check", "uv pip check", _ENVIRONMENT),
            Example("python -m pip check", "uv pip check --system", _SYSTEM),
        ),
    ),
)
