"""Parts of the backends' configuration, one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from backends import migrated

from unverse.edits import splice
from unverse.errors import PlanError
from unverse.poetry.reader import read_project
from unverse.proof.backend.trial import told
from unverse.syntax.toml import loads, scan
from unverse.uv.backend import hatchling, uv_build, versioning
from unverse.uv.backend.frozen import Frozen, Part, freeze, licences, parts, read_metadata
from unverse.uv.backend.keep import keep
from unverse.uv.backend.patterns import gitignore, gitignore_path, uv_glob, uv_globs, uv_path
from unverse.uv.backend.repair import misplaced
from unverse.uv.backend.rewrite import rewrite
from unverse.uv.backend.settings import Refusal, Settings, Source, expression, licence

CONVERTED = Path(__file__).parents[1] / "converters" / "pyproject"
SETTINGS = Settings(("uv_build",), "uv_build", {}, {"classifiers": ["Typing :: Typed"]})
POETRY = """\
[tool.poetry]
name = "tides"
version = "1.4.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.9"
"""


def frozen(**answer: object) -> Frozen:
    package = {
        "format": "wheel",
        "package": True,
        "root": ".",
        "pattern": "tides",
        "target": "",
        "matches": ["tides/"],
    }
    found: dict[str, object] = {
        "wheel": {"tides/__init__.py": "tides/__init__.py"},
        "sdist": ["tides/__init__.py"],
        "parts": [package, package | {"format": "sdist"}],
        "excludes": {},
        "scripts": [],
        "inits": ["tides"],
        "build-script": "",
    }
    names = ["tides/__init__.py", ".dist-info/METADATA"]
    return freeze(
        found | answer, metadata="Name: tides\n", names=names, tags=frozenset({"py3-none-any"})
    )


@pytest.mark.parametrize(
    ("pattern", "glob"),
    [
        ("tides/*.csv", "tides/*.csv"),
        ("data/a b,c.txt", r"data/a\ b\,c.txt"),
        ("data/[ab]?.txt", "data/[ab]?.txt"),
    ],
)
def test_odd_characters_of_a_glob_are_escaped(pattern: str, glob: str) -> None:
    assert uv_glob(pattern) == glob


def test_a_directory_needs_a_glob_of_its_own() -> None:
    assert uv_globs("docs", ["docs/"]) == ["docs/**"]
    assert uv_globs("docs/*", ["docs/a.md", "docs/images/"]) == ["docs/*", "docs/*/**"]
    assert uv_globs("docs/**", ["docs/", "docs/images/"]) == ["docs/**"]
    assert uv_globs("later/*.c", []) == ["later/*.c"]


def test_a_file_may_look_like_a_glob() -> None:
    assert uv_path("data/[1].txt") == r"data/\[1\].txt"
    assert gitignore_path("data/[1].txt") == r"/data/\[1\].txt"
    assert gitignore("data/# [12].txt") == r"/data/\#\ [12].txt"


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("LGPL-2.1+ OR MIT", "LGPL-2.1-or-later OR MIT"),
        ("Apache 2.0", ""),
        ("Proprietary", ""),
        ("", ""),
    ],
)
def test_licences_as_expressions(text: str, spdx: str) -> None:
    assert expression(text) == spdx


@pytest.mark.parametrize(
    ("written", "published", "spdx", "wanted"),
    [
        ({"text": "MIT"}, "License: MIT", True, "MIT"),
        ({"text": "MIT"}, "License: MIT", False, None),
        ({"text": "Apache License 2.0"}, "License: Apache-2.0", False, {"text": "Apache-2.0"}),
        ({"file": "LICENSE"}, "License: all of the text", False, None),
        ("Apache License 2.0", "License-Expression: Apache-2.0", False, "Apache-2.0"),
        ("Proprietary", "License: Proprietary", False, {"text": "Proprietary"}),
        (None, "Name: x", True, None),
    ],
)
def test_the_licence_is_the_published_one(
    written: object, published: str, spdx: bool, wanted: object
) -> None:
    table = {"license": written} if written else {}
    before = replace(frozen(), metadata=read_metadata(published))
    assert licence(before, table, spdx=spdx) == wanted


def test_licence_files_lie_beside_the_metadata_or_below() -> None:
    old = [".dist-info/METADATA", ".dist-info/LICENSE", ".dist-info/entry_points.txt"]
    assert licences(old) == ("LICENSE",)
    new = [".dist-info/WHEEL", ".dist-info/licenses/LICENSES/MIT.txt", "tides/x.dist-info/LICENSE"]
    assert licences(new) == ("LICENSES/MIT.txt",)


def test_metadata_keeps_the_lines_of_a_licence_and_leaves_the_description() -> None:
    found = read_metadata(
        "Name: x\nLicense: a\n         b\nClassifier: c\nClassifier: d\n\nName: y\n"
    )
    assert found["Name"] == ("x",)
    assert found["License"][0].split() == ["a", "b"]
    assert found["Classifier"] == ("c", "d")


def test_an_entry_of_both_formats_is_one_part() -> None:
    (part,) = frozen().parts
    assert part == Part(frozenset({"wheel", "sdist"}), True, "", "tides", "", ("tides/",))
    assert parts([{"format": "sdist", "package": False, "root": ".", "pattern": "./docs/",
                   "target": "", "matches": []}])[0].path == "docs"  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"wheel": {}}, "the wheel holds no file"),
        (
            {"wheel": {"tides/__init__.py": "tides/__init__.py", "a/b.txt": "a/b.txt"}},
            "`a/b.txt` in the wheel outside the packages: uv_build adds no file there",
        ),
        ({"scripts": ["high"]}, "script files `high`: uv_build takes one folder of them"),
    ],
)
def test_what_uv_build_cannot_do(answer: dict[str, object], reason: str) -> None:
    found = uv_build.configure(frozen(**answer), Source({"name": "tides"}))
    assert found == Refusal((reason,))


def test_a_folder_with_a_dot_is_no_package() -> None:
    dotted = {
        "format": "wheel",
        "package": True,
        "root": ".",
        "pattern": "ti.des",
        "target": "",
        "matches": ["ti.des/"],
    }
    found = uv_build.configure(
        frozen(parts=[dotted], wheel={"ti.des/__init__.py": "ti.des/__init__.py"}),
        Source({"name": "tides"}),
    )
    assert found == Refusal(("`ti.des`: uv_build takes the dot for a package",))


@pytest.mark.parametrize("list_", ["dependencies", "optional-dependencies"])
def test_hatchling_is_told_of_direct_references(list_: str) -> None:
    requirements = ["tides @ git+https://example.org/tides.git ; python_version > '3.9'"]
    table = {"name": "x", list_: requirements if list_ == "dependencies" else {"a": requirements}}
    found = hatchling.configure(frozen(), Source(table))
    assert isinstance(found, Settings)
    assert found.tables[hatchling.METADATA] == {"allow-direct-references": True}
    plain = hatchling.configure(frozen(), Source({"name": "x", "dependencies": ["tides"]}))
    assert isinstance(plain, Settings)
    assert hatchling.METADATA not in plain.tables


def test_two_formats_of_readmes_cannot_be_joined() -> None:
    found = hatchling.configure(frozen(), Source({"name": "x"}, ("README.md", "NEWS.rst")))
    assert isinstance(found, Refusal)
    assert found.reasons == ("readmes of several formats: hatch-fancy-pypi-readme joins one",)


def test_what_a_build_got_wrong_is_named_by_its_place_in_the_project() -> None:
    before = frozen(wheel={"tides/a.py": "src/tides/a.py", "tides/b.py": "src/tides/b.py"})
    wheels = (["tides/a.py", "tides/b.py", ".dist-info/x"], ["tides/a.py", "tides/c.py"])
    sdists = (["src/tides/a.py", "b"], ["src/tides/a.py", "src/tides/c.py", ".gitignore"])
    found = misplaced(before, wheels, sdists, (".gitignore",))
    assert found.wheel_missing == ("src/tides/b.py",)
    assert found.wheel_extra == ("src/tides/c.py",)
    assert (found.sdist_missing, found.sdist_extra) == (("b",), ("src/tides/c.py",))
    assert not misplaced(before, (wheels[0], wheels[0]), (sdists[0], sdists[0]))


def test_poetry_s_table_and_what_is_dynamic_go(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(POETRY)
    project, text = migrated(tmp_path)
    after = loads(splice(text, rewrite("pyproject.toml", text, project, SETTINGS)))
    assert "poetry" not in after.get("tool", {})
    assert after["project"]["classifiers"] == ["Typing :: Typed"]
    assert "dynamic" not in after["project"]
    assert after["build-system"] == {"requires": ["uv_build"], "build-backend": "uv_build"}


@pytest.mark.parametrize("name", ["crlf", "bom"])
def test_line_ends_and_a_bom_stay(name: str, tmp_path: Path) -> None:
    before = POETRY.replace("\n", "\r\n") if name == "crlf" else f"\ufeff{POETRY}"
    (tmp_path / "pyproject.toml").write_bytes(before.encode())
    project, text = migrated(tmp_path)
    after = splice(text, rewrite("pyproject.toml", text, project, SETTINGS))
    assert "Typing :: Typed" in after
    assert (name == "crlf") is ("\r\n" in after)
    assert name == "bom" or "\n" not in after.replace("\r\n", "")
    assert after.startswith("\ufeff") is (name == "bom")


@pytest.mark.parametrize("case", sorted(CONVERTED.iterdir()), ids=lambda case: case.name)
def test_however_a_file_is_written_its_comments_stay(case: Path) -> None:
    project, text = migrated(case / "before")
    document = loads(text)
    if "build-system" not in document or not project.package_mode:
        assert document.get("tool", {}).get("uv", {}).get("package") is False
        return
    source = Source.of(document, project)
    dynamic = {"version", "readme"} & set(document["project"].get("dynamic", ()))
    tables = {**source.extras(), hatchling.WHEEL: {"packages": ["tides"]}}
    values = source.static() | {"classifiers": ["Typing :: Typed"]}
    settings = Settings(("hatchling",), "hatchling.build", tables, values, tuple(dynamic))
    after = splice(text, rewrite("pyproject.toml", text, project, settings))
    assert comments(text) <= comments(after)
    assert "\n\n\n" in text or "\n\n\n" not in after.replace("\r", "")


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ('["A", "License :: X", "B"]', '["A", "B"]'),
        (
            '[\n  "License :: X", # ours\n  "A", # first\n  "B",\n]',
            '[\n  # ours\n  "A", # first\n  "B",\n]',
        ),
        ('[\n  "A",\n  "License :: X",\n  "B"\n]', '[\n  "A",\n  "B"\n]'),
        ('["B", "A"]', '["B", "A"]'),
    ],
)
def test_an_author_s_own_list_only_loses_elements(written: str, left: str, tmp_path: Path) -> None:
    text = f'[project]\nname = "x"\nversion = "1"\nclassifiers = {written}\n\n[tool.poetry]\n'
    text += '\n[build-system]\nrequires = ["a"]\nbuild-backend = "b"\n'
    project = read_project("pyproject.toml", text)
    settings = Settings(("c",), "c", {}, {"classifiers": ["A", "B"]})
    after = splice(text, rewrite("pyproject.toml", text, project, settings))
    assert f"classifiers = {left}\n" in after


def comments(text: str) -> set[str]:
    found = scan(text).comments
    return {text[span.start : span.end].strip() for span in found}


def test_dependencies_that_poetry_core_would_break_become_static(tmp_path: Path) -> None:
    broken = 'sea = ">=1.10.8,!=2.0.*,!=2.1.*,!=2.2.0"\nmoon = { version = "*", optional = true }\n'
    (tmp_path / "pyproject.toml").write_text(
        f'{POETRY}{broken}\n[tool.poetry.extras]\nnight = ["moon"]\n'
    )
    project, text = migrated(tmp_path)
    document = loads(text)
    assert document["project"]["dynamic"] == [
        "classifiers", "dependencies", "optional-dependencies"
    ]  # fmt: skip
    settings = hatchling.configure(frozen(), Source.of(document, project))
    assert isinstance(settings, Settings)
    after = loads(splice(text, rewrite("pyproject.toml", text, project, settings)))
    assert after["project"]["dependencies"] == ["sea>=1.10.8,!=2.0.*,!=2.1.*,!=2.2.0"]
    assert after["project"]["optional-dependencies"] == {"night": ["moon"]}


def test_a_build_system_of_another_shape_is_refused(tmp_path: Path) -> None:
    text = 'build-system = { requires = ["poetry-core>=2"], build-backend = "poetry.core" }\n'
    text += f"\n{POETRY}"
    project = read_project("pyproject.toml", text)
    with pytest.raises(PlanError, match="cannot be edited"):
        rewrite("pyproject.toml", text, project, SETTINGS)


@pytest.mark.parametrize(
    ("requires", "kept"),
    [
        ('["poetry-core"]', True),
        ('["poetry-core>=1.0.0"]', True),
        ("['poetry-core >=1.0.0', 'setuptools']", True),
        ('["poetry-core>=1,<2"]', False),
        ('["poetry-core~=1.9"]', False),
        ('["poetry>=0.12"]', False),
    ],
)
def test_keep_restores_what_still_works(requires: str, kept: bool, tmp_path: Path) -> None:
    system = f"\n[build-system]\nrequires = {requires}\n"
    before = f'{POETRY}{system}build-backend = "poetry.core.masonry.api"\n'
    (tmp_path / "pyproject.toml").write_text(before)
    _, text = migrated(tmp_path)
    after = splice(text, keep("pyproject.toml", before, text))
    assert (f"requires = {requires}\n" in after) is kept
    assert kept or after == text


def test_keep_leaves_what_the_migration_had_to_write(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(POETRY)
    _, text = migrated(tmp_path)
    assert "[build-system]" in text
    assert keep("pyproject.toml", POETRY, text) == []


def test_settings_of_the_plugin_that_the_successor_lacks() -> None:
    table = {"enable": True, "vcs": "git", "files": {}, "fix-shallow-repository": True}
    assert [line.split("`")[1] for line in versioning.refused(table)] == [
        "files",
        "fix-shallow-repository",
    ]
    assert versioning.successor_table(table) == {"vcs": "git"}


def test_the_trial_of_versions_holds_both_tables() -> None:
    table = {"vcs": "git", "bump": {"enable": True, "index": 1}, "substitution": {"files": []}}
    tool = loads(versioning.trial(table))["tool"]
    assert tool["uv-dynamic-versioning"] == {"vcs": "git", "bump": {"enable": True, "index": 1}}
    assert tool["poetry-dynamic-versioning"] == tool["uv-dynamic-versioning"] | {"enable": True}


def test_versions_that_differ() -> None:
    answers = {"on a tag": ["1.2.3", "1.2.3"], "changed files": ["1.2.4", ""]}
    assert list(versioning.disagreements(answers)) == ["version (changed files): `1.2.4` -> none"]
    assert list(versioning.disagreements({"no tag": ["", ""]})) == [
        "version: neither plugin gives one in a repository made for the test"
    ]


def test_the_line_of_a_failure_that_says_most() -> None:
    said = "Building sdist...\nTraceback\n  File\nValueError: no such licence\n"
    said += "error: Failed to build `x`\n  cause: The build backend returned an error\n"
    said += "  cause: Call to `hatchling.build` failed\nhint: look above\n"
    assert told(said) == "ValueError: no such licence"
    assert told("error: x\n  cause: No interpreter found\n") == "No interpreter found"
    assert told("") == "it says nothing"
