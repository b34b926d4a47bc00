"""Strings, comments and blocks of Groovy; what the shell gets of a string."""

from __future__ import annotations

import pytest

from unverse.syntax.groovy import parse, shell_text, steps


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("sh 'a'", ["a"]),
        ("sh('a')\nsteps.sh(\"b\")", ["a", "b"]),
        ("sh(returnStdout: true, script: '''a\nb''').trim()", ["a\nb"]),
        ("sh label: 'x', script: \"a\", returnStatus: true", ["a"]),
        ('sh """a ${b ? "c" : \'}\'} d""".stripIndent()', ["a ${b ? \"c\" : '}'} d"]),
        ("sh 'it\\'s'; sh 'b'", ["it\\'s", "b"]),
        ("sh 'a' + b", []),
        ("sh(x ? 'a' : 'b')", []),
        ("push 'a'; ssh 'b'; echo 'sh'", []),
        ("// sh 'a'\n/* sh 'b' */ sh /* c */ 'd'", ["d"]),
        ("x =~ /'/\nsh 'a'\ny = 4 / 2 / 1", ["a"]),
        ("x = $/ ' /$\nsh 'a'", ["a"]),
        ("#!/usr/bin/env groovy it's\nsh 'a'", ["a"]),
    ],
)
def test_scripts(text: str, scripts: list[str]) -> None:
    source = parse(text)
    assert not source.broken
    assert [text[slice(*step.script.inner)] for step in steps(source)] == scripts


@pytest.mark.parametrize(
    ("text", "at"),
    [("a 'b\n'", 2), ("a /* b", 2), ('"""${"}"""', 0), ("{ {}", 0), ("{}}", 2), ("$/ a", 0)],
)
def test_what_has_no_end(text: str, at: int) -> None:
    source = parse(text)
    assert source.broken
    assert source.broken_at == at


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"a \\$B \\"c d\\""', 'a _$B _"c d_"'),
        ("'a\\nb\\tc'", "a \nb  c"),
        ("'''a \\\\\nb'''", "a  \\\nb"),
        ('"a ${b.c} ${d} $e"', "a ${g0_} ${d} $e"),
        ("'a ${b.c}'", "a ${b.c}"),
        ("'''a \\\nb'''", "a \\\nb"),
        ("'\\u0061b'", "______b"),
    ],
)
def test_what_the_shell_reads(written: str, read: str) -> None:
    source = parse(written)
    found = shell_text(source, source.strings[0])
    assert found.text == read
    assert len(found.text) == source.strings[0].inner[1] - source.strings[0].inner[0]


def test_blocks_have_the_line_before_them_as_head() -> None:
    source = parse("pipeline {\n  agent any\n  stage('a')\n  {\n    sh 'b'\n  }\n}\n")
    at = source.text.index("sh")
    assert [block.head for block in source.around(at)] == ["pipeline", "stage(\0\0\0)"]
