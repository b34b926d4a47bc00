from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.version import Version
from repositories import run_git

from unverse.errors import ToolError
from unverse.scaffold.history import PLACE, Template, knows, remember

pytestmark = pytest.mark.usefixtures("home")

_FILES = {"copier.yml": b"name: x\n", "template/[[ a ]]/b c.py.jinja": b"#!/bin/sh\r\nhi\n"}
_ONE = Template("1.2.0", _FILES, released=True)
_OTHER = replace(_ONE, files={**_FILES, "copier.yml": b"name: y\n"})


def _git(home: Path, *words: str) -> str:
    return run_git(home / PLACE.removeprefix("~/"), *words)


def test_a_release_has_its_tag_and_the_same_hash_everywhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remember(_ONE) == "v1.2.0"
    here = _git(home, "rev-parse", "v1.2.0")
    second = tmp_path / "second"
    monkeypatch.setenv("HOME", str(second))
    remember(replace(_OTHER, version="1.1.0"))
    remember(_ONE)
    assert _git(second, "rev-parse", "v1.2.0") == here


def test_the_bytes_are_kept_whatever_git_is_told(home: Path, tmp_path: Path) -> None:
    remember(_ONE)
    copy = tmp_path / "copy"
    place = str(home / PLACE.removeprefix("~/"))
    run_git(
        tmp_path, "-c", "core.autocrlf=true", "clone", "-q", "--branch=v1.2.0", place, str(copy)
    )
    for path, data in _FILES.items():
        assert (copy / path).read_bytes() == data
    modes = {
        line.split("\t")[1]: line[:6]
        for line in _git(home, "ls-tree", "-r", "v1.2.0").split("\n")
        if line
    }
    assert modes["copier.yml"] == "100644"
    assert modes["template/[[ a ]]/b c.py.jinja"] == "100755"


def test_remembering_again_changes_nothing(home: Path) -> None:
    remember(_ONE)
    before = _git(home, "for-each-ref")
    assert remember(_ONE) == "v1.2.0"
    assert _git(home, "for-each-ref") == before


def test_what_is_no_release_is_told_apart() -> None:
    remember(_ONE)
    tags = {remember(replace(one, released=False)) for one in (_ONE, _OTHER)}
    assert len(tags) == 2
    for tag in tags:
        assert re.fullmatch(r"v1\.2\.0\+t[0-9a-f]{12}", tag)
        assert Version("1.2.0") < Version(tag) < Version("1.2.1.dev0")
        assert knows(tag)


def test_a_tag_keeps_its_meaning() -> None:
    assert remember(_ONE) == "v1.2.0"
    assert remember(_OTHER) == _OTHER.own_tag
    assert remember(_ONE) == "v1.2.0"


def test_a_version_with_a_local_part() -> None:
    tag = replace(_ONE, version="1.2.0+fork.1").own_tag
    assert Version(tag) > Version("1.2.0+fork.1")


def test_ones_own_template_holds_no_leavings_of_tools() -> None:
    paths = Template.own().files
    assert "copier.yml" in paths
    assert "template/pyproject.toml.jinja" in paths
    assert not [path for path in paths if "_cache" in path or "__pycache__" in path]


def test_a_home_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with pytest.raises(ToolError, match=r"~/\.local/share/unverse/template: .*history") as caught:
        remember(_ONE)
    assert "`HOME`" in caught.value.hint


def test_names_of_the_template_do_on_windows_and_git_obeys_none_of_them() -> None:
    for path in Template.own().files:
        assert not re.search(r'[<>:"|?*\\]', path), path
        assert not path.endswith((".gitignore", ".gitattributes")), path
