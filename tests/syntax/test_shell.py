"""Shell text: which commands are found, with which words, where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unverse.syntax import shell
from unverse.syntax.shell import Word, command_of, commands, parse
from unverse.syntax.shell_text import Dialect, literal, masked


def programs(text: str, dialect: Dialect = "shell") -> list[str]:
    return [command.program for command in commands(text, dialect) if command.program]


@pytest.mark.parametrize(
    "text",
    [
        "sudo -E poetry x",
        "sudo -u app env A=1 B='2 3' poetry x",
        "time -f %e poetry x",
        "nice -n 10 poetry x",
        "xargs -n 1 poetry x",
        "exec poetry x",
        "command poetry x",
        "timeout 10m poetry x",
        "python -m poetry x",
        "python3.12 -I -m poetry x",
        "$HOME/.local/bin/poetry x",
        "/opt/poetry/bin/poetry x",
        '"$POETRY_HOME/bin/poetry" x',
        "${POETRY_HOME}/bin/poetry x",
        "$(POETRY) x",
        "${POETRY} x",
        "pipx run poetry x",
        "pipx run --spec poetry==1.8 poetry x",
        "uvx poetry@1.8 x",
        "A=1 poetry x",
        "! poetry x",
        "poetry x > log 2>&1",
        "poetry.exe x",
    ],
)
def test_sees_through(text: str) -> None:
    command = next(c for c in commands(text) if c.program == "poetry")
    assert [word.text for word in command.arguments] == ["x"]
    assert text[command.head[0] : command.arguments[0].end].endswith(" x")


@pytest.mark.parametrize(
    "text",
    [
        "x=$(poetry a)",
        "x=`poetry a`",
        "export X=$(poetry a)",
        'echo "v: $(poetry a)"',
        "a | poetry b",
        "a && poetry b || c",
        "if poetry a; then b; fi",
        "if a; then poetry b; else c; fi",
        "for x in 1 2; do poetry $x; done",
        "f() { poetry a; }",
        "( cd x; poetry a )",
        "case $x in a) poetry b;; esac",
        "[[ -n $(poetry a) ]]",
        'bash -c "poetry a"',
        "sh -lc 'poetry a && b'",
        'docker run image bash -c "poetry a"',
        "trap 'poetry a' EXIT",
        "eval 'poetry a'",
        "diff <(poetry a) b",
        "while ! poetry a; do sleep 1; done",
    ],
)
def test_finds_inside(text: str) -> None:
    assert programs(text).count("poetry") == 1


@pytest.mark.parametrize(
    "text",
    [
        "# poetry a",
        'echo "poetry install"',
        "echo poetry install",
        "poetry() { :; }",
        "cat <<EOF\npoetry a\nEOF",
        "  cat <<'EOF'\n  poetry a\n  EOF\n  b",
        "X=poetry",
        "[ x = poetry ]",
        "grep poetry file",
        "poetry-core a",
        "cd poetry",
        "'echo poetry'",
        "command -v poetry",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert "poetry" not in programs(text)


def test_heredocs_end_in_indented_text() -> None:
    assert programs("  cat <<EOF > f\n  x\n  EOF\n  poetry a") == ["cat", "poetry"]


@pytest.mark.parametrize("text", ["poetry 'a", "if x; then", "a | | b", "${{", "$((", "(" * 200])
def test_broken_text_is_no_exception(text: str) -> None:
    assert isinstance(parse(text).broken, tuple)


def test_nothing_behind_a_broken_place_counts() -> None:
    script = parse("poetry a\npoetry b 'c\npoetry d\n")
    assert [c.words[1].text for c in script.commands] == ["a"]
    assert script.limit == len("poetry a\n")


def test_expressions_are_words() -> None:
    (command,) = commands("poetry run ${{ matrix.é && 'x y' }} {{ z }}")
    assert [w.text for w in command.arguments] == ["run", "${{ matrix.é && 'x y' }}", "{{ z }}"]
    assert command.arguments[1].value is None


def test_make() -> None:
    text = "\t@$(POETRY) run x $(ARGS) $$HOME && v=$$(poetry a) # $(shell poetry b)\n\t-poetry c"
    found = commands(text, "make")
    assert [c.program for c in found] == ["poetry"] * 3
    assert [w.text for w in found[0].arguments] == ["run", "x", "$(ARGS)", "$$HOME"]


def test_docs() -> None:
    text = "$ poetry add <package>\n(venv) $ poetry a\n> poetry b\n# poetry c\n% poetry d"
    assert programs(text, "docs") == ["poetry"] * 4


def test_folded() -> None:
    text = "  poetry install\n  --no-root\n\n  poetry run\n    x\n"
    first, second, third = commands(text, folded=True)
    assert [w.text for w in first.arguments] == ["install", "--no-root"]
    assert [w.text for w in second.arguments] == ["run"]
    assert third.program == "x"


def test_chains() -> None:
    first, second, third = commands("a && poetry b && c")
    assert first.chain == second.chain == third.chain
    assert second.chain is not None
    assert second.chain.operands == ((0, 1), (5, 13), (17, 18))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a", "a"),
        ("'a b'", "a b"),
        ("\"a\"b'c'", "abc"),
        (r"a\ b", "a b"),
        ('"a\\"b"', 'a"b'),
        ("$A", None),
        ('"$A"', None),
        ("'$A'", "$A"),
        ("`a`", None),
        ("*.txt", None),
        ("~/x", None),
        ("${{ x }}", None),
    ],
)
def test_literal(raw: str, value: str | None) -> None:
    assert literal(raw) == value


def test_command_of_a_list() -> None:
    command = command_of(["poetry", "run", "a b", "$x"])
    assert command.program == "poetry"
    assert [word.value for word in command.arguments] == ["run", "a b", "$x"]
    placed = command_of([Word(10, 18, "poetry"), Word(20, 25, "run")])
    assert placed.head == (10, 18)


TEXTS = st.text(alphabet="poetry run'\"$(){}[]<>|&;\\\n\t `#@=-é\r", max_size=60)


@given(TEXTS, st.sampled_from(["shell", "make", "just", "docs"]), st.booleans())
def test_spans_are_those_of_the_text(text: str, dialect: Dialect, folded: bool) -> None:
    assert len(masked(text, dialect, folded=folded)) == len(text)
    for command in parse(text, dialect, folded=folded).commands:
        for word in (*command.words, *command.assignments):
            assert text[word.start : word.end] == word.text
            assert word.text
        assert 0 <= command.first < command.rest <= len(command.words)


@pytest.mark.parametrize(
    "text",
    [
        "bash <<EOF\na b\nEOF\n",
        "sudo bash -ex <<'EOF'\na b\nEOF\n",
        "ssh -p 22 me@host <<-EOF\n\ta b\n\tEOF\n",
        "ssh host bash -s <<EOF\na b\nEOF\n",
        "docker run -i image sh -s -- x <<EOF\na b\nEOF\n",
        "cat <<EOF | bash\na b\nEOF\n",
        "cat > run.sh <<EOF\na b\nEOF\n",
        "sudo tee run <<EOF\n#!/bin/sh\na b\nEOF\n",
        "ssh host 'cd x && a b'\n",
        "ssh host a b\n",
    ],
)
def test_what_a_shell_executes_elsewhere(text: str) -> None:
    found = next(c for c in shell.commands(text) if c.program == "a")
    assert text[found.words[found.first].start : found.end] == "a b"


@pytest.mark.parametrize(
    "text",
    [
        "cat <<EOF\na b\nEOF\n",
        "cat <<EOF > notes.txt\na b\nEOF\n",
        "python - <<EOF\na b\nEOF\n",
        "bash run.sh <<EOF\na b\nEOF\n",
        "bash -c 'x' <<EOF\na b\nEOF\n",
        "ssh host run <<EOF\na b\nEOF\n",
        "<<EOF\na b\nEOF\n",
    ],
)
def test_other_here_documents_are_data(text: str) -> None:
    script = shell.parse(text)
    assert [text[slice(*span)] for span in script.data] == ["a b\n"]
    assert "a" not in {command.program for command in script.commands}


def test_here_documents_of_one_line_follow_each_other() -> None:
    text = "bash <<A; cat <<B\na b\nA\nc\nB\nd\n"
    script = shell.parse(text)
    assert [c.program for c in script.commands] == ["bash", "cat", "a", "d"]
    assert [text[slice(*span)] for span in script.data] == ["c\n"]
