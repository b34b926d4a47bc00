"""Poetry about itself, caches and new projects.

https://python-poetry.org/docs/cli/
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_APPROXIMATE = Exactness.APPROXIMATE
_NAME = re.compile(r"[\w.-]+")
# What these plugins do, uv does without.
_NEEDLESS = frozenset({"poetry-plugin-export", "poetry-plugin-shell", "keyring", "pip", "certifi"})
_DOTENV = "`uv run` reads `.env` only when told: `uv run --env-file .env`, or set UV_ENV_FILE=.env"
_ADVICE = {
    "poetry-plugin-up": "`uv sync --upgrade` does its work, but for the bounds in pyproject.toml",
    "poetry-plugin-sort": "`uv add` keeps a list that is sorted so",
    "poetry-plugin-dotenv": _DOTENV,
    "poetry-dotenv-plugin": _DOTENV,
    "poetry-plugin-pypi-mirror": "set UV_DEFAULT_INDEX",
    "poetry-plugin-bundle": "`uv sync --no-editable` and UV_PROJECT_ENVIRONMENT do its work",
    "poetry-auth-plugin": "`uv auth login` does its work",
}


def plugin_problem(requirement: str, context: Context) -> str:
    """Say why a plugin of Poetry cannot simply go; empty if it can."""
    match = _NAME.match(requirement.strip("\"'"))
    name = match[0].lower() if match else requirement
    # As the build backend, which the project gets, it needs no installing.
    backend = name == "poetry-dynamic-versioning" and context.project.version_by_plugin
    # Its tasks are run by `uv run poe` (see `poe.py`).
    tasks = name == "poethepoet" and "poe" in context.project.document.get("tool", {})
    if name in _NEEDLESS or backend or tasks:
        return ""
    advice = _ADVICE.get(name)
    return f"the plugin `{name}` is Poetry's" + (f": {advice}" if advice else ", uv has none")


def _plugins(found: Invocation, context: Context) -> Outcome | Untranslatable:
    raws = [found.word(index).text for index in found.operands]
    problems = [problem for raw in raws if (problem := plugin_problem(raw, context))]
    if problems:
        return Untranslatable("; ".join(problems))
    found.whole()
    return Outcome()


_READ = "it says `uv 1.2`, not `Poetry (version 1.2)`: what reads it must change"


def _alone(found: Invocation, _: Context) -> Outcome | Untranslatable:
    if found.has("--version"):
        read = found.command.joint == "|" or found.command.substitution
        return Outcome(_READ if read else "")
    if found.has("--help"):
        found.drop("--help")
        found.head = ["uv", "help"]
        return Outcome()
    return Untranslatable("no subcommand")


def _drop_operands(found: Invocation, _: Context) -> Outcome:
    found.whole(*found.row.becomes)
    return Outcome()


ROWS = (
    Row(
        "poetry",
        (),
        ("uv",),
        (Option(("--version", "-V"), "--version"),),
        rewrite=_alone,
        examples=(
            Example("poetry --version", "uv --version"),
            Example("poetry -V", "uv --version"),
            Example("poetry --help", "uv help"),
            Example("poetry", None),
        ),
    ),
    Row(
        "poetry",
        ("about",),
        ("uv", "--version"),
        exactness=_APPROXIMATE,
        examples=(Example("poetry about", "uv --version"),),
    ),
    Row(
        "poetry",
        ("debug", "info"),
        ("uv", "python", "find"),
        exactness=_APPROXIMATE,
        examples=(Example("poetry debug info", "uv python find"),),
    ),
    Row(
        "poetry",
        ("help",),
        ("uv", "help"),
        operands="any",
        rewrite=_drop_operands,
        exactness=_APPROXIMATE,
        examples=(Example("poetry help install", "uv help"),),
    ),
    Row(
        "poetry",
        ("list",),
        ("uv", "help"),
        exactness=_APPROXIMATE,
        examples=(Example("poetry list", "uv help"),),
    ),
    Row(
        "poetry",
        ("self", "update"),
        (),
        (Option(("--preview",)),),
        operands="any",
        rewrite=_drop_operands,
        kind="installer",
        exactness=_APPROXIMATE,
        reason="`uv self update` works only where uv's own installer was used",
        examples=(
            Example("poetry self update", ""),
            Example("poetry self update 1.8.3", ""),
        ),
    ),
    Row(
        "poetry",
        ("self", "add"),
        (),
        operands="any",
        rewrite=_plugins,
        kind="installer",
        reason="uv does without this plugin",
        examples=(
            Example("poetry self add poetry-plugin-export", ""),
            Example("poetry self add 'poetry-plugin-shell>=1'", ""),
            Example("poetry self add poetry-plugin-sort", None),
        ),
    ),
    *(
        Row(
            "poetry",
            ("self", verb),
            refused="uv has no plugins",
            examples=(Example(f"poetry self {verb}", None),),
        )
        for verb in ("show", "install", "lock", "remove", "sync")
    ),
    *(
        Row(
            "poetry",
            ("source", verb),
            refused="write it as `[[tool.uv.index]]` in pyproject.toml",
            examples=(Example(f"poetry source {verb} internal https://a.b/simple", None),),
        )
        for verb in ("add", "remove", "show")
    ),
    Row(
        "poetry",
        ("cache", "clear"),
        ("uv", "cache", "clean"),
        (Option(("--all",)),),
        operands="any",
        rewrite=_drop_operands,
        exactness=_APPROXIMATE,
        reason="uv has one cache for all indexes",
        examples=(
            Example("poetry cache clear pypi --all", "uv cache clean"),
            Example("poetry cache clear --all .", "uv cache clean"),
        ),
    ),
    Row(
        "poetry",
        ("dynamic-versioning",),
        ("uvx", "--from", "poetry-dynamic-versioning", "poetry-dynamic-versioning"),
        operands="keep",
        exactness=_APPROXIMATE,
        reason="the plugin brings a command of the same name",
        examples=(
            Example(
                "poetry dynamic-versioning",
                "uvx --from poetry-dynamic-versioning poetry-dynamic-versioning",
            ),
        ),
    ),
    *(
        Row(
            "poetry",
            (plugin,),
            operands="any",
            refused=reason,
            examples=(Example(f"poetry {plugin} x", None),),
        )
        for plugin, reason in (
            ("up", "a plugin: `uv sync --upgrade`, and new bounds by `uv add`, do its work"),
            (
                "sort",
                "a plugin: `uv add` keeps a list that is sorted so; drop it, or sort otherwise",
            ),
            ("exec", "a plugin: its commands need a task runner of another kind, such as poe"),
            ("bundle", "a plugin: UV_PROJECT_ENVIRONMENT and `uv sync --no-editable` do its work"),
            ("build-project", "a plugin of Polylith: `uv build` after hatch-polylith-bricks"),
            ("poly", "a plugin of Polylith: its own command `poly` runs with `uv run poly`"),
        )
    ),
    Row(
        "poetry",
        ("cache", "list"),
        ("uv", "cache", "dir"),
        exactness=_APPROXIMATE,
        examples=(Example("poetry cache list", "uv cache dir"),),
    ),
    Row(
        "poetry",
        ("init",),
        ("uv", "init", "--bare"),
        (
            Option(("--name",), "--name", "value"),
            Option(("--description",), "--description", "value"),
            Option(("--python",), "--python", "value", exactness=_APPROXIMATE),
        ),
        exactness=_APPROXIMATE,
        reason="uv asks no questions",
        examples=(
            Example("poetry init", "uv init --bare"),
            Example("poetry init -n --name x", "uv init --bare --name x"),
        ),
    ),
    Row(
        "poetry",
        ("new",),
        ("uv", "init", "--package"),
        (Option(("--name",), "--name", "value"), Option(("--src",))),
        operands="keep",
        exactness=_APPROXIMATE,
        reason="uv puts the package below `src/` and makes no tests folder",
        examples=(Example("poetry new x", "uv init --package x"),),
    ),
)
