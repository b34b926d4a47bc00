from __future__ import annotations

import pytest

from unverse.syntax import asciidoc, markdown, rst
from unverse.syntax.code import Code


def shown(text: str, pieces: tuple[Code, ...]) -> list[tuple[str, str, str]]:
    return [(piece.form, piece.language, text[piece.start : piece.end]) for piece in pieces]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```bash\na\n```\n", [("block", "bash", "a\n")]),
        ("~~~ {.sh}\na\n```\nb\n~~~\n", [("block", "sh", "a\n```\nb\n")]),
        ('```console title="x"\r\n$ a\r\n```\r\n', [("block", "console", "$ a\r\n")]),
        ("````md\n```sh\na\n```\n````\n", [("block", "md", "```sh\na\n```\n")]),
        ("1. x\n\n   ```sh\n   a\n   ```\n", [("block", "sh", "   a\n")]),
        ("- ```sh\n  a\n  ```\n", [("block", "sh", "  a\n")]),
        ("> ```sh\n> a\n> ```\n", [("block", "sh", "a\n")]),
        ("```sh\nopen", [("block", "sh", "open")]),
        ("``` a ``` b\n", [("inline", "", " a ")]),
        ("```{code-block} bash\na\n```\n", [("block", "bash", "a\n")]),
        ("x\n\n    a\n    b\n\ny\n", [("indented", "", "    a\n    b\n")]),
        ("x\n    no code\n", []),
        ("```\na\n```\nb\n```\nc\n```\n", [("block", "", "a\n"), ("block", "", "c\n")]),
        ("```{note}\na `b`\n```\n", [("inline", "", "b")]),
        ("a `b` ``c ` d`` `e\nf`\n", [("inline", "", t) for t in ("b", "c ` d", "e\nf")]),
        ("a ` b\n\nc ` d `e`\n", [("inline", "", " d ")]),
        ("<code>a</code>", [("inline", "", "a")]),
    ],
)
def test_markdown(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert shown(text, markdown.code(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. code-block:: bash\n\n   a\n   b\n\nc\n", [("block", "bash", "   a\n   b\n")]),
        (".. code:: sh\n   :number-lines:\n\n   a\n", [("block", "sh", "   a\n")]),
        ("x::\n\n    a\n\n    b\n\ny\n", [("block", "", "    a\n\n    b\n")]),
        (".. highlight:: sh\n\nx::\n\n    a\n", [("block", "sh", "    a\n")]),
        (".. note::\n\n    a ``b``\n", [("inline", "", "b")]),
        (":bash:`a` `b` `c <d>`_ `e`_\n", [("inline", "", "a"), ("inline", "", "b")]),
    ],
)
def test_rst(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert shown(text, rst.code(text)) == expected


def test_headings() -> None:
    assert markdown.headings("# a\n\nb\n===\n\n| c |\n---\n- d\n---\n") == {1, 3}
    assert rst.headings("a\n===\n\nb\n\n====\nc\n====\n") == {1, 7}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[source,sh]\n----\na\n----\n", [("block", "sh", "a\n")]),
        ("[,console]\n.Title\n....\n$ a\n", [("block", "console", "$ a\n")]),
        ("[source%linenums,sh]\na\nb\n\nc\n", [("block", "sh", "a\nb\n")]),
        ("text\n\n a\n", [("indented", "", " a\n")]),
        ("```sh\na\n```\n", [("block", "sh", "a\n")]),
        ("////\n`a`\n////\n", []),
        ("read `+a b+` and ``c``\n", [("inline", "", "a b"), ("inline", "", "c")]),
        ("[NOTE]\n====\n`a`\n====\n", [("inline", "", "a")]),
    ],
)
def test_asciidoc(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert shown(text, asciidoc.code(text)) == expected


def test_titles_of_asciidoc() -> None:
    assert asciidoc.headings("= A\n\n== B\n====\ntext\n") == {1, 3}
