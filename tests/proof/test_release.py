"""A release is rehearsed with the real tools: some leave uv.lock behind, some do not."""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.error import HTTPError

import pytest
from repositories import write_files

from unverse.proof.claims import Claim, Verdict
from unverse.proof.copies import make_repository
from unverse.proof.release.bump import locked_version, tool_of
from unverse.proof.release.local_index import local_index
from unverse.proof.release.rehearse import _untargeted, rehearse
from unverse.uv.run import find_uv

PROJECT = """\
[project]
name = "bikes"
version = "1.4.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.9,<0.14"]
build-backend = "uv_build"
"""
COMMITIZEN = '\n[tool.commitizen]\nversion_provider = "{}"\ntag_format = "v$version"\n'
BUMP_MY_VERSION = """
[tool.bumpversion]
current_version = "1.4.0"
[[tool.bumpversion.files]]
filename = "pyproject.toml"
search = 'version = "{current_version}"'
replace = 'version = "{new_version}"'
"""
SEMANTIC_RELEASE = """
[tool.semantic_release]
version_toml = ["pyproject.toml:project.version"]
build_command = "{}"
"""


def project(place: Path, more: str = "", text: str = PROJECT) -> Path:
    """Write a small locked project as a repository of its own."""
    write_files(place, {"pyproject.toml": text + more, "src/bikes/__init__.py": ""})
    subprocess.run([find_uv(), "lock", "--quiet"], cwd=place, check=True)
    make_repository(place)
    return place


def rehearsed(
    place: Path, commands: Sequence[Sequence[str]] = (), *, package: bool = True
) -> tuple[Claim, Claim]:
    lock, upload = rehearse(place, place, commands, package=package)
    return lock, upload


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        pytest.param("", Verdict.HOLDS, id="nothing set up"),
        pytest.param(COMMITIZEN.format("uv"), Verdict.HOLDS, id="commitizen"),
        pytest.param(COMMITIZEN.format("pep621"), Verdict.FAILS, id="commitizen, another provider"),
        pytest.param(BUMP_MY_VERSION, Verdict.FAILS, id="bump-my-version"),
        pytest.param(SEMANTIC_RELEASE.format("uv build"), Verdict.FAILS, id="semantic-release"),
        pytest.param(
            SEMANTIC_RELEASE.format("uv lock && git add uv.lock && uv build"),
            Verdict.HOLDS,
            id="semantic-release that locks",
        ),
    ],
)
def test_a_release_that_stales_the_lock_is_found(
    tmp_path: Path, more: str, verdict: Verdict
) -> None:
    lock, upload = rehearsed(project(tmp_path / "bikes", more))
    assert (lock.verdict, upload.verdict) == (verdict, Verdict.HOLDS), (lock, upload)
    assert "1.4.0 -> 1.4.1" in lock.evidence
    assert "bikes-1.4.1-py3-none-any.whl" in upload.evidence


@pytest.mark.slow
def test_the_release_commands_of_the_project_are_run(tmp_path: Path) -> None:
    place = project(tmp_path / "bikes")
    commands = [("build", "--wheel"), ("publish", "--index", "testpypi", "dist/*.whl")]
    _, upload = rehearsed(place, commands)
    assert upload.verdict is Verdict.HOLDS
    assert upload.evidence == (
        "`uv build --wheel`, `uv publish --index testpypi dist/*.whl`: "
        "bikes-1.4.1-py3-none-any.whl to a local index"
    )


@pytest.mark.slow
def test_release_commands_that_upload_nothing_fail(tmp_path: Path) -> None:
    commands = [("build", "--wheel", "--out-dir", "wheels"), ("publish",)]
    _, upload = rehearsed(project(tmp_path / "bikes"), commands)
    assert upload.verdict is Verdict.FAILS


@pytest.mark.slow
def test_what_does_not_build_fails(tmp_path: Path) -> None:
    place = project(tmp_path / "bikes")
    (place / "src/bikes/__init__.py").unlink()
    assert rehearsed(place)[1].verdict is Verdict.FAILS


def test_without_a_network_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    nowhere = PROJECT.replace("uv_build>=0.9,<0.14", "uv_build==0.7.3")
    _, upload = rehearsed(project(tmp_path, text=nowhere))
    assert upload.verdict is Verdict.NOT_CHECKED
    assert upload.evidence == "`uv build` fails: an index cannot be reached"


def test_a_tool_that_cannot_bump_is_said_and_no_failure(tmp_path: Path) -> None:
    text = PROJECT.replace('version = "1.4.0"', 'dynamic = ["version"]')
    write_files(tmp_path, {"pyproject.toml": text})
    lock, upload = rehearsed(tmp_path, package=False)
    assert (lock.verdict, upload.verdict) == (Verdict.NOT_CHECKED, Verdict.NOT_CHECKED)
    assert lock.evidence == "the version is not in uv.lock: the build computes it"


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"pyproject.toml": "[tool.commitizen]\n"}, "commitizen"),
        ({".cz.toml": ""}, "commitizen"),
        ({"pyproject.toml": "[tool.semantic_release]\n"}, "python-semantic-release"),
        ({".bumpversion.cfg": "[bumpversion]\n"}, "bump2version"),
        ({"setup.cfg": "[bumpversion]\n"}, "bump2version"),
        ({"setup.cfg": "[flake8]\n"}, ""),
        ({"pyproject.toml": "[tool.ruff]\n"}, ""),
    ],
)
def test_what_bumps_the_version_is_read_from_the_configuration(
    tmp_path: Path, files: dict[str, str], name: str
) -> None:
    write_files(tmp_path, files)
    found = tool_of(tmp_path)
    assert (found.name if found else "") == name


def test_the_locked_version_of_the_tool_is_used(tmp_path: Path) -> None:
    assert locked_version(tmp_path, "commitizen") == ""
    write_files(tmp_path, {"uv.lock": '[[package]]\nname = "commitizen"\nversion = "4.6.0"\n'})
    assert locked_version(tmp_path, "commitizen") == "4.6.0"


def test_where_and_as_whom_is_left_out_of_an_upload() -> None:
    words = "--token X dist/*.whl --index=testpypi -u me --trusted-publishing always --dry-run"
    assert list(_untargeted(words.split())) == ["dist/*.whl", "--dry-run"]


def test_the_local_index_wants_a_file() -> None:
    with local_index() as index:
        for method, code in (("POST", 400), ("GET", 404)):
            request = urllib.request.Request(index.url, b"" if method == "POST" else None)
            with pytest.raises(HTTPError) as caught:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
            assert caught.value.code == code
            caught.value.close()
        assert index.uploaded == []
