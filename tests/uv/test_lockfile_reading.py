from __future__ import annotations

import pytest
from locks import uv_entry, uv_lock

from unverse.errors import LockError
from unverse.uv.lockfile import UvEdge, UvFile, UvSource, read_uv_lock

LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11"
resolution-markers = ["sys_platform == 'win32'", "sys_platform != 'win32'"]
conflicts = [[{ package = "own", extra = "a" }, { package = "own", extra = "b" }]]

[manifest]
members = ["own", "lib"]

[manifest.dependency-groups]
dev = [{ name = "ruff", marker = "os_name == 'nt'" }]

[[package]]
name = "own"
version = "1"
source = { editable = "." }
dependencies = [
    { name = "torch", version = "2", source = { registry = "https://x/simple" }, extra = ["cu"] },
]

[package.optional-dependencies]
Fast_Math = [{ name = "torch" }]

[package.dev-dependencies]
Dev = [{ name = "ruff" }]

[[package]]
name = "lib"
source = { directory = "libs/lib", subdirectory = "sub" }

[[package]]
name = "ruff"
version = "1"
source = { git = "https://example.org/ruff?rev=main#0123" }

[[package]]
name = "torch"
version = "2"
source = { registry = "https://x/simple" }
resolution-markers = ["sys_platform == 'win32'"]
sdist = { url = "https://x/torch-2.tar.gz", hash = "sha256:1", size = 5 }
wheels = [
    { path = "torch-2-py3-none-any.whl", hash = "sha256:2" },
    { filename = "torch-2-cp313.whl" },
]
"""


def test_everything_that_says_what_is_installed_is_read() -> None:
    lock = read_uv_lock(LOCK)
    own, lib, ruff, torch = lock.packages
    assert (lock.revision, lock.requires_python) == (3, ">=3.11")
    assert lock.conflicts[0][1] == {"package": "own", "extra": "b"}
    assert lock.groups == {"dev": (UvEdge("ruff", marker="os_name == 'nt'"),)}
    source = UvSource("registry", "https://x/simple")
    assert own.dependencies == (UvEdge("torch", "2", source, ("cu",)),)
    assert own.optional == {"fast-math": (UvEdge("torch"),)}
    assert own.groups == {"dev": (UvEdge("ruff"),)}
    assert (lib.version, lib.source) == ("", UvSource("directory", "libs/lib", "sub"))
    assert (ruff.source.commit, torch.source.commit) == ("0123", "")
    assert torch.files[0] == UvFile("https://x/torch-2.tar.gz", "sha256:1", 5)
    names = [file.filename for file in torch.files]
    assert names == ["torch-2.tar.gz", "torch-2-py3-none-any.whl", "torch-2-cp313.whl"]
    assert [file.wheel for file in torch.files] == [False, True, True]


def test_the_project_is_found_by_place_or_name() -> None:
    lock = read_uv_lock(LOCK)
    assert lock.root() is lock.packages[0]
    assert lock.root("Lib") is lock.packages[1]
    assert lock.root("torch") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version = ", "uv.lock:1: invalid TOML: invalid value"),
        ("version = 2\n", "unknown version `2` of uv.lock"),
        ("version = 1\n", "`requires-python`"),
        ('version = 1\nrequires-python = ""\n[[package]]\nname = "a"\n', "`source`"),
        ('version = 1\nrequires-python = ""\npackage = "a"\n', "an entry lacks or misuses"),
        (
            'version = 1\nrequires-python = ""\n[[package]]\nname = "a"\nsource = {}\n',
            "lacks or misuses",
        ),
    ],
)
def test_what_cannot_be_read_is_told(text: str, message: str) -> None:
    with pytest.raises(LockError) as caught:
        read_uv_lock(text)
    assert message in str(caught.value)


def test_the_helpers_of_these_tests_write_locks() -> None:
    assert [package.name for package in uv_lock("", uv_entry("a")).packages] == ["own", "a"]
