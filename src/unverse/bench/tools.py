"""Poetry and uv as they are measured: installed once, then called directly."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from unverse.bench.side import folder_size
from unverse.errors import ToolError
from unverse.proof.sandbox import Finished, run
from unverse.uv.run import find_uv

_MIRROR = "poetry-plugin-pypi-mirror"
_EXPORT = "poetry-plugin-export"
_NEWEST = ">=2,<3"
# Poetry asks the index's own API, which mirrors lack; any release of any package tells.
_API = "https://pypi.org/pypi/poetry-core/2.0.0/json"
_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Poetry:
    """An installed Poetry.

    Attributes:
        program: path of the binary.
        exporting: path of one with the plugin that exports; empty if there is none.
        version: as it says itself.
        remarks: what else has to be known about it.
    """

    program: str
    exporting: str
    version: str
    remarks: tuple[str, ...] = ()


def find_python(project: Path, home: Path, variables: Mapping[str, str]) -> str:
    """Return the interpreter that uv takes for a project; both tools get it.

    Raises:
        ToolError: there is none on this machine.
    """
    words = [find_uv(), "python", "find", "--system"]
    found = run(words, project, environment=variables, home=home)
    if path := found.path():
        return path
    raise ToolError("uv finds no Python for the project", hint=found.last_words(3))


def uv_version(home: Path) -> str:
    """Return uv's version, such as `0.9.1`."""
    said = run([find_uv(), "--version"], home, home=home).output.split()
    return said[1] if len(said) > 1 else "of unknown version"


def install_poetry(place: Path, python: str, wanted: str, *, export: bool = True) -> Poetry:
    """Install Poetry below a scratch directory, with a cache of its own.

    Args:
        place: an existing directory that goes away later.
        python: the project's interpreter; Poetry gets another one if it does not run on it.
        wanted: the version that wrote the lock; empty if that is unknown.
        export: also install one that can export. Plugins cost time at every start, so the other
            measurements are made without it.

    Raises:
        ToolError: Poetry cannot be installed; with the reason.
    """
    plugins = () if _api_answers() else (_MIRROR,)
    remarks = [f"Poetry reads the index through `{name}`" for name in plugins]
    finished = Finished(1, "")
    for requirement in dict.fromkeys([*([f"=={wanted}"] if wanted else []), _NEWEST]):
        for interpreter in (python, ""):
            folder = place / "plain"
            finished = _install(folder, interpreter, requirement, plugins)
            if finished.done:
                break
        else:
            continue
        program = _binary(folder)
        version = _version(program, place)
        if wanted not in {"", version}:
            remarks.append(f"Poetry {wanted}, which wrote the lock, cannot be installed here")
        exporting = ""
        if export:
            more = (*plugins, _EXPORT)
            made = _install(place / "exporting", interpreter, f"=={version}", more)
            exporting = _binary(place / "exporting") if made.done else ""
        return Poetry(program, exporting, version, tuple(remarks))
    raise ToolError("Poetry cannot be installed to be measured", hint=finished.last_words(4))


def program_sizes(poetry: str) -> Mapping[str, int]:
    """Return how large the tools are, in bytes.

    Args:
        poetry: path of its program, as installed here.

    Returns:
        `poetry`: its environment; `uv` and `uvx`: their binaries, 0 for one that is not there.
    """
    uv = Path(find_uv())
    found = {"poetry": folder_size(Path(poetry).resolve().parents[1])}
    for name in ("uv", "uvx"):
        binary = uv.with_name(f"{name}{uv.suffix}")
        found[name] = binary.stat().st_size if binary.is_file() else 0
    return found


def _install(place: Path, python: str, requirement: str, plugins: Sequence[str]) -> Finished:
    place.mkdir(parents=True, exist_ok=True)
    words = [find_uv(), "tool", "install", "--quiet", "--force", "--compile-bytecode"]
    words += ["--python", python] if python else []
    words += [word for plugin in plugins for word in ("--with", plugin)]
    variables = _places(place)
    done = run([*words, f"poetry{requirement}"], place, environment=variables, home=place)
    return run([_binary(place), "--version"], place, home=place) if done.done else done


def _places(place: Path) -> Mapping[str, str]:
    return {
        "UV_CACHE_DIR": str(place.parent / "cache-of-tools"),
        "UV_TOOL_DIR": str(place / "tools"),
        "UV_TOOL_BIN_DIR": str(place / "bin"),
    }


def _binary(place: Path) -> str:
    return str(place / "bin" / ("poetry.exe" if os.name == "nt" else "poetry"))


def _version(program: str, home: Path) -> str:
    said = run([program, "--version"], home, home=home).output.strip()
    return said.splitlines()[-1].rpartition(" ")[2].rstrip(")")


@cache
def _api_answers() -> bool:
    from urllib.request import urlopen

    if os.environ.get("POETRY_PYPI_MIRROR_URL"):
        return False
    try:
        with urlopen(_API, timeout=_PATIENCE):
            return True
    except OSError:
        return False
