"""`poetry add`, `remove`, `show`, `search`.

https://python-poetry.org/docs/cli/#add
"""

from __future__ import annotations

import re
import shlex

from unverse.commands.context import Context, Synced
from unverse.commands.invocation import Invocation
from unverse.commands.poetry.options import GROUPS
from unverse.commands.poetry.selection import select
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable
from unverse.errors import ConstraintError

_APPROXIMATE = Exactness.APPROXIMATE
_CONSTRAINED = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*(?:\[[\w.,\s-]*\])?)@(?P<constraint>.+)")
# Bounds, an address or a path: nothing is left for the tool to choose.
_DECIDED = re.compile(r"[<>=~!/]")
# `git+ssh://git@host:path` is understood by Poetry alone: to others a colon means a port.
_SCP = re.compile(r"(?P<host>^git\+ssh://(?:[^/@]+@)?[^/:@]+):(?!\d+/)")
# What lies below the project becomes a member of a workspace, where uv is not told otherwise.
_BELOW = re.compile(r"\./(?!.*\.(?:whl|gz|zip)$).*")
_TO_GROUP = (
    Option(("--group", "-G"), "--group", "value"),
    Option(("--dev", "-D"), "--dev"),
)
_ADD_OPTIONS = (
    *_TO_GROUP,
    Option(("--editable", "-e"), "--editable"),
    Option(("--extras", "-E"), "--extra", "names"),
    Option(("--markers",), "--marker", "value"),
    Option(("--lock",), "--no-sync"),
    Option(("--allow-prereleases",), "--prerelease allow", exactness=_APPROXIMATE),
    Option(("--python",), takes="value", refused="write it as a marker, with `uv add --marker`"),
    Option(("--platform",), takes="value", refused="write it as a marker, with `uv add --marker`"),
    Option(("--source",), takes="value", refused="give the address: `uv add --index NAME=URL`"),
    Option(("--dry-run",), refused="`uv add` has no dry run"),
)


_UNKNOWN = (
    "`uv add` takes `x==1.2` and `x>=1.2,<2`, not `x@1.2` and `x@latest`: see what `{}` holds"
)


def _add(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if not found.operands:
        return Untranslatable("what to add is not said")
    decided = True
    for index in found.operands:
        raw = found.word(index)
        try:
            new = _requirement(raw.value) if raw.value is not None else raw.text
        except ConstraintError as error:
            return Untranslatable(error.message)
        if new is None:
            return Untranslatable(f"`{raw.text}` cannot be written as one PEP 440 requirement")
        if new != raw.value and raw.value is not None:
            found.replace(index, index + 1, _quoted(new, raw.text))
        decided = decided and bool(_DECIDED.search(new))
        if _BELOW.fullmatch(new) and "--no-workspace" not in found.head:
            found.head.append("--no-workspace")
    before = context.synced or Synced()
    unknown = next((i for i in found.operands if found.word(i).value is None), None)
    note = _UNKNOWN.format(found.word(unknown).text.strip("\"'")) if unknown is not None else ""
    # Only a bare name gets its bound from the tool, and options say why they differ.
    plain = all(given.option.exactness is Exactness.EXACT for given in found.given)
    return Outcome(
        note,
        synced=before._replace(bumped=False, edited=False) if context.synced else None,
        exactness=Exactness.EXACT if decided and plain and not note else None,
    )


def _quoted(value: str, before: str) -> str:
    """Quote as it was quoted before, where that can be."""
    quote = before[:1]
    kept = quote in {'"', "'"} and before == f"{quote}{before[1:-1]}{quote}"
    return (
        f"{quote}{value}{quote}"
        if kept and not set(value) & set("\"'$`\\!")
        else shlex.quote(value)
    )


def _requirement(value: str) -> str | None:
    """Translate one operand of `poetry add`; None if there is no such requirement."""
    from unverse.poetry.constraints import to_specifier

    if value.startswith("git+") or "://" in value:
        if value.endswith("]"):  # extras, which uv wants as options
            return None
        value = _SCP.sub(r"\g<host>/", value)
        return value.replace("#", "@", 1) if "subdirectory=" not in value else None
    match = _CONSTRAINED.fullmatch(value)
    if match is None:
        return value
    if match["constraint"] == "latest":
        return match["name"]
    return match["name"] + to_specifier(match["constraint"])


def _show(found: Invocation, context: Context) -> Outcome | Untranslatable:
    selection = select(found, context)
    if isinstance(selection, Untranslatable):
        return selection
    if found.has("--why"):
        if not found.operands:
            return Untranslatable("`uv tree --invert` wants a package")
        found.head = ["uv", "tree", "--invert", "--package"]
    elif any(given.option.becomes for given in found.given if given.option in _SHOW_OPTIONS):
        found.head = ["uv", "tree"]
        if found.operands:
            found.head.append("--package")
    elif found.operands:
        found.head = ["uv", "pip", "show"]
    else:
        tree = any(given.option in GROUPS for given in found.given)
        found.head = ["uv", "tree"] if tree else ["uv", "pip", "list"]
    found.drop("--tree", "--why")
    return Outcome(_READ if found.command.joint in {"|", "$("} else "")


_READ = (
    "uv writes another form (`Version: 1.2`, not ` version      : 1.2`): what reads it must change"
)
_SHOW_OPTIONS = (
    Option(("--tree", "-t"), "tree"),
    Option(("--why",), "why"),
    Option(("--latest", "-l"), "--outdated --depth 1"),
    Option(("--outdated", "-o"), "--outdated --depth 1"),
    Option(("--top-level", "-T"), "--depth 1"),
    Option(("--all", "-a")),
)
ROWS = (
    *(
        Row(
            "poetry",
            ("add",),
            ("uv", "add"),
            (*_ADD_OPTIONS, optional),
            operands="any",
            rewrite=_add,
            exactness=_APPROXIMATE,
            reason="`uv add x` writes `x>=1.2`, Poetry wrote `x^1.2`",
            majors=frozenset({major}),
            examples=tuple(
                Example(before, after, {"poetry_major": major}) for before, after in examples
            ),
        )
        for major, optional, examples in (
            (
                2,
                Option(("--optional",), "--optional", "value"),
                (
                    ("poetry add x", "uv add x"),
                    ("poetry add 'x@^1.2' y", "uv add 'x>=1.2,<2.0' y"),
                    ("poetry add x@latest", "uv add x"),
                    ('poetry add "x>=1"', 'uv add "x>=1"'),
                    ("poetry add -D pytest", "uv add --dev pytest"),
                    ("poetry add --group docs x", "uv add --group docs x"),
                    ("poetry add --optional cli x", "uv add --optional cli x"),
                    ("poetry add -E cli x", "uv add --extra cli x"),
                    ("poetry add -e ./x", "uv add --no-workspace --editable ./x"),
                    ("poetry add ../x", "uv add ../x"),
                    ("poetry add git+https://a.b/c.git#v1", "uv add git+https://a.b/c.git@v1"),
                    (
                        "poetry add git+ssh://git@a.b:c/d.git#v1",
                        "uv add git+ssh://git@a.b/c/d.git@v1",
                    ),
                    ("poetry add --lock x", "uv add --no-sync x"),
                    ("poetry add --source internal x", None),
                ),
            ),
            (
                1,
                Option(("--optional",), refused="1.x does not say for which extra"),
                (
                    ("poetry add --dev pytest", "uv add --dev pytest"),
                    ("poetry add --optional x", None),
                ),
            ),
        )
    ),
    Row(
        "poetry",
        ("remove",),
        ("uv", "remove"),
        (
            *_TO_GROUP,
            Option(("--lock",), "--no-sync"),
            Option(("--dry-run",), refused="`uv remove` has no dry run"),
        ),
        operands="keep",
        examples=(
            Example("poetry remove x", "uv remove x"),
            Example("poetry remove -G docs x", "uv remove --group docs x"),
        ),
    ),
    Row(
        "poetry",
        ("show",),
        ("uv", "pip", "list"),
        (*GROUPS, *_SHOW_OPTIONS),
        operands="any",
        rewrite=_show,
        exactness=_APPROXIMATE,
        reason="another layout, and `uv pip list` shows the environment rather than the lock",
        examples=(
            Example("poetry show", "uv pip list"),
            Example("poetry show x", "uv pip show x"),
            Example("poetry show --tree", "uv tree"),
            Example("poetry show --why x", "uv tree --invert --package x"),
            Example("poetry show --outdated", "uv tree --outdated --depth 1"),
            Example("poetry show -T", "uv tree --depth 1"),
            Example("poetry show --only main", "uv tree --no-default-groups"),
        ),
    ),
    Row(
        "poetry",
        ("search",),
        refused="uv does not search the index",
        examples=(Example("poetry search x", None),),
    ),
)
