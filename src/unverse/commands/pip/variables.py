"""Variables that set pip's options, and uv's for the same.

https://pip.pypa.io/en/stable/topics/configuration/#environment-variables,
https://docs.astral.sh/uv/reference/environment/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from unverse.commands.assignments import rename
from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Untranslatable

_RENAMED: Mapping[str, str] = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CONSTRAINT": "UV_CONSTRAINT",
    "PIP_CACHE_DIR": "UV_CACHE_DIR",
    "PIP_CERT": "SSL_CERT_FILE",
    "PIP_NO_CACHE_DIR": "UV_NO_CACHE",
    "PIP_DEFAULT_TIMEOUT": "UV_HTTP_TIMEOUT",
    "PIP_TIMEOUT": "UV_HTTP_TIMEOUT",
    "PIP_RETRIES": "UV_HTTP_RETRIES",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "PIP_BREAK_SYSTEM_PACKAGES": "UV_BREAK_SYSTEM_PACKAGES",
    "PIP_REQUIRE_HASHES": "UV_REQUIRE_HASHES",
}
# Of no meaning to uv.
_GONE = re.compile(
    r"PIP_(?:DISABLE_PIP_VERSION_CHECK|ROOT_USER_ACTION|NO_INPUT|NO_WARN_\w+|PROGRESS_BAR"
    r"|REQUIRE_VIRTUALENV|NO_PYTHON_VERSION_WARNING|NO_COLOR|NO_COMPILE|DEFAULT_TIMEOUT|TIMEOUT"
    r"|RETRIES|CACHE_DIR|VERSION)"
)
# What a variable around the command says, said on the command line.
_SAID = {
    "PIP_NO_CACHE_DIR": "--no-cache",
    "PIP_BREAK_SYSTEM_PACKAGES": "--break-system-packages",
}
_FALSE = frozenset({"", "0", "false", "off", "no"})


def variable(name: str, value: str) -> str | None:
    """Return uv's assignment for one of pip's; empty if it goes, None if there is none."""
    if name in _RENAMED:
        return f"{_RENAMED[name]}={value}"
    return "" if _GONE.fullmatch(name) else None


def settings(found: Invocation, context: Context) -> tuple[str, ...] | Untranslatable:
    """Return options for what variables around the command set; rename its own ones."""
    problem = rename(found, "PIP_", variable)
    if problem:
        return problem
    words: list[str] = []
    for name, value in context.environment.items():
        if not name.startswith("PIP_") or _GONE.fullmatch(name):
            continue
        if name not in _SAID:
            return Untranslatable(_around(name))
        option, off = _SAID[name], value.strip("\"'").lower() in _FALSE
        given = found.has("--no-cache-dir" if option == "--no-cache" else option)
        if not off and not given and found.row.form == ("install",):
            words.append(option)
    return tuple(words)


def _around(name: str) -> str:
    if name == "PIP_CONFIG_FILE":
        return "pip is told by a file where to look, which uv does not read: set UV_DEFAULT_INDEX"
    new = _RENAMED.get(name, "")
    told = f"uv reads `{new}`" if new else "uv has no such variable"
    return f"`{name}` is set for pip: {told}"
