"""Both sides of a command line: the tool in its project, the launcher in the twin."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from repositories import run_git

from twins import projects
from twins.lines import Line
from twins.packages import Index
from twins.pyenv import FULL, SHORT, documented
from twins.restoring import bring_back, copy
from twins.state import requirements, state, tools
from twins.tools import Ended, Tools, ended, run, start
from unverse.shims.install import install
from unverse.uv.run import find_uv

# Their programs end with the code of the program that they start.
_HANDS_ON = (("poetry", "run"), ("pipx", "run"))


class Side(NamedTuple):
    """The tools of one side, and a folder with all that they touch."""

    place: Path
    environ: Mapping[str, str]

    def root(self, project: str) -> Path:
        return self.place / project


class Outcome(NamedTuple):
    """What a command line did on one side."""

    ended: Ended
    aspects: dict[str, Any]


class Stage:
    """Twin projects, brought back into their first condition before every command line.

    Args:
        scratch: an empty folder.
        real: the tools.
        index: where packages come from.
    """

    def __init__(self, scratch: Path, real: Tools, index: Index) -> None:
        self._scratch, self._real, self._index = scratch, real, index
        launchers = scratch / "launchers"
        install(launchers, (), os.environ)
        self.tool = self._side("tool", real.programs)
        self.shim = self._side("shim", launchers)
        self._prepared: set[str] = set()

    def _side(self, name: str, programs: Path) -> Side:
        place = self._scratch / name
        place.mkdir()
        path = [programs, self._real.pythons, *map(Path, os.defpath.split(os.pathsep))]
        environ = {
            "PATH": os.pathsep.join(str(folder) for folder in path if str(folder) != "."),
            "HOME": str(place / "home"),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": self._index.url,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIPX_HOME": str(place / "sheds" / "home"),
            "PIPX_BIN_DIR": str(place / "sheds" / "programs"),
            "TWINE_USERNAME": "ada",
            "TWINE_PASSWORD": "secret",
            "UV_CACHE_DIR": str(self._scratch / "cache"),
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PYTHON_INSTALL_DIR": str(self._scratch / "no-pythons"),
        }
        return Side(place, environ)

    def play(self, line: Line) -> tuple[Outcome, Outcome]:
        """Run a command line on both sides, at the same time."""
        self._restore(line)
        if line.tool == "pyenv":
            return self._pyenv(line), self._outcome(
                line, self.shim, ended(self._start(line, self.shim))
            )
        commands = [self._start(line, side) for side in (self.tool, self.shim)]
        return tuple(  # type: ignore[return-value]
            self._outcome(line, side, ended(command))
            for side, command in zip((self.tool, self.shim), commands, strict=True)
        )

    def refuse(self, line: Line) -> tuple[dict[str, Any], Outcome]:
        """Run a command line through the launcher alone; also return how things were before."""
        self._restore(line)
        before = self._aspects(line, self.shim)
        return before, self._outcome(line, self.shim, ended(self._start(line, self.shim)))

    def _pyenv(self, line: Line) -> Outcome:
        """Return what pyenv does; it is no package of the index, so it may be missing."""
        root, condition = str(self.tool.place / "pyenv"), line.place.partition(" ")[2]
        told = documented(condition, line.text.partition(" ")[2], root)
        if not line.reads:
            del told["output"]
        if shutil.which("pyenv") is None:
            return Outcome(Ended(0, "", "pyenv is not installed"), told)
        found = self._outcome(line, self.tool, ended(self._start(line, self.tool)))
        assert found.aspects == {name: told[name] for name in found.aspects}, found.ended
        return found

    def _start(self, line: Line, side: Side) -> subprocess.Popen[str]:
        root = side.root(line.place.split()[0])
        environ = dict(side.environ)
        text = line.text.replace("{index}", self._index.url)
        text = text.replace("{upload}", f"{self._index.upload}/{side.place.name}/")
        text = text.replace("{python}", str(root / ".venv" / "bin" / "python"))
        text = text.replace("{3.x}", SHORT).replace("{v}", FULL)
        words = [found for word in shlex.split(text) for found in _expanded(word, root)]
        if line.place.split()[0] == "shelf":
            environ["VIRTUAL_ENV"] = str(root / ".venv")
        if line.tool == "pyenv":
            environ |= self._around_pyenv(side)
        return start(
            [_program(words[0], environ, root, side is self.tool), *words[1:]], root, environ
        )

    def _outcome(self, line: Line, side: Side, done: Ended) -> Outcome:
        aspects = self._aspects(line, side)
        exact = tuple(line.text.split()[:2]) in _HANDS_ON
        aspects["code"] = done.code if exact else bool(done.code)
        if line.reads:
            aspects["output"] = _read(done.output, side.root(line.place.split()[0]))
        return Outcome(done, aspects)

    def _aspects(self, line: Line, side: Side) -> dict[str, Any]:
        found = state(side.root(line.place.split()[0]))
        if line.tool == "pipx":
            home = side.root("sheds")
            found = {"tools": tools(home / "home", home / "programs")}
        if line.tool == "twine":
            found["uploads"] = self._index.uploaded(side.place.name)
        return found

    def _restore(self, line: Line) -> None:
        project, _, condition = line.place.partition(" ")
        if project not in self._prepared:
            getattr(self, f"_prepare_{project}")()
            for side in (self.tool, self.shim):
                copy(side.root(project), side.root(f"{project}.first"))
            self._prepared.add(project)
        for side in (self.tool, self.shim):
            bring_back(side.root(f"{project}.first"), side.root(project))
            if condition:
                _change(side.root(project), condition)

    def _prepare_bikes(self) -> None:
        before, after = self.tool.root("bikes"), self.shim.root("bikes")
        projects.write(before, projects.bikes(self._index.url))
        self._done(self.tool, before, "poetry", "lock")
        shutil.copytree(before, after)
        run_git(after, "init", "-q")
        run_git(after, "add", "-A")
        run_git(after, "commit", "-q", "-m", "before")
        self._done(self.shim, after, sys.executable, "-m", "unverse", "migrate")
        shutil.rmtree(after / ".git")
        self._index.offer()
        self._done(self.tool, before, "poetry", "install")
        self._done(self.shim, after, find_uv(), "sync", "-q")
        for side in (self.tool, self.shim):
            # Something to bring up to date, something missing, something that is not asked for.
            self._pip(side, "bikes", "install", "alpha==1.0.0", "delta==1.0.0")
            self._pip(side, "bikes", "uninstall", "beta")

    def _prepare_shelf(self) -> None:
        self._index.offer()
        for side in (self.tool, self.shim):
            root = side.root("shelf")
            projects.write(root, projects.shelf())
            projects.write_release(root / "wheels")
            self._done(side, root, find_uv(), "venv", "-q", "-p", "python3", ".venv")
            self._pip(side, "shelf", "install", "pip", "alpha==1.0.0", "hello==1.0.0")
            _disguise(root / ".venv" / "pyvenv.cfg")
            self._done(side, root, ".venv/bin/python", "-m", "pip", "--version")

    def _prepare_sources(self) -> None:
        self._index.offer()
        for side in (self.tool, self.shim):
            projects.write(side.root("sources"), projects.sources())

    def _prepare_releases(self) -> None:
        for side in (self.tool, self.shim):
            projects.write_release(side.root("releases"))

    def _prepare_sheds(self) -> None:
        """Tools that pipx has installed; its folder is the project."""
        self._index.offer()
        words = ["hello==1.0.0", "-q"]
        for side in (self.tool, self.shim):
            projects.write(side.root("sheds"), projects.library("lib"))
        self._done(self.tool, self.tool.root("sheds"), "pipx", "install", *words)
        environ = {
            "UV_TOOL_DIR": self.shim.environ["PIPX_HOME"],
            "UV_TOOL_BIN_DIR": self.shim.environ["PIPX_BIN_DIR"],
            "UV_DEFAULT_INDEX": self._index.url,
        }
        side = self.shim._replace(environ={**self.shim.environ, **environ})
        self._done(side, side.root("sheds"), find_uv(), "tool", "install", *words)

    def _prepare_pythons(self) -> None:
        """One Python for pyenv, and the same on PATH for uv."""
        programs = self.tool.place / "pyenv" / "versions" / FULL / "bin"
        programs.mkdir(parents=True)
        for name in ("python", "python3", f"python{SHORT}"):
            (programs / name).symlink_to((self._real.pythons / "python").resolve())
        for side in (self.tool, self.shim):
            side.root("pythons").mkdir()

    def _around_pyenv(self, side: Side) -> dict[str, str]:
        if side is self.shim:  # uv lists all that PATH has
            launchers = side.environ["PATH"].split(os.pathsep)[0]
            return {"PATH": os.pathsep.join((launchers, str(self._real.pythons)))}
        path = os.pathsep.join((str(Path(shutil.which("pyenv") or "").parent), os.defpath))
        return {"PATH": path, "PYENV_ROOT": str(side.place / "pyenv")}

    def _pip(self, side: Side, project: str, *words: str) -> None:
        root = side.root(project)
        where = ["-q", "--python", ".venv", *words[1:]]
        more = ["--default-index", self._index.url] if words[0] == "install" else []
        self._done(side, root, find_uv(), "pip", words[0], *where, *more)

    def _done(self, side: Side, root: Path, *words: str) -> None:
        words = (shutil.which(words[0], path=side.environ["PATH"]) or words[0], *words[1:])
        environ = {**side.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        done = run(words, root, environ)
        assert done.code == 0, f"{words}: {done.output}{done.errors}"


def _disguise(config: Path) -> None:
    """Make an environment of uv's one of another tool: uv leaves the pip in those alone."""
    kept = [line for line in config.read_text().splitlines(True) if not line.startswith("uv ")]
    config.write_text("".join(kept))


def _program(name: str, environ: Mapping[str, str], root: Path, is_tool: bool) -> str:
    """Find the program as a shell does; pip is the one of the environment."""
    if is_tool and name == "pip":
        return str(root / ".venv" / "bin" / "pip")
    return shutil.which(name, path=environ["PATH"]) or name


def _expanded(word: str, root: Path) -> list[str]:
    found = sorted(str(path.relative_to(root)) for path in root.glob(word)) if "*" in word else []
    return found or [word]


def _change(root: Path, condition: str) -> None:
    """Bring a project into another condition."""
    path = root / "pyproject.toml"
    if condition == "stale":
        text = path.read_text(encoding="utf-8")
        changed = text.replace('beta = ">=1.0"', 'beta = ">=1.5"').replace("beta>=1.0", "beta>=1.5")
        assert changed != text
        path.write_text(changed, encoding="utf-8")
    elif condition == "pinned":
        (root / ".python-version").write_text(f"{SHORT}\n")
    elif condition == "bare":
        shutil.rmtree(root / ".venv")
    else:
        raise ValueError(condition)


def _read(text: str, root: Path) -> Any:
    """Return what a program writes without what only this run or this machine has."""
    text = text.replace(str(root), "ROOT").strip()
    if text[:1] in {"[", "{"}:
        found = json.loads(text)
        return sorted(found, key=str) if isinstance(found, list) else found
    return requirements(text) if "==" in text else text.splitlines()
