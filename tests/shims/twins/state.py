"""What a command line leaves behind: environments, projects, files, tools, uploads."""

from __future__ import annotations

import email
import json
import os
import re
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from twins.meaning import locked, meaning

# What each tool keeps for itself, and what uv adds: an ignored folder says so of itself.
_OWN = frozenset({"poetry.toml", "poetry.lock", "uv.lock", "pyproject.toml", "pylock.toml"})
# An environment begins with them or not, as its Python is old or new.
_SEEDS = frozenset({"setuptools", "wheel", "packaging"})
_HIDDEN = frozenset({"__pycache__", ".git"})
_REQUIREMENT = re.compile(
    r"^(?P<name>[\w.-]+(?:\[[\w,.-]+\])?)\s*(?:==|@)\s*(?P<version>[^\s;\\]+)"
)


def state(root: Path) -> dict[str, Any]:
    """Return what is in a project's folder, by aspect."""
    environments = {str(p.relative_to(root)): environment(p) for p in _environments(root)}
    found: dict[str, Any] = {"environment": environments, "files": _files(root)}
    if (root / "pyproject.toml").exists():
        found["lock"] = locked(root)
        found["pyproject"] = meaning(root)
    return found


def _environments(root: Path) -> Iterator[Path]:
    yield from sorted(config.parent for config in root.glob("*/pyvenv.cfg"))


def environment(folder: Path) -> dict[str, str]:
    """Return the distributions in an environment: name -> version, and whether editable."""
    return _distributions([str(p) for p in sorted(folder.glob("lib/python*/site-packages"))])


def _distributions(places: list[str]) -> dict[str, str]:
    found = {d.name: f"{d.version}{_editable(d)}" for d in distributions(path=places)}
    return {name: told for name, told in found.items() if name not in _SEEDS}


def _editable(distribution: Distribution) -> str:
    told = json.loads(distribution.read_text("direct_url.json") or "{}")
    return " editable" if told.get("dir_info", {}).get("editable") else ""


def _files(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder, names, files in os.walk(root):
        place = Path(folder)
        installed = [name for name in names if name.endswith(".dist-info")]
        if installed:
            found[place.relative_to(root).as_posix()] = _distributions([str(place)])
        hidden = {*_HIDDEN, *installed, *(n for n in names if _is_environment(place / n))}
        names[:] = [name for name in names if name not in hidden]
        for name in files:
            path = (place / name).relative_to(root)
            if path.name in {".gitignore", ".lock"} and path.parent != Path():
                continue  # uv's, in a folder that it writes into
            if path.parent.name == "bin":
                found[path.as_posix()] = "a program"  # with its Python's path in it
            elif str(path) not in _OWN:
                found[path.as_posix()] = content(place / name)
            elif name == "pylock.toml":
                found[name] = locked_names(place / name)
    return found


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").exists()


def locked_names(path: Path) -> list[str]:
    import tomllib

    packages = tomllib.loads(path.read_text(encoding="utf-8")).get("packages", ())
    return sorted(f"{p['name']} {p.get('version', '')}" for p in packages)


def content(path: Path) -> Any:
    """Return what counts of a file: pins and hashes, names in an archive, or the text."""
    if path.suffix in {".txt", ".in"}:
        return requirements(path.read_text(encoding="utf-8"))
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist())
            told = next(n for n in names if n.endswith(".dist-info/METADATA"))
            return [*names, *_metadata(archive.read(told))]
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as tar:
            names = sorted(m.name for m in tar.getmembers() if m.isfile())
            told = next(n for n in names if n.count("/") == 1 and n.endswith("/PKG-INFO"))
            file = tar.extractfile(told)
            return [*names, *_metadata(file.read() if file else b"")]
    return path.read_text(encoding="utf-8", errors="replace")


def _metadata(content: bytes) -> list[str]:
    return sorted(f"{key}: {value}" for key, value in email.message_from_bytes(content).items())


def requirements(text: str) -> list[str]:
    """Return pins with their hashes, and options, sorted; comments and markers are left out."""
    lines = text.replace("\\\n", " ").splitlines()
    found = []
    for line in (line.partition(" #")[0].strip() for line in lines):
        if match := _REQUIREMENT.match(line):
            hashes = sorted(re.findall(r"--hash=(\S+)", line))
            found.append(" ".join([f"{match['name']}=={match['version']}", *hashes]))
        elif line and not line.startswith(("#", "--trusted-host")):  # the index has no TLS
            found.append(line.replace("--index-url", "-i").rstrip("/"))
    return sorted(found)


def tools(home: Path, programs: Path) -> dict[str, Any]:
    """Return the tools of pipx or uv: name -> distributions, and the programs on PATH."""
    folders = home / "venvs" if (home / "venvs").is_dir() else home
    found: dict[str, Any] = {
        p.parent.name: environment(p.parent) for p in folders.glob("*/pyvenv.cfg")
    }
    for installed in found.values():
        installed.pop("pip", None)
    found["programs"] = sorted(p.name for p in programs.iterdir()) if programs.is_dir() else []
    return found
