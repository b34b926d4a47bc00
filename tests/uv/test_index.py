from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_server import Response, Server, file_entry, serve

from unverse.errors import IndexUnavailableError
from unverse.standards.pypi import SIMPLE as PYPI
from unverse.uv.index import Index, Wanted, cache_directory, fetch_pages, indexes
from unverse.uv.pages import IndexFile, read_page

ONE = "foo-1.0-py3-none-any.whl"
TWO = "foo-2.0-py3-none-any.whl"
HTML = "text/html"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unverse.uv.http._PAUSE", 0.001)


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"UNVERSE_CACHE_DIR": str(tmp_path / "cache"), "NETRC": str(tmp_path / "none")}


def ask(server: Server, *names: str, project: str = "foo", index: str = "") -> Wanted:
    return Wanted(Index(f"{server.url}/simple", index), project, frozenset(names))


def found(server: Server, environ: dict[str, str], *wanted: Wanted) -> list[str]:
    pages = fetch_pages(wanted, environ)
    return [file.filename for files in pages.values() for file in files or ()]


def test_only_the_files_that_were_asked_for(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "../../files/one"), file_entry(TWO, "https://x.org/two"))
    pages = fetch_pages([ask(server, ONE)], environ)
    (file,) = pages[f"{server.url}/simple", "foo"] or ()
    assert file.filename == ONE
    assert file.url == f"{server.url}/files/one"
    assert (file.size, file.upload_time) == (1234, "2024-05-06T07:08:09.120000Z")
    assert file.hash.startswith("sha256:")


def test_a_yanked_file_that_was_locked_stays(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/one") | {"yanked": "broken metadata"})
    assert found(server, environ, ask(server, ONE)) == [ONE]


def test_a_file_is_found_by_its_hash_too(server: Server, environ: dict[str, str]) -> None:
    entry = file_entry("Foo-1.0.tar.gz", "https://x.org/f")
    server.page("foo", entry)
    assert found(server, environ, ask(server, f"sha256:{entry['hashes']['sha256']}"))


def test_many_pages_over_few_connections(server: Server, environ: dict[str, str]) -> None:
    names = [f"p{number}" for number in range(40)]
    for name in names:
        server.page(name, file_entry(f"{name}-1.tar.gz", f"https://x.org/{name}"))
    wanted = [ask(server, f"{name}-1.tar.gz", project=name) for name in names]
    assert len(found(server, environ, *wanted)) == 40


def test_html_page(server: Server, environ: dict[str, str]) -> None:
    page = (
        '<!DOCTYPE html><html><head><base href="/files/"></head><body>'
        f'<a href="{ONE}#sha256=abc" data-requires-python="&gt;=3.8">{ONE}</a>'
        f'<a href="https://x.org/{TWO.replace("-", "%2D")}">{TWO}</a></body></html>'
    )
    server.answers["/simple/foo/"] = Response(page.encode(), HTML)
    files = fetch_pages([ask(server, ONE, TWO)], environ)[f"{server.url}/simple", "foo"]
    assert files == (
        IndexFile(ONE, f"{server.url}/files/{ONE}", "sha256:abc"),
        IndexFile(TWO, f"https://x.org/{TWO.replace('-', '%2D')}", ""),
    )


def test_a_second_run_asks_nothing(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/f"), file_entry(TWO, "https://x.org/g"))
    for _ in range(2):
        assert found(server, environ, ask(server, ONE)) == [ONE]
    assert server.times("/simple/foo/") == 1
    assert found(server, environ, ask(server, TWO)) == [TWO], "another version was not stored"
    assert found(server, environ, ask(server, ONE)) == [ONE], "the first one still is"
    assert server.times("/simple/foo/") == 2


def test_an_old_page_is_asked_for_by_its_etag(server: Server, environ: dict[str, str]) -> None:
    headers = {"etag": '"v1"', "cache-control": "max-age=0, public"}
    server.page("foo", file_entry(ONE, "https://x.org/f"), **headers)
    for _ in range(3):
        assert found(server, environ, ask(server, ONE)) == [ONE]
    assert [h.get("if-none-match") for _, h in server.seen] == [None, '"v1"', '"v1"']


def test_offline_an_old_page_is_good_enough(server: Server, environ: dict[str, str]) -> None:
    headers = {"cache-control": "max-age=0, public"}
    server.page("foo", file_entry(ONE, "https://x.org/f"), **headers)
    assert found(server, environ, ask(server, ONE)) == [ONE]
    offline = {**environ, "UV_OFFLINE": "1"}
    assert found(server, offline, ask(server, ONE)) == [ONE]
    with pytest.raises(IndexUnavailableError, match="is not asked: `UV_OFFLINE` says so"):
        found(server, offline, ask(server, TWO))
    assert server.times("/simple/foo/") == 1


def test_no_store_is_obeyed(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/f"), **{"cache-control": "no-store"})
    for _ in range(2):
        assert found(server, environ, ask(server, ONE)) == [ONE]
    assert server.times("/simple/foo/") == 2


@pytest.mark.parametrize("content", ["", "{", '{"format": 1}', '{"format": 99}', "[]", "\0"])
def test_a_broken_cache_is_passed_over(
    server: Server, environ: dict[str, str], content: str
) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/f"))
    found(server, environ, ask(server, ONE))
    (record,) = Path(environ["UNVERSE_CACHE_DIR"]).rglob("*.json")
    record.write_text(content)
    assert found(server, environ, ask(server, ONE)) == [ONE]
    assert json.loads(record.read_text())["asked"] == [ONE]


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(
    server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file, not a directory")
    server.page("foo", file_entry(ONE, "https://x.org/f"))
    assert found(server, environ, ask(server, ONE)) == [ONE]


def test_gzip_and_redirects(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/f"), **{"x-gzip-it": "1"})
    server.answers["/old/foo/"] = Response(b"", status=301, headers={"location": "/simple/foo/"})
    wanted = Wanted(Index(f"{server.url}/old"), "foo", frozenset({ONE}))
    assert found(server, environ, wanted) == [ONE]


def test_an_endless_redirect(server: Server, environ: dict[str, str]) -> None:
    server.answers["/simple/foo/"] = Response(b"", status=302, headers={"location": "/simple/foo/"})
    with pytest.raises(IndexUnavailableError, match="redirects too often"):
        found(server, environ, ask(server, ONE))


def test_a_project_that_the_index_does_not_have(server: Server, environ: dict[str, str]) -> None:
    assert fetch_pages([ask(server, ONE)], environ) == {(f"{server.url}/simple", "foo"): None}


def test_a_passing_failure_is_tried_again(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/f"))
    good = server.answers["/simple/foo/"]
    assert isinstance(good, Response)
    server.answers["/simple/foo/"] = [Response(b"", status=503), good]
    assert found(server, environ, ask(server, ONE)) == [ONE]


@pytest.mark.parametrize(
    ("status", "name", "told", "hint"),
    [
        (401, "my-index", "refuses access (HTTP 401)", "UV_INDEX_MY_INDEX_USERNAME"),
        (403, "", "refuses access (HTTP 403)", "netrc"),
        (500, "", "failed (HTTP 500)", "later"),
        (418, "", "failed (HTTP 418)", "later"),
    ],
)
def test_an_index_that_refuses(
    server: Server, environ: dict[str, str], status: int, name: str, told: str, hint: str
) -> None:
    server.answers["/simple/foo/"] = Response(b"", status=status)
    with pytest.raises(IndexUnavailableError) as error:
        found(server, environ, ask(server, ONE, index=name))
    assert told in error.value.message
    assert f"{server.url}/simple/foo/" in error.value.message
    assert hint in error.value.hint


def test_a_refusal_is_told_even_where_an_index_may_be_missing(
    server: Server, environ: dict[str, str]
) -> None:
    server.answers["/simple/foo/"] = Response(b"", status=401)
    with pytest.raises(IndexUnavailableError, match="refuses access"):
        fetch_pages([ask(server, ONE)], environ, frozenset({f"{server.url}/simple"}))


def test_an_index_that_is_not_there(environ: dict[str, str]) -> None:
    wanted = Wanted(Index("http://127.0.0.1:9/simple"), "foo", frozenset({ONE}))
    with pytest.raises(IndexUnavailableError, match=r"127\.0\.0\.1:9.* cannot be reached"):
        fetch_pages([wanted], environ)
    key = ("http://127.0.0.1:9/simple", "foo")
    assert fetch_pages([wanted], environ, frozenset({key[0]})) == {key: None}


@pytest.mark.parametrize(
    "body", [b"", b"hello", b'{"files": 3}', b'{"files": [{}]}', b'{"files": [']
)
def test_a_page_that_is_none(server: Server, environ: dict[str, str], body: bytes) -> None:
    server.answers["/simple/foo/"] = Response(body)
    with pytest.raises(IndexUnavailableError, match="is no page of a package index"):
        found(server, environ, ask(server, ONE))


def test_credentials_are_sent_and_never_told(server: Server, environ: dict[str, str]) -> None:
    server.page("foo", file_entry(ONE, "https://x.org/f"))
    url = f"{server.url}/simple".replace("//", "//ada:s%40cret@")
    (index, _) = indexes({"tool": {"uv": {"index": [{"name": "own", "url": url}]}}}, environ)
    assert index.url == f"{server.url}/simple"
    fetch_pages([Wanted(index, "foo", frozenset({ONE}))], environ)
    assert server.seen[-1][1]["authorization"] == "Basic YWRhOnNAY3JldA=="
    server.answers["/simple/foo/"] = Response(b"", status=401)
    with pytest.raises(IndexUnavailableError) as error:
        fetch_pages([Wanted(index, "foo", frozenset({TWO}))], environ)
    assert "cret" not in str(error.value)


@pytest.mark.parametrize("tool", ["UV_INDEX_MY_OWN", "POETRY_HTTP_BASIC_MY_OWN"])
def test_credentials_from_the_environment(environ: dict[str, str], tool: str) -> None:
    document = {"tool": {"uv": {"index": [{"name": "my-own", "url": "https://x.org/simple"}]}}}
    names = {f"{tool}_USERNAME": "ada", f"{tool}_PASSWORD": "pw"}
    assert indexes(document, environ | names)[0].credentials == "ada:pw"


def test_credentials_from_netrc(environ: dict[str, str], tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine x.org login ada password pw\n")
    netrc.chmod(0o600)
    document = {"tool": {"uv": {"index": [{"url": "https://x.org/simple", "default": True}]}}}
    assert indexes(document, environ | {"NETRC": str(netrc)})[0].credentials == "ada:pw"


def test_the_default_index_comes_last(environ: dict[str, str]) -> None:
    tables = [
        {"name": "main", "url": "https://a.org/simple/", "default": True},
        {"name": "more", "url": "https://b.org/simple"},
    ]
    document = {"tool": {"uv": {"index": tables}}}
    urls = [index.url for index in indexes(document, environ)]
    assert urls == ["https://b.org/simple", "https://a.org/simple/"], "to the letter"
    assert [index.url for index in indexes({}, environ)] == [PYPI]
    told = environ | {"UV_DEFAULT_INDEX": "mirror=https://m.org/simple"}
    assert indexes({}, told) == (Index("https://m.org/simple", "mirror"),)


def test_the_place_of_the_cache(tmp_path: Path) -> None:
    assert cache_directory({"UNVERSE_CACHE_DIR": "/x"}) == Path("/x")
    assert cache_directory({"XDG_CACHE_HOME": "/c"}) == Path("/c/unverse")
    assert cache_directory({}).name == "unverse"
    del tmp_path


def test_a_page_of_twenty_thousand_files_is_read_quickly() -> None:
    files = [file_entry(f"foo-{n}-py3-none-any.whl", "https://x.org/f") for n in range(20_000)]
    body = json.dumps({"name": "foo", "files": files}).encode()
    start = time.perf_counter()
    assert len(read_page(body, "json", "https://x.org/simple/foo/", frozenset({ONE}))) == 0
    assert time.perf_counter() - start < 2
