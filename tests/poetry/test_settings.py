from __future__ import annotations

import pytest

from unverse.errors import ConfigurationError
from unverse.poetry.settings import Settings, read_settings


def keys(settings: Settings) -> list[tuple[str, int, bool]]:
    return [(m.key, m.line, m.settled) for m in settings.messages]


def test_defaults_need_nothing() -> None:
    found = read_settings(
        "[virtualenvs]\nin-project = true\ncreate = true\nprefer-active-python = true\n"
        '[installer]\nparallel = true\nno-binary = ":none:"\n'
        "[experimental]\nnew-installer = false\n"
    )
    assert found.uv == {}
    assert keys(found) == [
        ("virtualenvs.in-project", 2, True),
        ("virtualenvs.create", 3, True),
        ("virtualenvs.prefer-active-python", 4, True),
        ("installer.parallel", 6, True),
        ("installer.no-binary", 7, True),
        ("experimental.new-installer", 9, True),
    ]


def test_what_moves() -> None:
    found = read_settings(
        'cache-dir = "/tmp/cache"\n'
        '[installer]\nmax-workers = 4\nno-binary = "Foo_Bar, baz"\nonly-binary = true\n'
        '[installer.build-config-settings.Foo]\na = "b"\n'
        "[keyring]\nenabled = true\n"
        '[repositories.inner]\nurl = "https://example.org/upload"\n'
    )
    assert found.uv == {
        "cache-dir": "/tmp/cache",
        "concurrent-downloads": 4,
        "no-binary-package": ["foo-bar", "baz"],
        "no-build": True,
        "config-settings-package": {"foo": {"a": "b"}},
        "keyring-provider": "subprocess",
    }
    assert found.publish == (("inner", "https://example.org/upload"),)
    assert all(message.settled for message in found.messages)


def test_credentials_become_names_of_variables() -> None:
    found = read_settings(
        '[http-basic."my.repo"]\nusername = "ada"\npassword = "s3cret"\n'
        '[pypi-token]\npypi = "pypi-t0ken"\n[certificates.inner]\ncert = "ca.pem"\n'
        'client-cert = "me.pem"\n'
    )
    said = " ".join(message.text for message in found.messages)
    for name in (
        "UV_INDEX_MY_REPO_USERNAME",
        "UV_PUBLISH_TOKEN",
        "SSL_CERT_FILE",
        "SSL_CLIENT_CERT",
    ):
        assert f"`{name}`" in said
    assert not any(secret in repr(found) for secret in ("ada", "s3cret", "t0ken"))
    assert found.uv == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[virtualenvs]\ncreate = false\n", "UV_PROJECT_ENVIRONMENT"),
        ("[virtualenvs]\nin-project = false\n", "UV_PROJECT_ENVIRONMENT"),
        ('[virtualenvs]\npath = "/opt/venvs"\n', "UV_PROJECT_ENVIRONMENT"),
        ("[virtualenvs.options]\nsystem-site-packages = true\n", "--system-site-packages"),
        ("[requests]\nmax-retries = 3\n", "UV_HTTP_RETRIES"),
        ("[solver]\nmin-release-age = 7\n", "exclude-newer"),
        ('cache-dir = "~/cache"\n', "does not know"),
        ('[installer]\nmax-workers = "4"\n', "does not know"),
        ("[installer]\nno-binary = 3\n", "cannot read"),
        ("virtualenvs = 3\n", "does not know"),
        ("[new]\nsetting = 1979-05-27\n", "does not know"),
    ],
)
def test_what_is_left_to_a_person(text: str, said: str) -> None:
    (message,) = read_settings(text).messages
    assert said in message.text
    assert not message.settled


def test_invalid_toml() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings("a = \n", "sub/poetry.toml")
    assert caught.value.where == "sub/poetry.toml:1"
