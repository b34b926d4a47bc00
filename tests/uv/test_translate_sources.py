from __future__ import annotations

import tomllib
from typing import Any

import pytest
from locks import flat, poetry_lock
from translations import FROM_CORP, INDEX, WINDOWS, edges, entry, pyproject, run

from unverse.errors import LockError
from unverse.poetry.lock import PoetryLock
from unverse.standards.pypi import SIMPLE as PYPI
from unverse.uv.index import indexes
from unverse.uv.pages import IndexFile
from unverse.uv.translate import prepare, wanted


def offered(name: str, **fields: Any) -> IndexFile:
    values = {"url": f"https://f.org/{name}", "hash": f"sha256:{name}"} | fields
    return IndexFile(name, **values)


def with_files(*names: str, **fields: Any) -> PoetryLock:
    files = [{"file": name, "hash": f"sha256:{name}"} for name in names]
    return poetry_lock(flat("a", files=files, **fields))


def test_only_files_that_poetry_trusted() -> None:
    lock = with_files("a-1.0.tar.gz", "a-1.0-py3-none-any.whl")
    page = (offered("a-1.0-py3-none-any.whl"), offered("a-1.0-cp314-cp314-win32.whl"),
            offered("a-1.0.tar.gz"))  # fmt: skip
    found = run(lock, pyproject("a"), {(PYPI, "a"): page})
    part = entry(found, "a")
    assert "cp314" not in part
    assert 'sdist = { url = "https://f.org/a-1.0.tar.gz", hash = "sha256:a-1.0.tar.gz" }' in part
    assert found.notes == ()


def test_a_file_with_another_hash_stops_everything() -> None:
    lock = with_files("a-1.0.tar.gz")
    page = (offered("a-1.0.tar.gz", hash="sha256:evil"),)
    with pytest.raises(LockError, match=r"another `a-1\.0\.tar\.gz` .*sha256:evil") as error:
        run(lock, pyproject("a"), {(PYPI, "a"): page})
    assert error.value.where == "poetry.lock:3"


def test_a_version_that_vanished_is_kept_and_told() -> None:
    lock = with_files("a-1.0.tar.gz")
    found = run(lock, pyproject("a"), {(PYPI, "a"): ()})
    assert 'version = "1.0"' in entry(found, "a")
    assert "sdist" not in entry(found, "a")
    (note,) = found.notes
    assert "not on https://pypi.org/simple any more" in note.message
    some = with_files("a-1.0.tar.gz", "a-1.0-py3-none-any.whl")
    (note,) = run(some, pyproject("a"), {(PYPI, "a"): (offered("a-1.0.tar.gz"),)}).notes
    assert note.message.startswith("1 of 2 files of `a` 1.0 are not on")


def test_the_address_of_an_index_is_kept_to_the_letter() -> None:
    lock = with_files("a-1.0.tar.gz", **FROM_CORP)
    found = run(lock, pyproject("a", rest=INDEX), {("https://c.org/simple/", "a"): ()})
    assert 'source = { registry = "https://c.org/simple/" }' in found.text


def test_addresses_on_an_index_that_cannot_be_read() -> None:
    lock = with_files("a-1.0+cu118-py3-none-any.whl", **FROM_CORP)
    text = pyproject("a", rest=INDEX + "[tool.uv.sources]\na = { index = 'Corp' }\n")
    url = "https://c.org/simple/"
    found = run(lock, text, {(url, "a"): None}, guess=frozenset({url}))
    assert '{ url = "https://c.org/simple/a-1.0%2Bcu118-py3-none-any.whl", hash =' in found.text
    assert '{ name = "a", index = "https://c.org/simple/" }' in found.text
    assert "not checked" in found.notes[0].message


@pytest.mark.parametrize(
    ("wheel", "python", "marker", "kept"),
    [
        ("py3-none-any", "", "", True),
        ("py2-none-any", "", "", False),
        ("py2.py3-none-any", "", "", True),
        ("cp310-cp310-win32", "", "", False),
        ("cp311-cp311-win32", "", "", True),
        ("cp314-cp314-win32", "", "", False),
        ("cp313-cp313t-win32", "", "", True),
        ("cp38-abi3-win32", "", "", True),
        ("cp311-none-win32", "", "", True),
        ("cp39-none-win32", "", "", False),
        ("pp310-pypy310_pp73-win_amd64", "", "", False),
        ("pp311-pypy311_pp73-win_amd64", "", "", True),
        ("graalpy311-graalpy242_311_native-win_amd64", "", "", True),
        ("graalpy310-graalpy242_310_native-win_amd64", "", "", False),
        ("cp313-cp313-win32", ">=3.12", "", True),
        ("cp313-cp313-win32", "==3.12.*", "", False),
        ("cp311-cp311-win32", ">=3.11.4,<3.14.2", "", True),
        ("cp314-cp314-win32", ">=3.11.4,<3.14.2", "", True),
        ("cp311-cp311-win_amd64", "", WINDOWS, True),
        ("cp311-cp311-win_amd64", "", 'sys_platform == "linux"', False),
        ("cp311-cp311-win_amd64", "", 'platform_system != "Windows"', False),
        ("cp311-cp311-macosx_11_0_arm64", "", WINDOWS, False),
        ("cp311-cp311-macosx_11_0_universal2", "", 'sys_platform == "darwin"', True),
        ("cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", "", WINDOWS, False),
        ("cp311-cp311-manylinux2014_aarch64", "", 'platform_machine == "x86_64"', False),
        ("cp311-cp311-manylinux2014_aarch64", "", 'platform_machine == "aarch64"', True),
        ("py3-none-any", "", WINDOWS, True),
    ],
)
def test_wheels_that_nobody_can_install_are_left_out(
    wheel: str, python: str, marker: str, kept: bool
) -> None:
    name = f"a-1.0-{wheel}.whl"
    text = pyproject(f"a ; {marker}" if marker else "a", python=python or ">=3.11,<3.14")
    found = run(with_files(name), text, {(PYPI, "a"): (offered(name),)})
    assert (name in found.text) == kept
    assert found.notes == ()


def test_the_moment_of_the_upload() -> None:
    for given, written in (
        ("2024-01-02T03:04:05.120000Z", "2024-01-02T03:04:05.12Z"),
        ("2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05.123Z"),
        ("2024-01-02T03:04:05.000000Z", "2024-01-02T03:04:05Z"),
        ("yesterday", ""),
    ):
        page = (offered("a-1.0.tar.gz", upload_time=given),)
        found = run(with_files("a-1.0.tar.gz"), pyproject("a"), {(PYPI, "a"): page})
        assert (f'upload-time = "{written}"' in found.text) == bool(written)


def test_git() -> None:
    source = {
        "type": "git",
        "url": "https://g.org/a.git",
        "reference": "v1",
        "resolved_reference": "0123abc",
        "subdirectory": "sub/dir",
    }
    lock = poetry_lock(flat("a", source=source))
    direct = run(lock, pyproject("a @ git+https://g.org/a.git@v1#subdirectory=sub/dir"))
    url = "https://g.org/a.git?subdirectory=sub%2Fdir&rev=v1"
    assert f'source = {{ git = "{url}#0123abc" }}' in direct.text
    assert f'{{ name = "a", git = "{url}" }}' in direct.text
    git = 'a = { git = "https://g.org/a.git", tag = "v1", subdirectory = "sub/dir" }'
    named = run(lock, pyproject("a", rest=f"[tool.uv.sources]\n{git}\n"))
    assert 'git = "https://g.org/a.git?subdirectory=sub%2Fdir&tag=v1#0123abc"' in named.text
    nobody = run(poetry_lock(flat("b", requires={"a": "*"}), flat("a", source=source)),
                 pyproject("b"))  # fmt: skip
    assert f'source = {{ git = "{url}#0123abc" }}' in nobody.text


def test_git_without_a_reference() -> None:
    source = {"type": "git", "url": "ssh://git@g.org/a", "reference": "HEAD",
              "resolved_reference": "0123abc"}  # fmt: skip
    rest = '[tool.uv.sources]\na = { git = "ssh://git@g.org/a" }\n'
    found = run(poetry_lock(flat("a", source=source)), pyproject("a", rest=rest))
    assert 'source = { git = "ssh://git@g.org/a#0123abc" }' in found.text


def test_an_archive_at_an_address() -> None:
    url = "https://x.org/a-1.0-py3-none-any.whl"
    files = [{"file": "a-1.0-py3-none-any.whl", "hash": "sha256:abc"}]
    lock = poetry_lock(
        flat("a", source={"type": "url", "url": url}, files=files, requires={"b": "^1"}), flat("b")
    )
    part = entry(run(lock, pyproject(f"a @ {url}")), "a")
    assert f'source = {{ url = "{url}" }}' in part
    assert f'{{ url = "{url}", hash = "sha256:abc" }}' in part
    assert 'requires-dist = [{ name = "b", specifier = ">=1,<2" }]' in part
    bare = poetry_lock(flat("a", source={"type": "url", "url": url}))
    assert "no hash" in run(bare, pyproject(f"a @ {url}")).notes[0].message


def test_a_project_at_a_path() -> None:
    source = {"type": "directory", "url": "../lib"}
    lock = poetry_lock(flat("lib", "0.1", source=source, requires={"b": "*"}), flat("b"), flat("c"))
    rest = '[tool.uv.sources]\nlib = { path = "../lib", editable = true }\n'
    other = (
        '[project]\nname = "lib"\nversion = "0.2"\ndependencies = ["c>=1"]\n'
        '[dependency-groups]\ndev = ["x"]\n'
    )
    found = run(lock, pyproject("lib", rest=rest), others={"../lib": other})
    part = entry(found, "lib")
    assert 'version = "0.2"' in part
    assert 'source = { editable = "../lib" }' in part
    assert edges(part) == ['{ name = "c" }']
    assert 'requires-dist = [{ name = "c", specifier = ">=1" }]' in part
    assert '{ name = "lib", editable = "../lib" }' in found.text


def test_a_virtual_project_and_one_with_a_moving_version() -> None:
    lock = poetry_lock(flat("a"))
    virtual = run(lock, pyproject("a", rest="[tool.uv]\npackage = false\n"))
    assert 'source = { virtual = "." }' in virtual.text
    text = pyproject("a").replace('version = "1"', 'dynamic = ["version"]')
    part = entry(run(lock, text), "own")
    assert part.startswith('name = "own"\nsource = ')
    bare = pyproject("a").partition("[build-system]")[0]
    assert 'source = { virtual = "." }' in run(lock, bare).text


def test_a_source_that_holds_for_some_environments() -> None:
    sources = "[tool.uv.sources]\na = { index = 'Corp', marker = \"sys_platform == 'win32'\" }\n"
    lock = poetry_lock(
        flat("a", "1.0", markers='sys_platform != "win32"'),
        flat("a", "1.0+corp", markers=WINDOWS, **FROM_CORP),
    )
    part = entry(run(lock, pyproject("a>=1", rest=INDEX + sources)), "own")
    assert edges(part) == [
        '{ name = "a", version = "1.0", source = { registry = "https://pypi.org/simple" }, '
        "marker = \"sys_platform != 'win32'\" }",
        '{ name = "a", version = "1.0+corp", source = { registry = "https://c.org/simple/" }, '
        "marker = \"sys_platform == 'win32'\" }",
    ]
    assert edges(part, "requires-dist") == [
        '{ name = "a", marker = "sys_platform != \'win32\'", specifier = ">=1" }',
        '{ name = "a", marker = "sys_platform == \'win32\'", specifier = ">=1", '
        'index = "https://c.org/simple/" }',
    ]


def test_what_is_looked_up_on_indexes() -> None:
    git = {"type": "git", "url": "https://g.org/a", "reference": "x", "resolved_reference": "1"}
    files = [{"file": "a-1.tar.gz", "hash": "sha256:1"}]
    more = [{"file": "a-2.tar.gz", "hash": "sha256:2"}]
    lock = poetry_lock(
        flat("a", "1", files=files),
        flat("a", "2", files=more),
        flat("b", source=git),
        flat("c", **FROM_CORP),
    )
    document = tomllib.loads(pyproject("a", rest=INDEX))
    prepared = prepare(lock, document, indexes(document, {"NETRC": "/none"}), lambda _: None)
    found = {(w.index.url, w.project): w.names for w in wanted(prepared)}
    assert found == {
        (PYPI, "a"): {"a-1.tar.gz", "a-2.tar.gz", "sha256:1", "sha256:2"},
        ("https://c.org/simple/", "c"): frozenset(),
    }
