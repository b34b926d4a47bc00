"""Variables that set pip's options, and uv's for the same.

https://pip.pypa.io/en/stable/topics/configuration/#environment-variables,
https://docs.astral.sh/uv/reference/environment/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_RENAMED: Mapping[str, str] = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CONSTRAINT": "UV_CONSTRAINT",
    "PIP_CACHE_DIR": "UV_CACHE_DIR",
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
    r"|REQUIRE_VIRTUALENV|NO_PYTHON_VERSION_WARNING|NO_COLOR|NO_COMPILE)"
)


def variable(name: str, value: str) -> str | None:
    """Return uv's assignment for one of pip's; empty if it goes, None if there is none."""
    if _GONE.fullmatch(name):
        return ""
    return f"{_RENAMED[name]}={value}" if name in _RENAMED else None
