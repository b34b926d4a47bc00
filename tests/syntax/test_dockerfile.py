from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unverse.syntax.dockerfile import parse

FILE = """\
# escape=\\
FROM base AS build
ENV A=1 \\
    # of b

    B="x y" \\
    C=${A:-3}
ENV OLD some value
ARG NAME
run --mount=type=cache,target=/x --network=none \\
  foo && \\
  # between
  bar
RUN <<EOF
poetry install \\
# inside
EOF
COPY --chown=me ["a", "b c", "./"]
HEALTHCHECK --interval=5s CMD curl localhost
ONBUILD RUN make
"""


def test_instructions_have_their_places() -> None:
    found = parse(FILE).instructions
    keywords = " ".join(i.keyword for i in found)
    assert keywords == "FROM ENV ENV ARG RUN RUN COPY HEALTHCHECK RUN"
    assert FILE[found[0].start : found[0].end] == "FROM base AS build"
    assert FILE[found[-1].start : found[-1].end] == "ONBUILD RUN make"
    for instruction in found:
        for word in (*instruction.words, *instruction.flags, *(instruction.elements or ())):
            assert FILE[word.start : word.end] == word.text


def test_pairs() -> None:
    _, env, old, arg, *_ = parse(FILE).instructions
    assert [(p.name, p.value) for p in env.pairs] == [("A", "1"), ("B", '"x y"'), ("C", "${A:-3}")]
    assert [(p.name, p.value) for p in old.pairs] == [("OLD", "some value")]
    assert FILE[old.pairs[0].value_start : old.pairs[0].end] == "some value"
    assert [(p.name, p.assigned) for p in arg.pairs] == [("NAME", False)]


def test_flags_and_forms() -> None:
    found = parse(FILE).instructions
    assert " ".join(f.text for f in found[4].flags) == (
        "--mount=type=cache,target=/x --network=none"
    )
    assert found[6].elements is not None
    assert [e.text for e in found[6].elements] == ['"a"', '"b c"', '"./"']
    assert found[7].text == "curl localhost"


def test_a_here_document_is_data_of_its_instruction() -> None:
    run = parse(FILE).instructions[5]
    ((start, end),) = run.heredocs
    assert FILE[start:end] == "poetry install \\\n# inside\n"
    assert FILE[run.start : run.end].endswith("\nEOF")


def test_a_shell_sees_no_comments_between_lines() -> None:
    shell = parse(FILE).shell
    assert len(shell) == len(FILE)
    assert "between" not in shell
    assert "# inside" in shell
    assert " ".join(shell.split()).count("foo && \\ \\ bar") == 1


def test_the_escape_directive() -> None:
    found = parse("# escape=`\nFROM a\nRUN x `\n    y C:\\\nRUN z\n")
    assert [i.text.split() for i in found.instructions] == [["a"], ["x", "y", "C:\\"], ["z"]]
    assert "`" not in found.shell[12:]


def test_windows_line_ends() -> None:
    found = parse("FROM a\r\nRUN x \\\r\n  y\r\nCMD z\r\n")
    assert [i.text.split() for i in found.instructions] == [["a"], ["x", "y"], ["z"]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM a\nRUNN x\n", "`RUNN` is no instruction"),
        ("RUN x\n", "no `FROM`"),
        ("FROM a\nRUN <<E\nx\n", "the here-document `E` has no end"),
        ("FROM a\n&& x\n", "`&&` is no instruction"),
    ],
)
def test_what_is_no_dockerfile(text: str, reason: str) -> None:
    assert parse(text).broken == reason


_PIECES = st.sampled_from(
    [
        *(
            "FROM a",
            "RUN x",
            " \\",
            "\n",
            "\r\n",
            "#",
            "# c",
            "<<E",
            "E",
            "ENV A=1",
            '"',
            "[",
            "]",
            " ",
        ),
        *("COPY", "--from=b", "ONBUILD", "HEALTHCHECK", "CMD"),
    ]
)


@given(st.lists(_PIECES).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text)
    assert len(found.shell) == len(text)
    for before, after in pairwise(found.instructions):
        assert before.start < before.end <= after.start
