"""`poetry shell`, `poetry env …` and `poetry python …`: environments and interpreters.

https://python-poetry.org/docs/managing-environments/
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

ACTIVATE = ("source", ".venv/bin/activate")
ENVIRONMENT = ".venv"
_APPROXIMATE = Exactness.APPROXIMATE
_ELSEWHERE = (Option(("--directory", "-C"), refused="the environment would be in that folder"),)


def _shell(_: Invocation, context: Context) -> Outcome | Untranslatable:
    if context.setting in {"docs", "shell"}:
        return Outcome()
    return Untranslatable("opens a shell to type in: run the commands with `uv run` instead")


def _info(found: Invocation, _: Context) -> Outcome | Untranslatable:
    if found.has("--executable"):
        found.head = ["uv", "python", "find"]
        found.drop("--executable")
        return Outcome(exactness=Exactness.EXACT)
    if not found.has("--path"):
        return Outcome()
    found.drop("--path")
    if found.command.substitution:
        return Outcome(value=_absolute(found))
    found.head = ["echo", ENVIRONMENT]
    return Outcome()


def _absolute(found: Invocation) -> str:
    """Poetry gives the absolute path, which may be used from another folder."""
    raw = found.command.substitution
    if raw and raw.text.startswith("$(shell"):
        return "$(CURDIR)/.venv"
    return f"$PWD/{ENVIRONMENT}"


def _use(found: Invocation, _: Context) -> Outcome | Untranslatable:
    if len(found.operands) != 1:
        return Untranslatable("which Python it is to use is not said")
    index = found.operands[0]
    if found.word(index).value == "system":
        return Untranslatable("uv has no word for the system's Python: give its path")
    found.head = ["uv", "venv", "--allow-existing", "--python"]
    return Outcome()


ROWS = (
    Row(
        "poetry",
        ("shell",),
        ACTIVATE,
        _ELSEWHERE,
        rewrite=_shell,
        exactness=_APPROXIMATE,
        reason="activates the environment in this shell: `deactivate` leaves it, not `exit`",
        examples=(
            Example("poetry shell", "source .venv/bin/activate", {"setting": "docs"}),
            Example("poetry shell", None),
        ),
    ),
    Row(
        "poetry",
        ("env", "activate"),
        ("echo", *ACTIVATE),
        _ELSEWHERE,
        reason="`eval $(poetry env activate)` as a whole becomes `source .venv/bin/activate`",
        examples=(
            Example("poetry env activate", "echo source .venv/bin/activate"),
            Example("eval $(poetry env activate)", "source .venv/bin/activate"),
        ),
    ),
    Row(
        "poetry",
        ("env", "info"),
        ("uv", "python", "find"),
        (
            *_ELSEWHERE,
            Option(("--path", "-p"), ""),
            Option(("--executable", "-e"), ""),
            Option(("--full-path",), refused="uv does not print that"),
        ),
        rewrite=_info,
        exactness=_APPROXIMATE,
        reason="uv's environment is `.venv` in the project; the rest is not printed",
        examples=(
            Example("poetry env info", "uv python find"),
            Example("poetry env info --executable", "uv python find"),
            Example("poetry env info --path", "echo .venv"),
            Example("poetry env info -p", "echo .venv"),
            Example("source $(poetry env info --path)/bin/activate", "source .venv/bin/activate"),
        ),
    ),
    Row(
        "poetry",
        ("env", "use"),
        ("uv", "venv", "--allow-existing", "--python"),
        operands="any",
        rewrite=_use,
        exactness=_APPROXIMATE,
        reason="Poetry keeps an environment per Python version, uv has one",
        examples=(
            Example("poetry env use 3.12", "uv venv --allow-existing --python 3.12"),
            Example(
                "poetry env use $(which python)",
                "uv venv --allow-existing --python $(which python)",
            ),
            Example("poetry env use system", None),
        ),
    ),
    Row(
        "poetry",
        ("env", "list"),
        refused="uv has one environment, `.venv`, and no list",
        examples=(Example("poetry env list", None),),
    ),
    Row(
        "poetry",
        ("env", "remove"),
        ("rm", "-rf", ".venv"),
        (*_ELSEWHERE, Option(("--all",))),
        operands="any",
        rewrite=lambda found, _: _remove(found),
        reason="uv has one environment",
        examples=(
            Example("poetry env remove --all", "rm -rf .venv"),
            Example("poetry env remove python3.12", "rm -rf .venv"),
        ),
    ),
    *(
        Row(
            "poetry",
            ("python", verb),
            ("uv", "python", new),
            operands="keep",
            examples=(Example(f"poetry python {verb} 3.12", f"uv python {new} 3.12"),),
        )
        for verb, new in (("install", "install"), ("list", "list"), ("remove", "uninstall"))
    ),
)


def _remove(found: Invocation) -> Outcome:
    found.whole("rm", "-rf", ENVIRONMENT)
    return Outcome()
