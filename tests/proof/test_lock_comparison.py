from __future__ import annotations

import time
from dataclasses import replace

import pytest
from locks import entry, flat, poetry_lock, project, uv_entry, uv_lock

from unverse.poetry.freshness import content_hash
from unverse.poetry.lock import PoetryLock
from unverse.poetry.model import Project
from unverse.proof.lock import LockProof, compare
from unverse.proof.lock_differences import Cause
from unverse.proof.lock_grid import selections
from unverse.proof.lock_hashes import LeftOut
from unverse.uv.lockfile import UvLock

WINDOWS = 'sys_platform == "win32"'


def locked(own: Project, *entries: str, version: str = "2.1") -> PoetryLock:
    """Return a lock that is fresh."""
    return poetry_lock(*entries, version=version, content=content_hash(own.document))


def shown(proof: LockProof) -> list[tuple[str, Cause, str, str]]:
    return [(d.name, d.cause, d.poetry, d.uv) for d in proof.differences]


def edges(*names: str) -> str:
    return "dependencies = [" + ", ".join(f'{{ name = "{name}" }}' for name in names) + "]"


def test_equal_locks_are_exact() -> None:
    own = project('a = "*"')
    lock = locked(own, flat("a", "2023.03.1", requires={"b": {"version": "*", "markers": WINDOWS}}))
    lock = locked(
        own,
        flat("a", "2023.03.1", requires={"b": {"version": "*", "markers": WINDOWS}}),
        flat("b", markers=WINDOWS),
    )
    uv = uv_lock(
        edges("a"),
        uv_entry(
            "a",
            "2023.3.1",
            """dependencies = [{ name = "b", marker = "sys_platform == 'win32'" }]""",
        ),
        uv_entry("b"),
    )
    proof = compare(lock, own, uv)
    assert proof.exact
    assert proof.explained
    assert proof.fresh
    assert (proof.environments, proof.differing, proof.packages) == (18, 0, 2)


def test_a_difference_names_the_smallest_place_that_shows_it() -> None:
    own = project('a = "*"', '[tool.poetry.group.dev.dependencies]\nb = "*"\n')
    lock = locked(own, flat("a", "1"), flat("b", "1", groups=["dev"], markers=WINDOWS))
    uv = uv_lock(edges("a"), uv_entry("a", "2"), uv_entry("b", "1"))
    proof = compare(lock, own, uv)
    assert shown(proof) == [
        ("a", Cause.UNEXPLAINED, "1", "2"),
        ("b", Cause.UNEXPLAINED, "1", ""),
    ]
    first, second = proof.differences
    assert (first.selection, first.environments) == ("main only", 18)
    assert (second.selection, second.environments) == ("default", 6)
    assert str(second) == (
        "b: 1 with Poetry, absent with uv"
        " (default, Python 3.11.0 on win32 AMD64; 6 environments): unexplained"
    )
    assert (proof.differing, proof.unexplained) == (18, 18)
    assert not proof.exact
    assert not proof.explained


def test_poetry_may_install_more_than_is_asked_for() -> None:
    own = project('a = {version = "*", optional = true}', '[tool.poetry.extras]\nx = ["a"]\n')
    lock = locked(own, flat("a", optional=True))
    uv = uv_lock('[package.optional-dependencies]\nx = [{ name = "a" }]', uv_entry("a"))
    proof = compare(lock, own, uv)
    assert shown(proof) == [("a", Cause.MORE, "1.0", "")]
    assert proof.explained
    assert (proof.differing, proof.unexplained) == (18, 0)


@pytest.mark.parametrize(
    "entries",
    [
        # edges ask for it everywhere, its marker keeps it on Windows
        (flat("a", requires={"b": "*"}), flat("b", "2", markers=WINDOWS)),
        # two versions at once
        (flat("a", requires={"b": "*"}), flat("b", "1", markers=WINDOWS), flat("b", "2")),
    ],
)
def test_a_lock_may_contradict_itself(entries: tuple[str, ...]) -> None:
    own = project('a = "*"')
    uv = uv_lock(edges("a"), uv_entry("a", lines=edges("b")), uv_entry("b", "2"))
    proof = compare(locked(own, *entries), own, uv)
    assert {d.cause for d in proof.differences} == {Cause.CONTRADICTORY}
    assert proof.explained


def test_a_stale_lock_explains_what_pyproject_says_now() -> None:
    own = project('a = "*"\nc = ">=2"')
    lock = poetry_lock(flat("a"), flat("b"), flat("c", "1"), content="old")
    uv = uv_lock(edges("a", "c"), uv_entry("a"), uv_entry("c", "2"))
    proof = compare(lock, own, uv)
    assert not proof.fresh
    assert [str(miss) for miss in proof.unmet] == ["`c>=2` of group `main` is locked at 1"]
    assert {d.name: d.cause for d in proof.differences} == {"b": Cause.STALE, "c": Cause.STALE}


def test_a_path_dependency_may_have_moved_on() -> None:
    own = project('a = {path = "libs/a"}')
    lock = locked(own, flat("a", "1", source={"type": "directory", "url": "libs/a"}))
    local = '[[package]]\nname = "a"\nsource = { editable = "libs/a/" }\n'
    assert compare(lock, own, uv_lock(edges("a"), local)).exact
    newer = compare(lock, own, uv_lock(edges("a"), local + 'version = "2"\n'))
    assert shown(newer) == [("a", Cause.MOVED, "1 from libs/a", "2 from libs/a/")]


def test_a_path_may_be_spelled_in_another_way() -> None:
    own = replace(project('a = {path = "../../tool"}'), path="libs/tool/examples/pyproject.toml")
    lock = locked(own, flat("a", "1", source={"type": "directory", "url": ".."}))
    local = '[[package]]\nname = "a"\nversion = "{}"\nsource = {{ editable = "{}" }}\n'
    for where, cause in (("../../tool", Cause.MOVED), ("../../other", Cause.UNEXPLAINED)):
        proof = compare(lock, own, uv_lock(edges("a"), local.format("2", where)))
        assert [d.cause for d in proof.differences] == [cause]


@pytest.mark.parametrize(
    ("dependencies", "others", "cause"),
    [
        ("", (), Cause.MOVED),
        ('b = "*"', (), Cause.UNEXPLAINED),  # the project itself asks for it
        ('c = "*"', (flat("c", requires={"b": "*"}),), Cause.UNEXPLAINED),
    ],
)
def test_what_a_moved_path_dependency_no_longer_asks_for(
    dependencies: str, others: tuple[str, ...], cause: Cause
) -> None:
    own = project(f'a = {{path = "libs/a"}}\n{dependencies}')
    source = {"type": "directory", "url": "libs/a"}
    lock = locked(own, flat("a", "1", source=source, requires={"b": "*"}), flat("b"), *others)
    local = '[[package]]\nname = "a"\nversion = "2"\nsource = { editable = "libs/a" }\n'
    uv = uv_lock(edges("a", "c"), local, uv_entry("c"))
    causes = {d.name: d.cause for d in compare(lock, own, uv).differences}
    assert causes["b"] is cause


@pytest.mark.parametrize(("version", "cause"), [("1", Cause.SELECTED), ("2", Cause.UNEXPLAINED)])
def test_a_group_may_force_a_version_that_poetry_takes_with_it_alone(
    version: str, cause: Cause
) -> None:
    optional = "[tool.poetry.group.old]\noptional = true\n"
    own = project('a = "*"', f'{optional}[tool.poetry.group.old.dependencies]\na = "<2"\n')
    lock = locked(own, entry("a", "1"), entry("a", "2"), version="2.0")
    root = f'{edges("a")}\n[package.dev-dependencies]\nold = [{{ name = "a" }}]'
    proof = compare(lock, own, uv_lock(root, uv_entry("a", version)))
    assert {d.cause for d in proof.differences} == {cause}
    assert proof.differing == 18


def test_two_versions_from_uv_are_always_wrong() -> None:
    own = project('a = "*"')
    uv = uv_lock(edges("a", "a"), uv_entry("a", "1"), uv_entry("a", "2"))
    proof = compare(locked(own, flat("a", "1")), own, uv)
    assert proof.doubled == ("a",)
    assert not proof.explained


GIT = {"type": "git", "url": "https://example.org/me/a.git", "resolved_reference": "0123"}
OWN = {"type": "legacy", "url": "https://own/simple", "reference": "own"}


@pytest.mark.parametrize(
    ("source", "theirs", "same"),
    [
        (GIT, '{ git = "https://example.org/me/a?rev=main#0123" }', True),
        (GIT, '{ git = "https://example.org/me/a?rev=main#0124" }', False),
        (GIT, '{ git = "https://example.org/you/a#0123" }', False),
        (GIT, '{ git = "https://example.org/me/a?subdirectory=s#0123" }', False),
        (
            GIT | {"subdirectory": "s/t"},
            '{ git = "https://example.org/me/a?subdirectory=s%2Ft#0123" }',
            True,
        ),
        (GIT, '{ registry = "https://pypi.org/simple" }', False),
        (OWN, '{ registry = "https://own/simple/" }', True),
        (OWN, '{ registry = "https://other/simple" }', False),
        (OWN, '{ registry = "https://pypi.org/simple" }', False),
        (
            OWN | {"url": "https://pypi.python.org/simple"},
            '{ registry = "https://pypi.org/simple" }',
            True,
        ),
        ({"type": "url", "url": "https://x/a.whl"}, '{ url = "https://x/a.whl" }', True),
        ({"type": "url", "url": "https://x/a.whl"}, '{ url = "https://x/b.whl" }', False),
        ({"type": "file", "url": "libs/a.whl"}, '{ path = "./libs/a.whl" }', True),
        ({"type": "directory", "url": "../a"}, '{ directory = "../a" }', True),
        ({"type": "directory", "url": "../a"}, '{ virtual = "../b" }', False),
    ],
)
def test_sources_are_compared(source: dict[str, str], theirs: str, same: bool) -> None:
    own = project('a = "*"')
    entry = f'[[package]]\nname = "a"\nversion = "1"\nsource = {theirs}\n'
    proof = compare(locked(own, flat("a", "1", source=source)), own, uv_lock(edges("a"), entry))
    assert proof.exact == same


def test_every_file_of_uv_must_be_known_and_what_is_left_out_has_a_cause() -> None:
    own = project('a = "*"')
    names = {
        "a-1.tar.gz": "1",
        "a-1.zip": "2",
        "a-1.exe": "3",
        "a-1-cp310-cp310-win32.whl": "4",
        "a-1-cp38-abi3-win32.whl": "5",
        "a-1-cp312-cp312-macosx_11_0_arm64.whl": "6",
        "a-1-cp312-cp312-win_amd64.whl": "7",
        "a-1-py2.py3-none-any.whl": "8",
        "a-1-pp310-pypy310_pp73-win32.whl": "9",
    }
    files = [{"file": name, "hash": f"sha256:{digest}"} for name, digest in names.items()]
    lock = locked(own, flat("a", "1", markers=WINDOWS, files=files))
    kept = """\
sdist = { url = "https://x/a-1.tar.gz", hash = "sha256:1" }
wheels = [
    { url = "https://x/a-1-py2.py3-none-any.whl", hash = "sha256:8" },
    { url = "https://x/a-1-cp313-cp313-win32.whl", hash = "sha256:foreign" },
]
"""
    uv = uv_lock(
        """dependencies = [{ name = "a", marker = "sys_platform == 'win32'" }]""",
        uv_entry("a", "1", kept),
    )
    proof = compare(lock, own, uv)
    assert not proof.differences
    assert proof.hashes.equal == 2
    assert [file.hash for file in proof.hashes.foreign] == ["sha256:foreign"]
    assert not proof.exact
    assert proof.hashes.left_out == {
        LeftOut.SDIST: 1,
        LeftOut.FORMAT: 1,
        LeftOut.PYTHON: 2,
        LeftOut.PLATFORM: 1,
        LeftOut.OTHER: 2,
    }


def test_hashes_of_another_kind_are_not_compared_and_said_so() -> None:
    own = project('a = "*"')
    lock = locked(own, flat("a", "1", files=[{"file": "a-1.tar.gz", "hash": "md5:1"}]))
    sdist = 'sdist = { url = "https://x/a-1.tar.gz", hash = "sha256:1" }'
    hashes = compare(lock, own, uv_lock(edges("a"), uv_entry("a", "1", sdist))).hashes
    assert (hashes.equal, hashes.foreign, hashes.unchecked) == (0, (), ("a 1",))


def test_selections_go_from_little_to_much() -> None:
    rest = "[tool.poetry.group.dev.dependencies]\n[tool.poetry.group.Docs_]\noptional = true\n"
    rest += "[tool.poetry.group.Docs_.dependencies]\n[tool.poetry.extras]\nY = []\nX_x = []\n"
    found = selections(project("", rest))
    assert [s.label for s in found] == [
        "main only",
        "default",
        "with group docs-",
        "with extra x-x",
        "with extra y",
        "everything",
    ]
    assert [s.label for s in selections(project(""))] == ["main only"]
    assert "everything" not in [s.label for s in selections(project("", rest), together=False)]


def test_a_lock_that_poetry_cannot_solve_is_told() -> None:
    own = project('a = "*"')
    lock = locked(
        own,
        entry("a", "1", python_versions="<3.12"),
        entry("a", "2", python_versions="<3.12"),
        version="2.0",
    )
    proof = compare(lock, own, uv_lock(edges("a"), uv_entry("a", "1")))
    assert proof.unsolvable == 12
    assert {d.environments: d.cause for d in proof.differences} == {
        12: Cause.CONTRADICTORY,
        6: Cause.UNEXPLAINED,
    }


def big(count: int) -> tuple[PoetryLock, Project, UvLock]:
    """Return locks of many packages that require the next ones under changing markers."""
    markers = ['python_version < "3.12"', WINDOWS, 'implementation_name == "cpython"', ""]
    entries, theirs = [], []
    for number in range(count):
        targets = {n: markers[n % 4] for n in range(number + 1, min(number + 5, count))}
        requires = {f"p{n}": {"version": ">=1", "markers": m} for n, m in targets.items()}
        entries.append(entry(f"p{number}", requires=requires))
        lines = ", ".join(f"{{ name = 'p{n}', marker = '{m}' }}" for n, m in targets.items())
        theirs.append(uv_entry(f"p{number}", lines=f"dependencies = [{lines}]"))
    own = project('p0 = "*"')
    return locked(own, *entries, version="2.0"), own, uv_lock(edges("p0"), *theirs)


def test_a_big_lock_takes_a_moment() -> None:
    lock, own, uv = big(157)
    start = time.process_time()
    proof = compare(lock, own, uv)
    assert time.process_time() - start < 0.3
    assert proof.exact
    assert proof.packages == 157
