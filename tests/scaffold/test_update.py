"""Carrying a project forward, with two releases of unverse that are really built and installed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rendering import run
from repositories import run_git

from unverse.uv.run import find_uv

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]
_OLD, _NEW = "7001.0.0", "7002.0.0"  # no index has them
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
}


@dataclass(frozen=True)
class Machine:
    """A home directory, and both releases of unverse."""

    home: Path
    releases: Path

    def unverse(self, version: str, cwd: Path, *words: str, expected: int = 0) -> str:
        program = self.releases / version / ("Scripts" if os.name == "nt" else "bin") / "unverse"
        environ = {
            **_IDENTITY,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(self.home),
            "UV_FIND_LINKS": str(self.releases / "wheels"),
        }
        return run(cwd, str(program), *words, expected=(expected,), environ=environ)

    def tags(self) -> set[str]:
        place = self.home / ".local" / "share" / "unverse" / "template"
        return set(run_git(place, "tag").split())


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheels of two releases, and an environment with each."""
    base = tmp_path_factory.mktemp("releases")
    for version in (_OLD, _NEW):
        source = base / f"source-{version}"
        _copy(source, version)
        template = source / "src" / "unverse" / "scaffold" / "template"
        if version == _NEW:
            _change(template)
        else:
            (template / "OLD.md").write_text("# Old\n")
        run(source, find_uv(), "build", "--quiet", "--wheel", "--out-dir", str(base / "wheels"))
    for version in (_OLD, _NEW):
        place = str(base / version)
        run(base, find_uv(), "venv", "--quiet", "--python", sys.executable, place)
        links = ("--find-links", str(base / "wheels"))
        run(base, find_uv(), "pip", "install", "--python", place, *links, f"unverse=={version}")
    return base


def _copy(source: Path, version: str) -> None:
    source.mkdir()
    for name in ("README.md", "LICENSE"):
        shutil.copy(_ROOT / name, source)
    shutil.copy(_ROOT / "pyproject.toml", source)
    shutil.copytree(_ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for path in ("pyproject.toml", "src/unverse/__init__.py"):
        text = (source / path).read_text(encoding="utf-8")
        changed = re.sub(r'^(version|__version__) = ".*"', rf'\1 = "{version}"', text, flags=re.M)
        assert changed.count(version) == 1
        (source / path).write_text(changed, encoding="utf-8")


def _change(template: Path) -> None:
    """What the new release does to its template."""
    (template / "[[ name ]].md.jinja").write_text("# [[ name ]], new\n")
    (template / "CHANGELOG.md").write_text("# Changes\n\nFrom the template.\n")
    editor = template / ".editorconfig"
    editor.write_text(editor.read_text() + "\n[*.new]\nindent_size = 3\n")
    project = template / "pyproject.toml.jinja"
    text = project.read_text(encoding="utf-8")
    assert text.count('    "joblib>=') == 1
    project.write_text(text.replace('    "joblib>=', '    "iniconfig>=2",\n    "joblib>='))


@pytest.fixture
def machine(tmp_path: Path, releases: Path) -> Iterator[Machine]:
    home = tmp_path / "home"
    home.mkdir()
    yield Machine(home, releases)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Path:
    """A project of the old release, with its first commit."""
    base = tmp_path_factory.mktemp("first")
    machine = Machine(base / "home", releases)
    machine.home.mkdir()
    words = ("new", "demo", "--yes", "--without", "docker", "--data", "author=Ada 🚲 Å")
    told = machine.unverse(_OLD, base, *words)
    assert "locked by uv, first commit made" in told
    assert machine.tags() == {f"v{_OLD}"}
    assert 'name = "Ada 🚲 Å"' in (base / "demo" / "pyproject.toml").read_text(encoding="utf-8")
    return base / "demo"


@pytest.fixture
def project(tmp_path: Path, first: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "demo"))


def _commit(project: Path, **texts: str) -> None:
    for path, text in texts.items():
        (project / path).write_text(text)
    run_git(project, "add", "--all")
    run_git(project, "commit", "--quiet", "--message=mine")


def test_on_another_machine_what_is_new_arrives_and_what_is_mine_stays(
    machine: Machine, project: Path
) -> None:
    readme, code = (project / "README.md").read_text(), project / "src" / "demo" / "errors.py"
    _commit(project, **{"README.md": f"{readme}\nMine.\n"})
    code.write_text(code.read_text() + "\n\nMINE = 1\n")
    ignored = project / "ignored.md"
    ignored.write_text("mine, ignored")
    _commit(project, **{".gitignore": (project / ".gitignore").read_text() + "/*ed.md\n"})
    told = machine.unverse(_NEW, project, "new", "--update")
    assert ignored.read_text() == "mine, ignored"
    assert f"from the template v{_OLD} to v{_NEW}: 7 files" in told
    assert "  D OLD.md\n" in told
    assert "  A demo.md\n" in told
    assert (project / "README.md").read_text().endswith("\nMine.\n")
    assert code.read_text().endswith("\nMINE = 1\n")
    assert (project / "demo.md").read_text() == "# demo, new\n"
    assert not (project / "OLD.md").exists()
    assert f"_commit: v{_NEW}\n" in (project / ".copier-answers.yml").read_text()
    assert 'name = "iniconfig"' in (project / "uv.lock").read_text().split('name = "demo"')[1]
    run(project, find_uv(), "lock", "--check")
    assert machine.tags() == {f"v{_OLD}", f"v{_NEW}"}
    assert len(run_git(project, "worktree", "list").splitlines()) == 1
    _commit(project)
    assert "nothing to do" in machine.unverse(_NEW, project, "new", "--update", "--yes")
    assert run_git(project, "status", "--porcelain") == ""


def test_conflicts_are_marked_and_told(machine: Machine, project: Path) -> None:
    mine = "# Changes\n\nMine.\n"
    text = (project / "pyproject.toml").read_text()
    text = text.replace('    "joblib>=', '    "idna",\n    "joblib>=')
    lock = (project / "uv.lock").read_text()
    _commit(project, **{"CHANGELOG.md": mine, "pyproject.toml": text})
    told = machine.unverse(_NEW, project.parent, "new", "demo", "--update", expected=1)
    assert "2 conflicts to settle:\n  CHANGELOG.md:3\n  pyproject.toml:" in told
    assert "uv.lock is not up to date: pyproject.toml has conflicts" in told
    assert "  cd demo\n  git diff\n  settle the conflicts" in told
    assert "  uv lock\n  uv sync\n" in told
    text = (project / "CHANGELOG.md").read_text()
    for line in (
        "<<<<<<< before updating",
        "Mine.",
        "From the template.",
        ">>>>>>> after updating",
    ):
        assert f"{line}\n" in text
    unmerged = run_git(project, "diff", "--name-only", "--diff-filter=U").split()
    assert unmerged == ["CHANGELOG.md", "pyproject.toml"]
    assert (project / "uv.lock").read_text() == lock
    assert (project / "demo.md").exists()
    # git can settle it, too: it knows all three.
    run_git(project, "checkout", "--ours", "CHANGELOG.md")
    assert (project / "CHANGELOG.md").read_text() == mine


def test_answers_can_be_changed(machine: Machine, project: Path) -> None:
    words = ("new", "--update", "--with", "dask", "--without", "docs", "--data", "github=ada")
    told = machine.unverse(_OLD, project, *words)
    assert " pyproject.toml\n" in told
    answers = (project / ".copier-answers.yml").read_text()
    assert "- dask\n" in answers
    assert "- docs\n" not in answers
    text = (project / "pyproject.toml").read_text()
    assert '"dask[' in text
    assert "pdoc" not in text
    assert "https://github.com/ada/demo" in text
    assert 'name = "dask"' in (project / "uv.lock").read_text()


def test_uncommitted_changes_are_refused(machine: Machine, project: Path) -> None:
    (project / "README.md").write_text("mine, not committed")
    (project / "new.txt").write_text("mine, not tracked")
    with pytest.raises(AssertionError, match=r"uncommitted changes .*README\.md, new\.txt"):
        machine.unverse(_NEW, project, "new", "--update")
    assert (project / "README.md").read_text() == "mine, not committed"
    assert not (project / "demo.md").exists()


def test_a_project_within_a_repository(machine: Machine, project: Path) -> None:
    above = project.parent / "above"
    (above / "packages").mkdir(parents=True)
    shutil.rmtree(project / ".git")
    project.rename(above / "packages" / "demo")
    (above / "OLD.md").write_text("not the template's")
    run_git(above, "init", "--quiet")
    _commit(above)
    (above / "other.txt").write_text("not committed, and not the project's")
    machine.unverse(_NEW, above / "packages" / "demo", "new", "--update")
    assert (above / "packages" / "demo" / "demo.md").exists()
    assert (above / "OLD.md").exists()
    assert (above / "other.txt").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"_commit: v{_NEW}", f"on the template of unverse {_NEW}, this is {_OLD}"),
        ("_commit: v6999.0.0", "unverse 6999.0.0, whose template .* is not to be had"),
        (f"_commit: v{_OLD}+t0123456789ab", "is lost: it was no release's"),
        ("_commit: main", "`_commit: main` names no version"),
    ],
)
def test_a_template_that_is_not_there(
    machine: Machine, project: Path, line: str, message: str
) -> None:
    answers = (project / ".copier-answers.yml").read_text()
    _commit(project, **{".copier-answers.yml": answers.replace(f"_commit: v{_OLD}", line)})
    with pytest.raises(AssertionError, match=message):
        machine.unverse(_OLD, project, "new", "--update")
    assert run_git(project, "status", "--porcelain") == ""


def test_what_is_no_project_of_ours(machine: Machine, project: Path, tmp_path: Path) -> None:
    answers = (project / ".copier-answers.yml").read_text()
    other = answers.replace("~/.local/share/unverse/template", "gh:somebody/template")
    _commit(project, **{".copier-answers.yml": other})
    for place, message in (
        (project, "made from `gh:somebody/template`"),
        (tmp_path, r"no `\.copier-answers\.yml`"),
    ):
        with pytest.raises(AssertionError, match=message):
            machine.unverse(_OLD, place, "new", "--update")
