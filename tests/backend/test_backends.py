"""Configurations of uv_build and hatchling: a folder is a case, see `backends.py`.

The first line of `notes.txt` names what `auto` takes; the others say why a candidate is refused.
`after a build` means that only a build showed it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from backends import CASES, CONFIGURE, configured, copy_case, migrated

from unverse.errors import ToolError
from unverse.proof.backend import choose_backend

NOTES = {case.name: (case / "notes.txt").read_text().splitlines() for case in CASES.iterdir()}
AFTER_A_BUILD = ", after a build"
SETTLED = sorted(name for name, notes in NOTES.items() if not notes[0].endswith(AFTER_A_BUILD))
# One of each sort is built; the others differ in what the tests without a build see.
BUILT = [
    "dynamic-version",
    "exclude",
    "generated",
    "ignored-data",
    "licences",
    "mixed-scripts",
    "readmes",
    "src",
    "substituted-version",
    "to",
    "top-level-file",
]


def expected(name: str, file: str = "pyproject.toml") -> str:
    return (CASES / name / "after" / file).read_text()


@pytest.mark.parametrize("name", SETTLED)
def test_it_is_configured_without_a_build(name: str, tmp_path: Path) -> None:
    folder = copy_case(name, tmp_path.resolve() / "project")
    chosen, *reasons = NOTES[name]
    answers = {backend: configured(folder, backend) for backend in CONFIGURE}
    refused = [f"{b}: {line}" for b, a in answers.items() if isinstance(a, tuple) for line in a]
    assert refused == reasons
    assert chosen == "poetry-core" or answers[chosen] == expected(name)


@pytest.mark.parametrize("name", [name for name in SETTLED if NOTES[name][0] == "uv_build"])
def test_hatchling_is_configured_where_uv_build_is_taken(name: str, tmp_path: Path) -> None:
    folder = copy_case(name, tmp_path.resolve() / "project")
    assert configured(folder, "hatchling") == expected(name, "hatchling.toml")


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILT)
def test_auto_takes_what_builds_the_same(name: str, tmp_path: Path) -> None:
    folder = copy_case(name, tmp_path.resolve() / "project")
    project, text = migrated(folder)
    outcome = choose_backend(folder, text, project, "auto")
    reasons = [f"{one.backend}: {line}" for one in outcome.attempts for line in one.reasons]
    chosen = NOTES[name][0].removesuffix(AFTER_A_BUILD)
    assert (outcome.backend, len(reasons)) == (chosen, len(NOTES[name]) - 1)
    assert outcome.text == (text if chosen == "poetry-core" else expected(name))
    assert (folder / "pyproject.toml").read_text() != outcome.text  # the tree is not touched


@pytest.mark.slow
def test_a_backend_asked_for_by_name_is_refused_with_its_reasons(tmp_path: Path) -> None:
    folder = copy_case("single-file", tmp_path.resolve() / "project")
    project, text = migrated(folder)
    with pytest.raises(ToolError, match=r"does not build what Poetry builds:\n  `tides.py` at"):
        choose_backend(folder, text, project, "uv")
