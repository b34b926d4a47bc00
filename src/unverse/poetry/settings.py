"""poetry.toml: which settings move to `[tool.uv]`, and what to say about the others.

Poetry's names: https://python-poetry.org/docs/configuration/; uv's:
https://docs.astral.sh/uv/reference/settings/ and …/environment/ (names checked with uv 0.13).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from unverse.poetry.lines import line_of
from unverse.poetry.model import Address
from unverse.poetry.reader import load
from unverse.standards.names import canonical


class Message(NamedTuple):
    """What became of a setting.

    Attributes:
        key: dotted, as in poetry.toml (`virtualenvs.in-project`).
        line: from 1; 0 if unknown.
        settled: nothing is left to do for a person.
    """

    key: str
    line: int
    text: str
    settled: bool


class Settings(NamedTuple):
    """A translated poetry.toml.

    Attributes:
        uv: keys of `[tool.uv]` and their values.
        publish: names of repositories and the addresses to which packages are uploaded, for
            `publish-url` of the `[[tool.uv.index]]` with that name.
        messages: one for every setting of the file, in its order.
        virtualenvs: the table of that name.
    """

    uv: Mapping[str, Any]
    publish: tuple[tuple[str, str], ...]
    messages: tuple[Message, ...]
    virtualenvs: Mapping[str, Any]


_PROJECT_ENVIRONMENT = "set `UV_PROJECT_ENVIRONMENT`"
# (setting, value or None for any) -> (what to say, nothing left to do)
_FIXED: Mapping[tuple[str, object], tuple[str, bool]] = {
    ("virtualenvs.in-project", True): ("uv always uses `.venv` in the project", True),
    ("virtualenvs.in-project", False): (
        f"uv keeps the environment in `.venv`; {_PROJECT_ENVIRONMENT} to have it elsewhere",
        False,
    ),
    ("virtualenvs.create", True): ("uv always uses an environment", True),
    ("virtualenvs.create", False): (
        f"uv installs into an environment of its own: {_PROJECT_ENVIRONMENT} to the prefix of the "
        "Python to install into, and give `uv sync` the option `--inexact`",
        False,
    ),
    ("virtualenvs.path", ".venv"): ("uv always uses `.venv` in the project", True),
    ("virtualenvs.path", None): (f"{_PROJECT_ENVIRONMENT} to have the environment there", False),
    ("virtualenvs.prompt", None): ("uv names the prompt after the project", True),
    ("virtualenvs.prefer-active-python", None): (
        "uv takes the Python of `.python-version`, then one that `requires-python` allows; "
        "`uv python pin` writes the former",
        True,
    ),
    ("virtualenvs.use-poetry-python", None): ("uv brings no Python of its own to choose", True),
    ("virtualenvs.options.system-site-packages", True): (
        "create the environment with `uv venv --system-site-packages` before `uv sync`",
        False,
    ),
    ("virtualenvs.options.system-site-packages", False): ("this is uv's default", True),
    ("virtualenvs.options.no-pip", True): ("uv installs no pip", True),
    ("virtualenvs.options.no-pip", False): (
        "uv installs no pip into the environment: use `uv pip`, or add pip to a group",
        False,
    ),
    ("virtualenvs.options.no-setuptools", True): ("uv installs no setuptools", True),
    ("virtualenvs.options.no-setuptools", False): (
        "uv installs no setuptools into the environment: add it to a group if it is needed",
        False,
    ),
    ("virtualenvs.options.always-copy", None): ("uv has no option to copy the interpreter", True),
    ("installer.parallel", None): ("uv always installs in parallel", True),
    ("installer.re-resolve", None): ("uv never resolves while it installs", True),
    ("installer.modern-installation", None): ("this concerns Poetry alone", True),
    ("installer.builtin-uninstall", None): ("this concerns Poetry alone", True),
    ("solver.lazy-wheel", None): ("uv reads the metadata of wheels lazily by itself", True),
    ("solver.min-release-age", None): (
        "uv has `exclude-newer`, which also goes into uv.lock: decide whether to set it",
        False,
    ),
    ("system-git-client", None): ("uv always uses the git on the path", True),
    ("keyring.enabled", False): ("this is uv's default", True),
    ("keyring.enabled", True): ("now `keyring-provider` in `[tool.uv]`", True),
    ("requests.max-retries", None): ("set `UV_HTTP_RETRIES`", False),
    ("data-dir", None): ("set `UV_PYTHON_INSTALL_DIR` for the Pythons that uv installs", False),
    ("python.installation-dir", None): ("set `UV_PYTHON_INSTALL_DIR`", False),
}
_OPEN_TABLES = ("repositories", "http-basic", "pypi-token", "certificates", "experimental")


def read_settings(text: str, path: str = "poetry.toml") -> Settings:
    """Translate a poetry.toml. Values of credentials are read, and never repeated.

    Raises:
        ConfigurationError: it is no TOML.
    """
    translation = _Translation(text)
    document = load(path, text)
    for keys, value in _leaves(document):
        translation.add(keys, value)
    table = document.get("virtualenvs", {})
    return Settings(
        translation.uv,
        tuple(translation.publish),
        tuple(translation.messages),
        table if isinstance(table, dict) else {},
    )


def _leaves(
    table: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        keys = (*above, key)
        if isinstance(value, dict) and keys[:2] != ("installer", "build-config-settings"):
            yield from _leaves(value, keys)
        else:
            yield keys, value


class _Translation:
    def __init__(self, text: str) -> None:
        self.text = text
        self.uv: dict[str, Any] = {}
        self.publish: list[tuple[str, str]] = []
        self.messages: list[Message] = []

    def add(self, keys: tuple[str, ...], value: object) -> None:
        key = ".".join(keys)
        if keys[0] in _OPEN_TABLES:
            self._repository(keys, value)
        elif key in {"installer.no-binary", "installer.only-binary"}:
            self._binaries(keys, value)
        elif key == "installer.max-workers" and type(value) is int and value > 0:
            self._set(keys, "concurrent-downloads", value)
        elif key == "cache-dir" and isinstance(value, str) and not re.search(r"[~{]", value):
            self._set(keys, "cache-dir", value)
        elif key == "installer.build-config-settings" and isinstance(value, dict):
            packages = {canonical(name): options for name, options in value.items()}
            self._set(keys, "config-settings-package", packages)
        else:
            self._fixed(keys, value)

    def _fixed(self, keys: tuple[str, ...], value: object) -> None:
        key = ".".join(keys)
        known = value if isinstance(value, bool | str) else None
        found = _FIXED.get((key, known)) or _FIXED.get((key, None))
        if found is None:
            self._say(keys, "unverse does not know this setting or its value", settled=False)
            return
        if key == "keyring.enabled" and value is True:
            self.uv["keyring-provider"] = "subprocess"
        self._say(keys, found[0], settled=found[1])

    def _binaries(self, keys: tuple[str, ...], value: object) -> None:
        """Translate a policy: true, false, or names, as an array or joined with commas."""
        word = "binary" if keys[-1] == "no-binary" else "build"
        names = value.split(",") if isinstance(value, str) else value
        if isinstance(names, bool):
            names = [":all:"] if names else [":none:"]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._say(keys, "unverse cannot read this value", settled=False)
            return
        names = [name.strip() for name in names if name.strip()]
        if ":all:" in names or names == ["true"]:
            self._set(keys, f"no-{word}", True)
        elif not names or ":none:" in names or names == ["false"]:
            self._say(keys, "this is uv's default", settled=True)
        else:
            self._set(keys, f"no-{word}-package", [canonical(name) for name in names])

    def _repository(self, keys: tuple[str, ...], value: object) -> None:
        kind, name = keys[0], keys[1] if len(keys) > 1 else ""
        variable = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"
        if kind == "experimental":
            self._say(keys, "this concerns Poetry alone", settled=True)
        elif kind == "repositories" and keys[2:] == ("url",) and isinstance(value, str):
            self.publish.append((name, value))
            self._say(keys, f"`publish-url` of the index `{name}` in `[tool.uv]`", settled=True)
        elif kind == "http-basic":
            self._say(
                keys,
                f"set `{variable}_USERNAME` and `{variable}_PASSWORD`, and to publish "
                "`UV_PUBLISH_USERNAME` and `UV_PUBLISH_PASSWORD`; never put them into a file",
                settled=False,
            )
        elif kind == "pypi-token":
            self._say(keys, "set `UV_PUBLISH_TOKEN`; never put it into a file", settled=False)
        elif kind == "certificates" and keys[-1] == "cert":
            said = (
                "name the host in `allow-insecure-host`"
                if value is False
                else "set `SSL_CERT_FILE`"
            )
            self._say(keys, said, settled=False)
        elif kind == "certificates" and keys[-1] == "client-cert":
            self._say(keys, "set `SSL_CLIENT_CERT`", settled=False)
        else:
            self._say(keys, "unverse does not know this setting or its value", settled=False)

    def _set(self, keys: tuple[str, ...], setting: str, value: object) -> None:
        self.uv[setting] = value
        self._say(keys, f"now `{setting}` in `[tool.uv]`", settled=True)

    def _say(self, keys: tuple[str, ...], text: str, *, settled: bool) -> None:
        line = line_of(self.text, Address(keys[:-1], keys[-1]))
        self.messages.append(Message(".".join(keys), line, text, settled))
