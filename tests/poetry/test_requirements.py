from __future__ import annotations

import pytest

from unverse.errors import ConstraintError
from unverse.poetry.model import Git, Path, Url
from unverse.poetry.requirements import git_url, parse_location, parse_requirement


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ("a", (), "", "", "")),
        (
            "a-b.c [x, y] >= 1.0 , <2 ; os_name=='nt'",
            ("a-b.c", ("x", "y"), ">= 1.0 , <2", "", "os_name=='nt'"),
        ),
        ("a (>=1,<2)", ("a", (), ">=1,<2", "", "")),
        ("a[]", ("a", (), "", "", "")),
        ("a@https://x/a.whl", ("a", (), "", "https://x/a.whl", "")),
        ("a @ https://x/a.whl ; os_name=='nt'", ("a", (), "", "https://x/a.whl", "os_name=='nt'")),
        ("a>=1 # why", ("a", (), ">=1", "", "")),
    ],
)
def test_parts(text: str, parts: tuple[object, ...]) -> None:
    found = parse_requirement(text)
    assert (found.name, found.extras, found.specifier, found.url, found.marker) == parts


@pytest.mark.parametrize("text", ["", "!", "a b", "a[x", "a @", "-a", "a[!]"])
def test_unreadable(text: str) -> None:
    with pytest.raises(ConstraintError, match="requirement"):
        parse_requirement(text)


def test_locations() -> None:
    assert parse_location("git+https://h/x.git@v1#subdirectory=a") == Git(
        "https://h/x.git", rev="v1", subdirectory="a"
    )
    assert parse_location("git+ssh://git@h/x") == Git("ssh://git@h/x")
    assert parse_location("https://h/x.zip#egg=x&subdirectory=a") == Url("https://h/x.zip", "a")
    assert parse_location("file:///tmp/x") == Path("/tmp/x")
    assert parse_location("../x") == Path("../x")


def test_git_url() -> None:
    assert git_url("git@github.com:a/b.git") == "ssh://git@github.com/a/b.git"
    assert git_url("https://github.com/a/b") == "https://github.com/a/b"
