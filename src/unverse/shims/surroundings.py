"""Variables and files that tell a tool what to do, in uv's variables.

https://pip.pypa.io/en/stable/topics/configuration/, https://docs.astral.sh/uv/reference/environment/
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

PIPS = frozenset({"pip", "pip-compile", "pip-sync"})
_OFF = frozenset({"", "0", "false", "off", "no", "n", "f"})
# They call pip, or look for it, and so heed where pip is told to fetch from.
_FETCHING = frozenset({"pipx", "virtualenv"})
_WHENCE = frozenset(
    {
        *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_STRATEGY", "UV_FIND_LINKS"),
        *("SSL_CERT_FILE", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES"),
    }
)
_PREFIXES = {"twine": "TWINE_", "pipx": "PIPX_"}


class Surroundings(NamedTuple):
    """What surrounds a command.

    Attributes:
        given: uv's variables for those of the tool.
        left: what is set besides, without the tool's own variables that `given` stands for.
        refused: why nothing can be run; empty if it can.
    """

    given: dict[str, str]
    left: dict[str, str]
    refused: str = ""


def surroundings(tool: str, arguments: Sequence[str], environ: Mapping[str, str]) -> Surroundings:
    """Translate the variables, and pip's configuration files, for a launcher.

    Args:
        tool: that is called.
        arguments: among them a subcommand, which names a section of pip's files.
        environ: the variables that are set.
    """
    if tool == "poetry":
        return _of_poetry(environ)
    fetched = _fetched(environ) if tool in _FETCHING else {}
    prefix = "PIP_" if tool in PIPS else _PREFIXES.get(tool)
    if prefix is None:
        return Surroundings(fetched, dict(environ))
    from unverse.commands import everywhere

    told = dict(environ)
    if prefix == "PIP_":
        told = {**_configured(arguments if tool == "pip" else ["install"], environ), **environ}
    given = _several(everywhere.variables(tool, told), told)
    read = {"PIP_CONFIG_FILE", "PIP_EXTRA_INDEX_URL"}  # here
    left = {
        name: value
        for name, value in told.items()
        if not name.startswith(prefix)
        or (name not in read and everywhere.variable(tool, name, value) is None)
    }
    refused = "" if tool == "pipx" else _outside(told)
    return Surroundings(fetched | given, left, refused or _rest(tool, left))


def _fetched(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where pip is told to fetch from, in uv's variables."""
    from unverse.commands import everywhere

    told = {**_configured(["install"], environ), **environ}
    given = _several(everywhere.variables("pip", told), told)
    return {name: value for name, value in given.items() if name in _WHENCE}


def _several(given: dict[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """Say it as pip means it: all indexes count alike, and spaces separate addresses."""
    if extra := told.get("PIP_EXTRA_INDEX_URL", "").split():
        given |= {"UV_INDEX": " ".join(extra), "UV_INDEX_STRATEGY": "unsafe-best-match"}
    if "UV_FIND_LINKS" in given:
        given["UV_FIND_LINKS"] = ",".join(given["UV_FIND_LINKS"].split())
    if "UV_NO_CACHE" in given:
        given["UV_NO_CACHE"] = str(given["UV_NO_CACHE"].lower() not in _OFF).lower()
    return given


def _outside(told: Mapping[str, str]) -> str:
    required = told.get("PIP_REQUIRE_VIRTUALENV", "").lower() not in _OFF
    if required and not active_environment(told):
        return "pip is told to require a virtual environment, and none is active"
    return ""


def _rest(tool: str, left: Mapping[str, str]) -> str:
    """The tables of pip and pipx look at what is left themselves."""
    prefix = {"twine": "TWINE_", "pip-compile": "PIP_", "pip-sync": "PIP_"}.get(tool, "-")
    name = next((name for name in left if name.startswith(prefix)), "")
    return f"`{name}` is set for {tool}: uv has no such variable" if name else ""


def _of_poetry(environ: Mapping[str, str]) -> Surroundings:
    from unverse.commands.variables import variable

    given: dict[str, str] = {}
    for name, value in environ.items():
        found = variable(name, value)
        if found and found.name:
            given[found.name] = value
        elif found and found.name is None and name in _DECIDE and not _settled(environ):
            return Surroundings({}, dict(environ), f"`{name}` is set: {found.reason}")
    if active := active_environment(environ):
        # Poetry works in it; uv has to be told.
        given["UV_PROJECT_ENVIRONMENT"] = active
    return Surroundings(given, {n: v for n, v in environ.items() if not n.startswith("POETRY_")})


def active_environment(environ: Mapping[str, str]) -> str:
    """Return the folder of the virtual or conda environment that is active, empty if none is."""
    conda = "" if environ.get("CONDA_DEFAULT_ENV") == "base" else environ.get("CONDA_PREFIX", "")
    return environ.get("VIRTUAL_ENV", "") or conda


_DECIDE = frozenset(
    {"POETRY_VIRTUALENVS_CREATE", "POETRY_VIRTUALENVS_OPTIONS_SYSTEM_SITE_PACKAGES"}
)


def _settled(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("UV_PROJECT_ENVIRONMENT") or active_environment(environ))


def _configured(sections: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return pip's configuration files as the variables that would say the same."""
    found: dict[str, str] = {}
    for path in _files(environ):
        if os.path.isfile(path):
            found |= _settings(path, sections)
    return found


def _settings(path: str, sections: Sequence[str]) -> dict[str, str]:
    """Read one file; what is no `name = value` in a section is left for pip to understand."""
    found: dict[str, dict[str, str]] = {}
    inside, name = "", ""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.rstrip() for line in file if line.strip() and line.strip()[0] not in "#;"]
    for line in lines:
        key, sign, value = line.partition("=")
        if line[0] == "[" and line[-1] == "]":
            inside, name = line[1:-1], ""
        elif line[0].isspace() and name:
            found.setdefault(inside, {})[name] += f" {line.strip()}"
        elif sign and inside:
            name = f"PIP_{key.strip().replace('-', '_').upper()}"
            found.setdefault(inside, {})[name] = value.strip()
        else:
            return {"PIP_CONFIG": path}  # not understood: nothing is run
    told = [found[name] for name in ("global", *sections) if name in found]
    return {name: " ".join(value.split()) for one in told for name, value in one.items()}


def _files(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield pip's configuration files, the last one wins."""
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    home = environ.get("HOME") or os.path.expanduser("~")
    if sys.platform == "win32":
        yield os.path.join(environ.get("PROGRAMDATA", "C:\\ProgramData"), "pip", "pip.ini")
        yield os.path.join(home, "pip", "pip.ini")
        yield os.path.join(environ.get("APPDATA", home), "pip", "pip.ini")
    else:
        for folder in environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"):
            yield os.path.join(folder, "pip", "pip.conf")
        yield "/etc/pip.conf"
        yield os.path.join(home, ".pip", "pip.conf")
        support = os.path.join(home, "Library", "Application Support")
        own = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
        is_mac = sys.platform == "darwin" and os.path.isdir(os.path.join(support, "pip"))
        yield os.path.join(support if is_mac else own, "pip", "pip.conf")
    if environ.get("VIRTUAL_ENV"):
        name = "pip.ini" if sys.platform == "win32" else "pip.conf"
        yield os.path.join(environ["VIRTUAL_ENV"], name)
    if named:
        yield named
