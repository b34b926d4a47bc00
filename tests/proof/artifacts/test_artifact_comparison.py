"""Two artifacts: each kind of fault is found, and what a backend cannot help is explained."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from unverse.errors import ToolError
from unverse.proof.artifacts import (
    Artifact,
    ArtifactDifference,
    Entry,
    Format,
    Kind,
    TreeChanges,
    compare,
    is_explained,
    read_artifact,
)
from unverse.proof.artifacts.differences import in_lines
from unverse.proof.artifacts.trees import tree_changes

METADATA = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n\n# Demo\n"
POINTS = {"console_scripts": {"demo": "demo:main"}}
SDIST = Artifact(
    Format.SDIST,
    "demo-1.0.tar.gz",
    "",
    {
        "pyproject.toml": Entry("1", 0o644),
        "README.md": Entry("2", 0o644),
        "src/demo/__init__.py": Entry("3", 0o644),
        "src/demo/run.sh": Entry("4", 0o755),
        "poetry.lock": Entry("5", 0o644),
    },
    METADATA,
    {},
    generator="poetry-core 2.5.0",
)
WHEEL = Artifact(
    Format.WHEEL,
    "demo-1.0-py3-none-any.whl",
    "",
    {
        "demo/__init__.py": Entry("3", 0o644),
        "demo/run.sh": Entry("4", 0o755),
        ".dist-info/LICENSE": Entry("6", 0o644),
        ".data/scripts/tool": Entry("7", 0o755),
    },
    METADATA,
    POINTS,
    frozenset({"py3-none-any"}),
    generator="poetry-core 2.5.0",
)
Change = Callable[[Artifact], Artifact]


def files(artifact: Artifact, **changed: Entry | None) -> Artifact:
    found = {**artifact.files, **changed}
    return replace(artifact, files={p: e for p, e in found.items() if e is not None})


def one(
    before: Artifact, after: Artifact, changes: TreeChanges | None = None
) -> ArtifactDifference:
    (found,) = compare(before, after, changes or TreeChanges())
    assert found.place == str(before.format) and str(found).startswith(f"{before.format}: ")
    return found


def test_nothing_differs_from_itself() -> None:
    assert compare(SDIST, SDIST) == compare(WHEEL, WHEEL) == ()


FAULTS: dict[str, tuple[Artifact, Artifact, Kind, str]] = {
    "leak": (SDIST, files(SDIST, secret=Entry("9", 0o644)), Kind.LEAK, "secret"),
    "loss": (WHEEL, files(WHEEL, **{"demo/__init__.py": None}), Kind.LOSS, "demo/__init__.py"),
    "bytes": (WHEEL, files(WHEEL, **{"demo/run.sh": Entry("9", 0o755)}), Kind.BYTES, "demo/run.sh"),
    "mode": (WHEEL, files(WHEEL, **{"demo/run.sh": Entry("4", 0o644)}), Kind.MODE, "demo/run.sh"),
    "link": (SDIST, files(SDIST, **{"README.md": Entry("", 0o644, "x")}), Kind.BYTES, "README.md"),
    "licence": (
        WHEEL,
        files(WHEEL, **{".dist-info/LICENSE": None}),
        Kind.LOSS,
        ".dist-info/LICENSE",
    ),
    "script": (
        WHEEL,
        files(WHEEL, **{".data/scripts/tool": None}),
        Kind.LOSS,
        ".data/scripts/tool",
    ),
    "entry point lost": (
        WHEEL,
        replace(WHEEL, entry_points={}),
        Kind.ENTRY_POINT,
        "console_scripts: demo",
    ),
    "entry point moved": (
        WHEEL,
        replace(WHEEL, entry_points={"console_scripts": {"demo": "demo:other"}}),
        Kind.ENTRY_POINT,
        "console_scripts: demo",
    ),
    "tag": (WHEEL, replace(WHEEL, tags=frozenset({"py2-none-any"})), Kind.TAG, "Tag"),
    "pure": (WHEEL, replace(WHEEL, pure=False), Kind.TAG, "Root-Is-Purelib"),
    "metadata": (
        WHEEL,
        replace(WHEEL, metadata=METADATA.replace("1.0", "1.1")),
        Kind.METADATA,
        "Version",
    ),
    "description": (
        SDIST,
        replace(SDIST, metadata=METADATA + "\n# More\n"),
        Kind.METADATA,
        "Description",
    ),
    "pyproject": (SDIST, files(SDIST, **{"pyproject.toml": None}), Kind.LOSS, "pyproject.toml"),
    "uv.lock": (SDIST, files(SDIST, **{"uv.lock": Entry("9", 0o644)}), Kind.LEAK, "uv.lock"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    before, after, kind, where = FAULTS[fault]
    found = one(before, after)
    assert (found.kind, found.path_or_field, found.explained) == (kind, where, "")
    assert not is_explained((found,))


FORCED: dict[str, tuple[Artifact, Artifact, TreeChanges, str]] = {
    "orig of uv_build": (
        SDIST,
        replace(files(SDIST, **{"pyproject.toml.orig": Entry("9", 0o644)}), generator="uv 0.13.6"),
        TreeChanges(),
        "uv adds it",
    ),
    "rules of hatchling": (
        SDIST,
        replace(files(SDIST, **{".gitignore": Entry("9", 0o644)}), generator="hatchling 1.33.0"),
        TreeChanges(),
        "hatchling adds it",
    ),
    "setup.py": (
        replace(files(SDIST, **{"setup.py": Entry("9", 0o644)}), generator="poetry-core 1.0.8"),
        SDIST,
        TreeChanges(),
        "poetry-core 1 generated it",
    ),
    "licences in their folder": (
        WHEEL,
        files(
            WHEEL,
            **{".dist-info/LICENSE": None, ".dist-info/licenses/LICENSE": Entry("6", 0o644)},
        ),
        TreeChanges(),
        "PEP 639",
    ),
    "changed in the tree": (
        SDIST,
        files(SDIST, **{"README.md": Entry("9", 0o644)}),
        TreeChanges({"README.md": "9"}),
        "changed in the tree",
    ),
    "changed below src": (
        WHEEL,
        files(WHEEL, **{"demo/__init__.py": Entry("9", 0o644)}),
        TreeChanges({"src/demo/__init__.py": "9"}),
        "changed in the tree",
    ),
    "removed from the tree": (
        SDIST,
        files(SDIST, **{"poetry.lock": None}),
        TreeChanges({"poetry.lock": ""}),
        "removed from the tree",
    ),
    "readme": (
        SDIST,
        replace(SDIST, metadata=METADATA.replace("# Demo", "# Changed")),
        TreeChanges({"README.md": "9"}, texts=("# Changed",)),
        "readme itself was changed",
    ),
}


@pytest.mark.parametrize("case", FORCED)
def test_what_nobody_can_help_is_explained(case: str) -> None:
    before, after, changes, why = FORCED[case]
    assert why in one(before, after, changes).explained


def test_the_lock_of_uv_replaces_that_of_poetry() -> None:
    after = files(SDIST, **{"poetry.lock": None, "uv.lock": Entry("9", 0o644)})
    changes = TreeChanges({"poetry.lock": "", "uv.lock": "9"}, frozenset({"uv.lock"}))
    assert is_explained(compare(SDIST, after, changes))
    # A lock that was in the tree all the time, and was not published, is a leak.
    assert not is_explained(compare(SDIST, after, TreeChanges({"poetry.lock": ""})))


def test_only_what_the_tree_holds_now_is_explained() -> None:
    after = files(SDIST, **{"README.md": Entry("9", 0o644)})
    assert not one(SDIST, after, TreeChanges({"README.md": "8"})).explained
    assert not one(SDIST, after, TreeChanges({"AREADME.md": "9"})).explained


def test_many_files_of_a_folder_are_one_line() -> None:
    tests = {f"tests/{number}.py": Entry("9", 0o644) for number in range(9)}
    few = {f"docs/{number}.md": Entry("9", 0o644) for number in range(8)}
    found = compare(SDIST, files(SDIST, **tests, **few, secret=Entry("9", 0o644)))
    lines = in_lines(found)
    assert "sdist: leak: 9 files in tests/" in lines and "sdist: leak: secret" in lines
    assert len(lines) == 1 + 8 + 1


def test_each_backend_is_forgiven_its_own_habits_only() -> None:
    added = files(SDIST, **{".gitignore": Entry("9", 0o644)})
    assert not one(SDIST, replace(added, generator="uv 0.13.6")).explained
    wheel = files(WHEEL, **{".gitignore": Entry("9", 0o644)})
    assert not one(WHEEL, replace(wheel, generator="hatchling 1.33.0")).explained


def test_a_licence_that_moved_must_be_the_same() -> None:
    moved = {".dist-info/LICENSE": None, ".dist-info/licenses/LICENSE": Entry("9", 0o644)}
    found = compare(WHEEL, files(WHEEL, **moved))
    assert [item.kind for item in found if not item.explained] == [Kind.LOSS, Kind.LEAK]


def test_trees_are_compared(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("\n# Changed\r\n")
    (tmp_path / "code.py").write_text("pass\n")
    before = {"README.md": "a", "code.py": "b", "poetry.lock": "c", "same": "d"}
    after = {"README.md": "A", "code.py": "B", "uv.lock": "C", "same": "d"}
    (tmp_path / "uv.lock").touch()
    found = tree_changes(before, after, tmp_path)
    assert found.after.keys() == {"README.md", "code.py", "poetry.lock", "uv.lock"}
    assert found.after["poetry.lock"] == "" and len(found.after["code.py"]) == 64
    assert found.new == {"uv.lock"}
    assert found.texts == ("# Changed",)


def test_a_wheel_is_read(tmp_path: Path) -> None:
    path = tmp_path / "demo_x-1.0-py2.py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo/", "")
        script = zipfile.ZipInfo("demo_x-1.0.data/scripts/run")
        script.external_attr = 0o100755 << 16
        archive.writestr(script, "#!python\n")
        archive.writestr("demo/__init__.py", "")
        archive.writestr("demo_x-1.0.dist-info/METADATA", "Name: demo-x\n")
        archive.writestr("demo_x-1.0.dist-info/RECORD", "")
        tags = "Tag: py2.py3-none-any\nTag: cp312-abi3-manylinux_2_17_x86_64.linux_x86_64\n"
        wheel = f"Wheel-Version: 1.0\nGenerator: uv 0.9\nRoot-Is-Purelib: true\n{tags}"
        archive.writestr("demo_x-1.0.dist-info/WHEEL", wheel)
        points = "[console_scripts]\nA:b = demo : main [x]\n\n[other.group]\nz=demo\n"
        archive.writestr("demo_x-1.0.dist-info/entry_points.txt", points)
    found = read_artifact(path)
    assert found.files.keys() == {".data/scripts/run", "demo/__init__.py"}
    assert found.files[".data/scripts/run"].mode == 0o755
    assert found.entry_points == {
        "console_scripts": {"A:b": "demo:main[x]"},
        "other.group": {"z": "demo"},
    }
    platforms = ("manylinux_2_17_x86_64", "linux_x86_64")
    assert found.tags == {
        *("py2-none-any", "py3-none-any"),
        *(f"cp312-abi3-{platform}" for platform in platforms),
    }
    assert (found.metadata, found.pure, found.generator) == ("Name: demo-x\n", True, "uv 0.9")


def test_an_sdist_is_read(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data, mode in (
            ("demo-1.0/PKG-INFO", b"Name: demo\n", 0o644),
            ("demo-1.0/run.sh", b"#!/bin/sh\n", 0o755),
            ("demo-1.0/demo.egg-info/PKG-INFO", b"", 0o644),
        ):
            item = tarfile.TarInfo(name)
            item.size, item.mode = len(data), mode
            archive.addfile(item, io.BytesIO(data))
        link = tarfile.TarInfo("demo-1.0/link")
        link.type, link.linkname = tarfile.SYMTYPE, "run.sh"
        archive.addfile(link)
    found = read_artifact(path)
    assert found.files.keys() == {"run.sh", "demo.egg-info/PKG-INFO", "link"}
    assert found.files["run.sh"].mode == 0o755 and found.files["link"].link == "run.sh"
    assert found.metadata == "Name: demo\n"


@pytest.mark.parametrize("name", ["x.whl", "x.tar.gz", "missing.whl"])
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.whl").write_bytes(b"PK")
    (tmp_path / "x.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(ToolError, match=name):
        read_artifact(tmp_path / name)
