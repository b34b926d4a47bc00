"""The same command on both sides: only a new failure counts."""

from __future__ import annotations

import pytest

from unverse.proof.claims import Verdict
from unverse.proof.sandbox import Finished
from unverse.proof.trial import compare_runs, read_result, shell_words

PASSED = Finished(0, "....\n4 passed in 0.12s\n")
FAILED = Finished(
    1, "FAILED tests/test_a.py::test_x - assert 1 == 2\n==== 1 failed, 3 passed in 0.1s ====\n"
)
OTHER = Finished(1, "FAILED tests/test_a.py::test_y\nERROR tests/test_b.py\n")
SILENT = Finished(3, "nothing to say\n")
UNITTEST = Finished(1, "FAIL: test_x (tests.Case.test_x)\nRan 3 tests in 0.001s\n")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (PASSED, PASSED, Verdict.HOLDS),
        (FAILED, FAILED, Verdict.HOLDS),
        (FAILED, PASSED, Verdict.HOLDS),
        (UNITTEST, UNITTEST, Verdict.HOLDS),
        (PASSED, FAILED, Verdict.FAILS),
        (FAILED, OTHER, Verdict.FAILS),
        (PASSED, SILENT, Verdict.FAILS),
        (PASSED, Finished(-9, "", timed_out=True), Verdict.FAILS),
        (SILENT, SILENT, Verdict.NOT_CHECKED),
    ],
)
def test_only_new_failures_count(before: Finished, after: Finished, verdict: Verdict) -> None:
    claim = compare_runs("pytest", lambda _: before, lambda _: after)
    assert claim.verdict is verdict


def test_new_failures_are_named() -> None:
    claim = compare_runs("pytest", lambda _: FAILED, lambda _: OTHER)
    assert claim.details == ("tests/test_a.py::test_y", "tests/test_b.py")
    assert claim.evidence.startswith("2 new failures; 1 failed, 3 passed (exit code 1) with Poetry")


def test_the_last_counts_are_read() -> None:
    assert read_result(PASSED).counts == "4 passed"
    assert read_result(SILENT).counts == ""


def test_a_line_is_run_by_the_shell() -> None:
    assert shell_words("pytest -q && ruff check")[-1] == "pytest -q && ruff check"
