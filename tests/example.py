"""Two copies of the example, one on Poetry and one on uv, and what was said when they ran."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from repositories import run_git

from unverse.cli import main
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_model import Mapping, Scalar, Sequence
from unverse.uv.run import find_uv

EXAMPLE = Path(__file__).parents[1] / "examples" / "bikes"
_IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
_HINDERING = ("VIRTUAL_ENV", "UV_PROJECT", "PYTHONDONTWRITEBYTECODE")
# What is counted: `18 passed, 1 skipped`, the sum of the coverage table.
_FACTS = re.compile(r"\b\d+ (?:passed|failed|skipped|errors?)\b|^TOTAL .*", re.MULTILINE)
_MADE = ("dist", "docs")


@dataclass(frozen=True)
class Outcome:
    """How a command ended, what it left and counted, and what it said (which may differ).

    Attributes:
        changed: what git sees of it, without the exported requirements.
        made: files of the folders that git ignores and people want.
    """

    code: int
    changed: frozenset[str]
    made: frozenset[str]
    facts: tuple[str, ...]
    said: str = field(compare=False, repr=False)


@dataclass(frozen=True)
class Copy:
    """A copy of the example, and the variables with which its tool is found."""

    root: Path
    tool: str
    variables: dict[str, str]

    def run(self, *command: str) -> Outcome:
        """Run a command there and look at what it did."""
        done = call(self.root, self.variables, *command)
        status = run_git(self.root, "status", "--porcelain").splitlines()
        changed = {line[3:] for line in status} - {"requirements.txt"}
        made = {
            path.relative_to(self.root).as_posix()
            for folder in _MADE
            for path in (self.root / folder).rglob("*")
            if path.name != ".gitignore"
        }
        said = done.stdout + done.stderr
        facts = tuple(_FACTS.findall(said))
        return Outcome(done.returncode, frozenset(changed), frozenset(made), facts, said)


def call(root: Path, variables: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True)


def copies(place: Path) -> tuple[Copy, Copy]:
    """Copy the example twice below `place`, and move the second copy to uv.

    Nothing is installed in them yet.
    """
    uv = Path(find_uv())
    before = Copy(_copied(place / "before"), "poetry", _with_poetry(place, str(uv)))
    after = Copy(_copied(place / "after"), "uv", _environment(uv.parent))
    assert main(["migrate", str(after.root)]) == 0
    _commit(after.root, "Move to uv")
    return before, after


def on_both(copies: tuple[Copy, Copy], work: Callable[[Copy], dict[str, Outcome]]) -> Iterator[str]:
    """Do some work in both copies at once; yield what fails, or ended otherwise than before."""
    with ThreadPoolExecutor(2) as pool:
        expected, found = pool.map(work, copies)
    assert len(expected) == len(found)
    for (old, was), (new, now) in zip(expected.items(), found.items(), strict=True):
        if was.code:
            yield f"`{old}` exited with {was.code}:\n{was.said}"
        elif was != now:
            yield f"`{old}`: {was}\n`{new}`: {now}\n{now.said}"


def run_lines(path: Path) -> Iterator[str]:
    """Yield the scripts of all steps of a workflow or an action, job by job."""
    for node in parse(path.read_text(encoding="utf-8")).nodes():
        steps = node.get("steps") if isinstance(node, Mapping) else None
        for item in steps.items if isinstance(steps, Sequence) else ():
            script = item.value.get("run") if isinstance(item.value, Mapping) else None
            if isinstance(script, Scalar):
                yield script.value


def _environment(*path: Path) -> dict[str, str]:
    """Return the variables of the tests without those that name another environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_HINDERING)}
    return kept | {"PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]])}


def _copied(root: Path) -> Path:
    for name in run_git(EXAMPLE, "ls-files").splitlines():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((EXAMPLE / name).read_bytes())
    run_git(root, "init", "-q")
    _commit(root, "The example")
    return root


def _commit(root: Path, message: str) -> None:
    run_git(root, "add", "-A")
    run_git(root, *_IDENTITY, "commit", "-qm", message)


def _with_poetry(place: Path, uv: str) -> dict[str, str]:
    """Install the Poetry of the lock, able to export, that needs no more of the index than uv."""
    lock = (EXAMPLE / "poetry.lock").read_text(encoding="utf-8")
    version = re.search(r"generated by Poetry ([\d.]+)", lock)
    assert version
    tools = {"UV_TOOL_DIR": str(place / "tools"), "UV_TOOL_BIN_DIR": str(place / "bin")}
    plugins = ("--with", "poetry-plugin-export", "--with", "poetry-plugin-pypi-mirror")
    install = (uv, "tool", "install", "-q", f"poetry=={version[1]}", *plugins)
    done = call(place, _environment() | tools, *install)
    assert done.returncode == 0, done.stderr
    return _environment(place / "bin") | {
        "POETRY_CACHE_DIR": str(place / "cache"),
        "POETRY_PYPI_MIRROR_URL": "https://pypi.org/simple/",
    }
