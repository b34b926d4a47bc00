"""`poetry install` and `poetry sync`.

https://python-poetry.org/docs/cli/#install
"""

from __future__ import annotations

from unverse.commands.context import Context, Synced
from unverse.commands.invocation import Invocation, translated
from unverse.commands.poetry.options import EXTRAS, GROUPS
from unverse.commands.poetry.selection import remark, select
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_OPTIONS = (
    *GROUPS,
    *EXTRAS,
    Option(("--no-root",), "--no-install-project"),
    Option(("--only-root",), "--only-install-project"),
    Option(
        ("--no-directory",),
        "",
        exactness=Exactness.APPROXIMATE,
        reason="`--no-install-local` leaves out the project and its workspace members as well",
    ),
    Option(("--compile",), "--compile-bytecode"),
    Option(("--dry-run",), "--dry-run", exactness=Exactness.APPROXIMATE),
    Option(("--sync",)),
    Option(("--remove-untracked",)),
    Option(("--dev",)),  # 1.0: the default even then
)
_NARROWING = ("--no-", "--only-")


def _install(found: Invocation, context: Context) -> Outcome | Untranslatable:
    bare = found.has("--no-root") or found.has("--only-root") or not context.project.package_mode
    selection = select(found, context, with_project=not bare)
    if isinstance(selection, Untranslatable):
        return selection
    _directories(found)
    options = _options(found, context)
    narrowed = any(option.startswith(_NARROWING) for option in options)
    exact = found.row.form == ("sync",) or found.has("--sync") or found.has("--remove-untracked")
    flags = _flags(context, options, narrowed, exact)
    found.head = ["uv", "sync", *flags]
    note = "; ".join(filter(None, (remark(selection, context), _stale(context))))
    return Outcome(note, _synced(context, options, narrowed, removes="--inexact" not in flags))


def _directories(found: Invocation) -> None:
    # `--no-install-project` alone would still install what lies in other folders.
    for given in found.all("--no-directory"):
        found.put(given, "--no-install-local")


def _options(found: Invocation, context: Context) -> tuple[str, ...]:
    """Return the options of the result that choose what is installed, one text each."""
    words: list[str] = []
    for given in found.given:
        change = found.changed.get(given.first)
        kept = () if change else translated(given, context)
        words += change.words if change else (() if isinstance(kept, Untranslatable) else kept)
    texts = " ".join(words).replace("--", "\0--").split("\0")
    chosen = ("--group", "--extra", "--all-", "--no-", "--only-")
    drop = ("--no-cache", "--no-color")
    return tuple(t for text in texts if (t := text.strip()).startswith(chosen) and t not in drop)


def _flags(
    context: Context, options: tuple[str, ...], narrowed: bool, exact: bool
) -> tuple[str, ...]:
    """`poetry install` fails when the lock is stale, and removes nothing."""
    if context.setting == "docs":
        lock: tuple[str, ...] = ()
    elif context.synced and (context.synced.edited or context.synced.unlocked):
        lock = ()
    elif context.synced and context.synced.bumped:
        lock = ("--frozen",)
    else:
        lock = ("--locked",)
    if exact:
        return lock
    return (*lock, "--inexact") if _keeps(context, options, narrowed) else lock


def _keeps(context: Context, options: tuple[str, ...], narrowed: bool) -> bool:
    if context.inexact:
        return True
    if context.synced is None:
        # In a fresh environment there is nothing to remove; a developer's is not fresh.
        return narrowed and context.setting in {"shell", "tasks"}
    return context.synced.overlaid or not _covers(options, context.synced.options)


def _covers(later: tuple[str, ...], earlier: tuple[str, ...]) -> bool:
    def split(options: tuple[str, ...]) -> tuple[set[str], set[str]]:
        narrow = {option for option in options if option.startswith(_NARROWING)}
        return narrow, set(options) - narrow

    (narrow, wide), (narrow_before, wide_before) = split(later), split(earlier)
    return narrow <= narrow_before and wide >= wide_before


def _stale(context: Context) -> str:
    if context.synced and context.synced.edited:
        return "pyproject.toml is changed before it: `uv sync` locks again, Poetry refused"
    return ""


def _synced(context: Context, options: tuple[str, ...], narrowed: bool, removes: bool) -> Synced:
    before = context.synced or Synced()
    together = options if removes else tuple(dict.fromkeys((*before.options, *options)))
    complete = not narrowed or (before.complete and not removes)
    if not narrowed and not removes:
        together = tuple(option for option in together if not option.startswith(_NARROWING))
    overlaid = before.overlaid and not removes
    return Synced(complete, together, overlaid, before.bumped, before.edited)


_ONE_OPTIONAL = {"groups": ("dev",), "optional_groups": ("docs",)}
ROWS = (
    Row(
        "poetry",
        ("install",),
        ("uv", "sync"),
        _OPTIONS,
        rewrite=_install,
        reason="`--locked` fails on a stale lock, as Poetry did",
        examples=(
            Example("poetry install", "uv sync --locked"),
            Example("poetry install", "uv sync", {"setting": "docs"}),
            Example("poetry install", "uv sync --locked --inexact", {"foreign": True}),
            Example("poetry install --no-root", "uv sync --locked --no-install-project"),
            Example("poetry install -n --no-ansi", "uv sync --locked"),
            Example("poetry install --no-ansi", "uv sync --color never", {"setting": "docs"}),
            Example("poetry install -vvv", "uv sync --locked -v"),
            Example("poetry install --only-root", "uv sync --locked --only-install-project"),
            Example("poetry install --with docs,dev", "uv sync --locked --group docs --group dev"),
            Example("poetry install --with=docs", "uv sync --locked --group docs", _ONE_OPTIONAL),
            Example("poetry install --without dev", "uv sync --locked --no-group dev"),
            Example("poetry install --only main", "uv sync --locked --no-default-groups"),
            Example(
                "poetry install --only main,docs",
                "uv sync --locked --no-default-groups --group docs",
            ),
            Example(
                "poetry install --only docs,dev",
                "uv sync --locked --only-group docs --only-group dev",
            ),
            Example(
                "poetry install --only docs,dev",
                "uv sync --locked --no-default-groups --group docs --group dev",
                {"dependencies": ()},
            ),
            Example(
                "poetry install --only main --no-root",
                "uv sync --locked --inexact --no-default-groups --no-install-project",
                {"setting": "shell"},
            ),
            Example("poetry install --all-groups", "uv sync --locked --all-groups"),
            Example('poetry install -E "a b"', "uv sync --locked --extra a --extra b"),
            Example("poetry install --extras=a,b", "uv sync --locked --extra a --extra b"),
            Example("poetry install -Ea", "uv sync --locked --extra a"),
            Example("poetry install --all-extras", "uv sync --locked --all-extras"),
            Example("poetry install --compile", "uv sync --locked --compile-bytecode"),
            Example("poetry install --sync", "uv sync --locked"),
            Example("poetry install --dry-run", "uv sync --locked --dry-run"),
            Example("poetry install --no-directory", "uv sync --locked --no-install-local"),
            Example(
                "poetry install --no-dev",
                "uv sync --locked --no-default-groups",
                {"groups": ("dev", "test")},
            ),
            Example("poetry install --remove-untracked", "uv sync --locked"),
            Example("poetry -C api install", "uv --directory api sync --locked"),
            Example("poetry install --with ${{ matrix.group }}", None),
            Example(
                "poetry install --with ${{ matrix.group }}",
                "uv sync --locked --group ${{ matrix.group }}",
                {"values": {"${{ matrix.group }}": ("docs", "dev")}},
            ),
            Example("poetry install $OPTIONS", None),
            Example("poetry install --frobnicate", None),
        ),
    ),
    Row(
        "poetry",
        ("sync",),
        ("uv", "sync"),
        _OPTIONS,
        rewrite=_install,
        reason="both remove what the lock does not ask for",
        examples=(
            Example("poetry sync", "uv sync --locked"),
            Example("poetry sync", "uv sync", {"setting": "docs"}),
            Example("poetry sync --no-root", "uv sync --locked --no-install-project"),
            Example("poetry sync --only main", "uv sync --locked --no-default-groups"),
        ),
    ),
)
