"""Cases of build backends: a project on Poetry, and what `auto` makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from repositories import run_git

from unverse.converters.pyproject import convert
from unverse.edits import Edit, splice
from unverse.poetry.model import Project
from unverse.poetry.reader import read_project
from unverse.repo import SourceFile
from unverse.syntax.toml import loads
from unverse.uv.backend import hatchling, origins, uv_build
from unverse.uv.backend.frozen import Frozen, freeze
from unverse.uv.backend.rewrite import rewrite
from unverse.uv.backend.settings import Refusal, Source

CASES = Path(__file__).with_name("cases")
CONFIGURE = {"uv_build": uv_build.configure, "hatchling": hatchling.configure}


def copy_case(name: str, target: Path) -> Path:
    """Make a repository of a case, with the files that git does not track."""
    shutil.copytree(CASES / name / "before", target)
    run_git(target, "init", "-q", "--template=", "--initial-branch=main")
    run_git(target, "add", "--all", "--force")
    run_git(target, "commit", "-q", "-m", "before")
    if (CASES / name / "untracked").exists():
        shutil.copytree(CASES / name / "untracked", target, dirs_exist_ok=True)
    return target


def migrated(folder: Path) -> tuple[Project, str]:
    """Read a project, and convert its pyproject.toml for poetry-core."""
    text = (folder / "pyproject.toml").read_bytes().decode()
    project = read_project("pyproject.toml", text)
    outcomes = convert(SourceFile("pyproject.toml", text), project)
    return project, splice(text, [one for one in outcomes if isinstance(one, Edit)])


def frozen(folder: Path) -> Frozen:
    """Ask the poetry-core of these tests, without building anything."""
    from poetry.core.factory import Factory
    from poetry.core.masonry.builders.wheel import WheelBuilder

    builder = WheelBuilder(Factory().create_poetry(folder))
    legal = [path.relative_to(folder).as_posix() for path in builder._get_legal_files()]
    python, abi, platform = builder.tag.split("-")
    left_out = ("--others", "--ignored", "--exclude-standard", "--directory")
    ignored = run_git(folder, "ls-files", *left_out)
    forced = run_git(folder, "ls-files", "--cached", "--ignored", "--exclude-standard")
    return freeze(
        origins.main(folder),
        metadata=builder.get_metadata_content(),
        names=[f".dist-info/licenses/{path}" for path in legal],
        tags=frozenset(f"{one}-{abi}-{platform}" for one in python.split(".")),
        forced=forced.split(),
        generated=ignored.split(),
    )


def configured(folder: Path, backend: str) -> str | tuple[str, ...]:
    """Return the text of pyproject.toml for a backend, or the reasons against it."""
    project, text = migrated(folder)
    source = Source.of(loads(text), project)
    settings = CONFIGURE[backend](frozen(folder), source, None)
    if isinstance(settings, Refusal):
        return settings.reasons
    return splice(text, rewrite("pyproject.toml", text, project, settings))
