"""Real builds: a small package on Poetry, and what may go wrong when it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from repositories import Files, write_files

from unverse.proof.artifacts import (
    ArtifactDifference,
    Bench,
    Kind,
    Side,
    TreeChanges,
    artifact_claims,
    build,
    compare_sides,
)
from unverse.proof.artifacts.claims import side_claims
from unverse.proof.artifacts.plants import GENERATED
from unverse.proof.artifacts.sides import find_python
from unverse.proof.claims import Claim, Verdict
from unverse.proof.copies import Copier, make_repository, workspace

pytestmark = pytest.mark.slow

BEFORE = """\
[tool.poetry]
name = "demo"
version = "1.2"
description = "A demo."
authors = ["Ada <ada@example.org>"]
license = "MIT"
readme = "README.md"
packages = [{ include = "demo", from = "src" }]

[tool.poetry.dependencies]
python = "^3.9"
packaging = ">=20"
tomli = { version = "^2", python = "<3.11" }

[tool.poetry.scripts]
demo = "demo:main"

[build-system]
requires = ["poetry-core>=1.0"]
build-backend = "poetry.core.masonry.api"
"""
AFTER = """\
[project]
name = "demo"
version = "1.2"
description = "A demo."
authors = [{ name = "Ada", email = "ada@example.org" }]
license = { text = "MIT" }
readme = "README.md"
requires-python = ">=3.9,<4.0"
dependencies = ["packaging>=20", "tomli>=2,<3; python_version < '3.11'"]
dynamic = ["classifiers"]

[project.scripts]
demo = "demo:main"

[tool.poetry]
packages = [{ include = "demo", from = "src" }]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""
TREE = {
    "README.md": "# Demo\n",
    "LICENSE": "MIT\n",
    "notes.txt": "not published\n",
    "src/demo/__init__.py": "def main(): pass\n",
    "src/demo/inner.py": "",
    "src/demo/run.sh": "#!/bin/sh\n",
}


def put(files: Files, mode: int, target: Path) -> None:
    write_files(target, files)
    for path in files:
        (target / path).chmod(mode if path.endswith(".sh") else 0o644)
    make_repository(target)


def tree(pyproject: str, *, mode: int = 0o755) -> Copier:
    return partial(put, {**TREE, "pyproject.toml": pyproject}, mode)


@dataclass(frozen=True)
class Poetry:
    """The package as Poetry builds it, with the bench on which it was built."""

    bench: Bench
    side: Side

    def made(self, copier: Copier) -> Side:
        """Build another state, once."""
        self.bench.put(copier)
        made = build(self.bench.project, self.bench.place, python=self.bench.python)
        assert not made.error
        return Side(made, made, {})

    def claims(self, copier: Copier, found: list[ArtifactDifference] | None = None) -> list[Claim]:
        """Build another state in all ways, and compare it."""
        after = self.bench.build_after(copier)
        return list(side_claims(self.bench, self.side, after, [] if found is None else found))


@pytest.fixture(scope="module")
def poetry() -> Iterator[Poetry]:
    with workspace() as place:
        bench = Bench(place, "", find_python(place, ">=3.9,<4.0"))
        side = bench.build_before(tree(BEFORE))
        assert not side.error and not side.prepared
        yield Poetry(bench, side)


def test_the_move_changes_nothing(poetry: Poetry) -> None:
    claims = poetry.claims(tree(AFTER))
    assert [claim.verdict for claim in claims] == [Verdict.HOLDS] * 4, claims
    assert not any(claim.details for claim in claims)
    assert "6 files in the sdist, 4 files in the wheel; built with poetry-core 2." in str(claims)


def test_paths_of_the_scratch_copy_are_nobodys_business(poetry: Poetry) -> None:
    place = poetry.bench.copy.as_uri()
    wheel = poetry.side.clean.wheel
    assert wheel is not None
    metadata = wheel.metadata.replace("\n\n", f"\nRequires-Dist: near @ {place}/near\n\n", 1)
    near = replace(poetry.side.clean, wheel=replace(wheel, metadata=metadata))
    found: list[ArtifactDifference] = []
    poetry.bench.put(tree(AFTER))
    both = replace(poetry.side, clean=near), poetry.side
    list(side_claims(poetry.bench, *both, found))
    assert [item.before for item in found] == ["near @ file:///…/near"]


FAULTS: dict[str, tuple[Copier, Kind, str, str]] = {
    "a file leaked into the sdist": (
        tree(AFTER.replace("[tool.poetry]\n", '[tool.poetry]\ninclude = ["notes.txt"]\n')),
        Kind.LEAK,
        "notes.txt",
        "sdist",
    ),
    "a module lost": (
        tree(AFTER.replace("[tool.poetry]\n", '[tool.poetry]\nexclude = ["src/demo/inner.py"]\n')),
        Kind.LOSS,
        "demo/inner.py",
        "wheel",
    ),
    "an entry point dropped": (
        tree(AFTER.replace('[project.scripts]\ndemo = "demo:main"\n', "")),
        Kind.ENTRY_POINT,
        "console_scripts: demo",
        "wheel",
    ),
    "a requirement that lost its marker": (
        tree(AFTER.replace("; python_version < '3.11'", "")),
        Kind.METADATA,
        "Requires-Dist of tomli (Python 3.11.0 on linux x86_64)",
        "sdist and wheel",
    ),
    "a mode lost": (
        tree(AFTER, mode=0o644),
        Kind.MODE,
        "demo/run.sh",
        "wheel",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(poetry: Poetry, fault: str) -> None:
    after, kind, where, place = FAULTS[fault]
    found = compare_sides(poetry.side, poetry.made(after), TreeChanges())
    assert (kind, where, place) in [(d.kind, d.path_or_field, d.place) for d in found]
    assert {item.kind for item in found} == {kind}


def test_an_older_poetry_core_is_explained(poetry: Poetry) -> None:
    older = poetry.made(tree(BEFORE.replace("poetry-core>=1.0", "poetry-core<2")))
    found = compare_sides(older, poetry.side, TreeChanges())
    assert all(item.explained for item in found), found
    explained = {item.path_or_field: item.explained for item in found}
    assert explained.keys() >= {"Metadata-Version", "License-File", ".dist-info/LICENSE"}
    assert "knows other Pythons than poetry-core 1." in explained["Classifier"]


def test_uv_build_is_known_to_pack_what_git_ignores_and_this_is_said(poetry: Poetry) -> None:
    naive = AFTER[: AFTER.index("[tool.poetry]")].replace('dynamic = ["classifiers"]\n', "")
    naive += '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
    found: list[ArtifactDifference] = []
    claims = {claim.name: claim for claim in poetry.claims(tree(naive), found)}
    litter = claims["artifacts: what lies untracked in the tree stays out, or gets in, as before"]
    assert litter.verdict is Verdict.HOLDS
    assert "also what git ignores: `source-exclude` keeps it out" in litter.evidence
    assert any(f"wheel: leak: demo/{GENERATED}" in line for line in litter.details)
    files = claims["artifacts: sdist and wheel hold the same files, bytes and modes"]
    assert "wheel: loss: .dist-info/licenses/LICENSE" in files.details
    forced = [line for line in files.details if "pyproject.toml.orig" in line]
    assert {f"demo/{GENERATED}", "pyproject.toml.orig"} < {item.path_or_field for item in found}
    assert forced == ["sdist: leak: pyproject.toml.orig (uv adds it to every sdist)"]


def test_what_builds_no_more_fails(poetry: Poetry) -> None:
    broken = AFTER.replace('readme = "README.md"', 'readme = "NOWHERE.md"')
    (claim,) = poetry.claims(tree(broken))
    assert (claim.verdict, claim.evidence) == (Verdict.FAILS, "it does not build any more")
    assert "NOWHERE.md" in str(claim.details)
    assert str(poetry.bench.place) not in str(claim.details)


def test_a_package_that_is_none_any_more_fails(poetry: Poetry) -> None:
    virtual = AFTER + "\n[tool.uv]\npackage = false\n"
    (claim,) = poetry.claims(tree(virtual))
    assert claim.verdict is Verdict.FAILS and "package = false" in claim.evidence


def claims_about(before: str, after: str) -> list[Claim]:
    with workspace() as place:
        return list(artifact_claims(tree(before), tree(after), place))


def test_what_poetry_does_not_build_is_not_checked() -> None:
    broken = BEFORE.replace('readme = "README.md"', 'readme = "NOWHERE.md"')
    (claim,) = claims_about(broken, AFTER)
    assert claim.verdict is Verdict.NOT_CHECKED
    assert "did not build with Poetry's backend either" in claim.evidence
    assert "NOWHERE.md" in str(claim.details)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (BEFORE.replace("[tool.poetry]\n", "[tool.poetry]\npackage-mode = false\n"), "no package"),
        (BEFORE.replace('python = "^3.9"', 'python = "^^"'), "cannot be read"),
        ("[", "cannot be read"),
    ],
)
def test_what_is_no_package_is_not_checked(before: str, why: str) -> None:
    (claim,) = claims_about(before, AFTER)
    assert claim.verdict is Verdict.NOT_CHECKED
    assert why.replace("no package", "not a package") in claim.evidence
