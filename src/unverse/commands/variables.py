"""Poetry's environment variables and what they are called by uv.

https://python-poetry.org/docs/configuration/#using-environment-variables,
https://docs.astral.sh/uv/reference/environment/
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Of no meaning any more, whatever their value.
_GONE = re.compile(
    r"POETRY_(VIRTUALENVS_(IN_PROJECT|PREFER_ACTIVE_PYTHON|USE_POETRY_PYTHON|PROMPT"
    r"|OPTIONS_ALWAYS_COPY|OPTIONS_NO_PIP|OPTIONS_NO_SETUPTOOLS)|NO_INTERACTION|NO_ANSI"
    r"|INSTALLER_\w+|HOME|CONFIG_DIR|DATA_DIR|KEYRING_ENABLED|WARNINGS_EXPORT|EXPERIMENTAL_\w+|SOLVER_LAZY_WHEEL"
    r"|REQUESTS_MAX_RETRIES|SYSTEM_GIT_CLIENT|PREVIEW|UNINSTALL|ACCEPT|VENV_IN_PROJECT)"
)
_RENAMED = {
    "POETRY_CACHE_DIR": "UV_CACHE_DIR",
    "POETRY_REQUESTS_TIMEOUT": "UV_HTTP_TIMEOUT",
    "POETRY_PYPI_TOKEN_PYPI": "UV_PUBLISH_TOKEN",
    "POETRY_HTTP_BASIC_PYPI_USERNAME": "UV_PUBLISH_USERNAME",
    "POETRY_HTTP_BASIC_PYPI_PASSWORD": "UV_PUBLISH_PASSWORD",
}
_TOKEN = re.compile(r"POETRY_PYPI_TOKEN_\w+")
_BASIC = re.compile(r"POETRY_HTTP_BASIC_(?P<name>\w+)_(?P<what>USERNAME|PASSWORD)")
_REASONS = {
    "POETRY_VERSION": "nothing reads it any more once Poetry is gone",
    "POETRY_VIRTUALENVS_PATH": "set UV_PROJECT_ENVIRONMENT, the folder of this one environment",
    "POETRY_VIRTUALENVS_CREATE": "set UV_PROJECT_ENVIRONMENT to the prefix of the Python",
    "POETRY_VIRTUALENVS_OPTIONS_SYSTEM_SITE_PACKAGES": "use `uv venv --system-site-packages`",
}


class Variable(NamedTuple):
    """What becomes of a variable: `name` is uv's, empty if it goes, None if a person decides."""

    name: str | None
    reason: str = ""


def variable(name: str, value: str = "", sources: frozenset[str] = frozenset()) -> Variable | None:
    """Translate a variable of Poetry; None if it is none.

    Args:
        name: as in `POETRY_CACHE_DIR`.
        value: as far as it is known.
        sources: upper-case names of the project's package sources, which are read, not published
            to.
    """
    if not name.startswith("POETRY_"):
        return None
    if name == "POETRY_VIRTUALENVS_CREATE" and value.strip("\"'").lower() in {"true", "1"}:
        return Variable("")
    if _GONE.fullmatch(name):
        return Variable("")
    basic = _BASIC.fullmatch(name)
    if basic and basic["name"] in sources:
        return Variable(f"UV_INDEX_{basic['name']}_{basic['what']}")
    if name in _RENAMED:
        return Variable(_RENAMED[name])
    if basic:
        return Variable(f"UV_PUBLISH_{basic['what']}")
    if _TOKEN.fullmatch(name):
        return Variable("UV_PUBLISH_TOKEN")
    return Variable(None, _REASONS.get(name, "uv knows no such setting"))


def assignment(text: str) -> str | None:
    """Translate `NAME=value`: the new text, empty if it goes, None if it stays as it is."""
    name, _, value = text.partition("=")
    found = variable(name, value)
    if found is None:
        return text
    if found.name is None:
        return "" if name == "POETRY_VIRTUALENVS_CREATE" else None
    return f"{found.name}={value}" if found.name else ""
