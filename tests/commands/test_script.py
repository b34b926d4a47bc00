"""Scripts: what is edited, what is left alone, and what the next command knows."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unverse.commands.context import Context, Setting, Synced
from unverse.commands.examples import context_of
from unverse.commands.script import Result, argv_edits, edit_script, edits
from unverse.commands.table import Example
from unverse.edits import Edit, Note, splice
from unverse.repo import SourceFile
from unverse.syntax.shell import Word, command_of, commands


def context(setting: Setting = "ci", **given: object) -> Context:
    return context_of(Example("", "", {"setting": setting, **given}))


def run(text: str, where: Context | None = None, **options: Any) -> tuple[str, Result]:
    file = SourceFile("f", f"before {text} after")
    result = edit_script(file, 7, 7 + len(text), where or context(), "kind", **options)
    made = [outcome for outcome in result.outcomes if isinstance(outcome, Edit)]
    after = splice(file.text, made)
    assert after.startswith("before ")
    assert after.endswith(" after")
    return after[7:-6], result


def notes(result: Result) -> list[str]:
    return [o.message for o in result.outcomes if isinstance(o, Note)]


CASES = {
    "continuations stay": (
        "poetry install -n \\\n  --with docs \\\n  --no-ansi\npoetry run a \\\n   b  # c",
        "uv sync --locked \\\n  --group docs\nuv run a \\\n   b  # c",
    ),
    "wrappers stay": ("sudo -E poetry install", "sudo -E uv sync --locked"),
    "in quotes": ('bash -c "poetry install"', 'bash -c "uv sync --locked"'),
    "a setting goes with its line": (
        "a\n  poetry config virtualenvs.in-project true  # why\nb",
        "a\nb",
    ),
    "the last line": ("a\n  poetry config virtualenvs.in-project true", "a"),
    "an operand goes": ("a && poetry config installer.parallel true && b", "a && b"),
    "with its redirection": (
        "a && poetry config installer.parallel true > /dev/null && b > c",
        "a && b > c",
    ),
    "a bound without quotes": ("pip install poetry>=1.2 && x", "pip install uv && x"),
    "two operands go": (
        "poetry config installer.parallel true && poetry config keyring.enabled false && b",
        "b",
    ),
    "in an if": (
        "if a; then poetry config installer.parallel true; fi; b",
        "if a; then true; fi; b",
    ),
    "with `|| true`": ("a; poetry config installer.parallel true || true; b", "a; b"),
    "a redirection stays": ("poetry install --no-root > log -n", None),
    "both are one": (
        "poetry publish --build",
        "uv build --clear && uv publish",
    ),
    "an alternative": (
        "a || poetry publish --build",
        "a || { uv build --clear && uv publish ; }",
    ),
    "a variable moves": (
        "POETRY_PYPI_TOKEN_PYPI=$T poetry publish --build",
        "uv build --clear && UV_PUBLISH_TOKEN=$T uv publish",
    ),
    "a variable": (
        "POETRY_PYPI_TOKEN_PYPI=$T poetry publish",
        "UV_PUBLISH_TOKEN=$T uv publish",
    ),
    "a variable goes": (
        "A=1 POETRY_NO_INTERACTION=1 poetry install",
        "A=1 uv sync --locked",
    ),
    "environment path": ('x="$(poetry env info -p)/bin"', 'x="$PWD/.venv/bin"'),
    "activation": (
        ". $(poetry env info --path)/bin/activate; eval $(poetry env activate)",
        ". .venv/bin/activate; source .venv/bin/activate",
    ),
    "an installer": (
        "curl -sSL https://install.python-poetry.org | POETRY_HOME=/x python3 - --version 1.8",
        "curl -LsSf https://astral.sh/uv/0.13.9/install.sh | sh",
    ),
    "an installer of any version": (
        "curl -sSL https://install.python-poetry.org | python3 -",
        "curl -LsSf https://astral.sh/uv/install.sh | sh",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_script(name: str) -> None:
    before, after = CASES[name]
    if after is None:
        text, _ = run(before)
        assert "> log" in text
        return
    assert run(before)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        'echo "poetry install"',
        "# poetry install",
        "poetry() { echo; }",
        "cat <<EOF\npoetry install\nEOF",
        "grep poetry x && git commit -m 'poetry install'",
        "poetry frobnicate",
        "poetry install --frobnicate",
        "poetry install $OPTIONS",
        "sudo poetry publish --build",
        "poetry install 'a",
    ],
)
def test_left_alone(text: str) -> None:
    assert run(text)[0] == text


def test_state_goes_from_command_to_command() -> None:
    text, result = run(
        "poetry install --only main\npoetry run a\npoetry install\npoetry run b\n"
        "poetry run pip install x\npoetry run c"
    )
    assert text.splitlines() == [
        "uv sync --locked --no-default-groups",
        "uv run --no-sync a",
        "uv sync --locked",
        "uv run b",
        "uv pip install x",
        "uv run --no-sync c",
    ]
    assert result.context.synced is not None
    assert result.context.synced.overlaid


def test_a_bumped_version_makes_the_lock_stale() -> None:
    text, _ = run("poetry version 1.2\npoetry install\npoetry lock\npoetry install")
    assert text.splitlines() == [
        "uv version --frozen 1.2",
        "uv sync --frozen",
        "uv lock",
        "uv sync --locked",
    ]


def test_system_environments_keep_what_is_in_them() -> None:
    text, result = run("poetry config virtualenvs.create false\npoetry install\npoetry run x")
    assert text == "uv sync --locked --inexact\nuv run --no-sync x"
    assert any("UV_PROJECT_ENVIRONMENT" in note for note in notes(result))


def test_repositories_are_remembered() -> None:
    text, _ = run("poetry config repositories.t https://t/legacy/\npoetry publish -r t")
    assert text == "uv publish --publish-url https://t/legacy/"


def test_installers_go_where_uv_comes_otherwise() -> None:
    assert run("pip install poetry", installers="remove")[1].emptied
    text, result = run("pip install invoke poetry==1.8\nx", installers="remove")
    assert text == "pip install invoke\nx"
    assert not result.emptied
    text, _ = run("curl -sSL https://install.python-poetry.org | python3 -\nx", installers="remove")
    assert text == "x"


def test_programs_that_are_redefined_stay() -> None:
    where = context("tasks", kept_programs=frozenset({"$(POETRY)"}))
    text, _ = run("\t@$(POETRY) run x\n\t$(POETRY) install", where, dialect="make")
    assert text == "\t@$(POETRY) run x\n\t$(POETRY) sync --locked"


def test_options_whose_definition_changes_stay() -> None:
    where = context(passed=frozenset({"${{ inputs.options }}"}))
    text, _ = run("poetry install ${{ inputs.options }} -n", where)
    assert text == "uv sync --locked ${{ inputs.options }}"


def test_notes_point_to_the_line() -> None:
    _, result = run("a\npoetry install --frobnicate")
    (note,) = [outcome for outcome in result.outcomes if isinstance(outcome, Note)]
    assert (note.line, note.rule) == (2, "kind/poetry-install")
    assert "unknown option `--frobnicate`" in note.message


def test_argument_lists() -> None:
    text = 'CMD ["poetry", "run", "-n", "gunicorn", "a:b"]'
    file = SourceFile("Dockerfile", text)
    places = []
    for value in ("poetry", "run", "-n", "gunicorn", "a:b"):
        start = text.index(f'"{value}"')
        places.append(Word(start, start + len(value) + 2, shlex.quote(value)))
    done = list(argv_edits(file, command_of(places), context("image"), "d", json.dumps))
    made = [edit for edit in done if isinstance(edit, Edit)]
    assert splice(text, made) == 'CMD ["uv", "run", "--no-sync", "gunicorn", "a:b"]'


def test_edits_of_one_command() -> None:
    file = SourceFile("f", "x; poetry run -n a")
    made = edits(file, commands(file.text)[1], context(synced=Synced(complete=True)), "r")
    assert splice(file.text, [e for e in made if isinstance(e, Edit)]) == "x; uv run a"


PIECES = st.lists(
    st.sampled_from(
        (
            *("poetry install", "poetry run pytest -q", "echo 'poetry'", "# poetry é", "x=1"),
            *("poetry config virtualenvs.in-project true", "poetry publish --build", "pip i"),
            *("pip install poetry", "a && poetry lock", "if a; then poetry check; fi", "$(a)"),
            *("poetry install \\\n  --with docs", "poetry config a.b c || true", "poetry nope"),
        )
    ),
    max_size=5,
)


@given(PIECES, st.sampled_from(["\n", "\r\n", "; ", " && "]), st.sampled_from(["remove", "keep"]))
def test_edits_fit_and_the_rest_stays(pieces: list[str], joint: str, installers: str) -> None:
    text = joint.join(pieces)
    after, result = run(text, installers=installers)
    mine = [(o.start - 7, o.end - 7) for o in result.outcomes if isinstance(o, Edit)]
    kept, at = "", 0
    for start, end in sorted(mine):
        kept += text[at:start]
        at = end
    kept += text[at:]
    left = iter(after)
    assert all(character in left for character in kept)
    if "echo 'poetry'" in kept:
        assert "echo 'poetry'" in after
