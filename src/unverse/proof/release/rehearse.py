"""Bump, look at the lock, build, upload: in a scratch copy that is thrown away."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unverse.proof import sandbox
from unverse.proof.claims import Claim, Verdict
from unverse.proof.release.bump import locked_version, read_document, tool_of
from unverse.proof.release.local_index import local_index
from unverse.uv.run import failed_for_want_of_network, find_uv

_LOCK = "release: uv.lock is still right after a bump of the version"
_UPLOAD = "release: what is built can be uploaded"
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "unverse"), ("EMAIL", "unverse@localhost"))
}
# What names the index or the credentials of an upload, with a value behind it.
_TARGET = frozenset(
    [
        "--index",
        "--publish-url",
        "--check-url",
        "--token",
        "--username",
        "--password",
        "--trusted-publishing",
        "--keyring-provider",
        "-t",
        "-u",
        "-p",
    ]
)


@dataclass(frozen=True)
class Stage:
    """Where a release is rehearsed.

    Args:
        project: directory of the project's pyproject.toml, in a copy that is a git repository.
        root: of the copy.
        home: a directory that the commands share as their home.
    """

    project: Path
    root: Path
    home: Path

    def run(self, *command: str, environment: Mapping[str, str] | None = None) -> sandbox.Finished:
        """Run a command in the project's directory."""
        # What the project's own commands call `uv` is the uv that came with us.
        path = os.pathsep.join((str(Path(find_uv()).parent), os.environ.get("PATH", "")))
        variables = {**_IDENTITY, "PATH": path, **(environment or {})}
        return sandbox.run(command, self.project, environment=variables, home=self.home)

    def uv(self, *arguments: str) -> sandbox.Finished:
        """Run uv in the project's directory."""
        return self.run(find_uv(), *arguments)


def rehearse(
    project: Path, root: Path, commands: Sequence[Sequence[str]] = (), *, package: bool = True
) -> Iterator[Claim]:
    """Rehearse a release of a migrated project and say what came of it.

    Args:
        project: directory of its pyproject.toml, in a scratch copy that nothing else uses.
        root: of the copy, which is a git repository.
        commands: arguments of the `uv build` and `uv publish` by which the project is released;
            `uv build` and `uv publish` without any if there are none.
        package: whether it can be built at all.
    """
    with sandbox.private_home() as home:
        stage = Stage(project, root, home)
        yield _bumped(stage)
        yield _uploaded(stage, commands) if package else _not_checked(_UPLOAD, "it is no package")


def _bumped(stage: Stage) -> Claim:
    document = read_document(stage.project / "pyproject.toml")
    project = document.get("project", {})
    if "version" in project.get("dynamic", ()):
        return _not_checked(_LOCK, "the version is not in uv.lock: the build computes it")
    if "version" not in project:
        return _not_checked(_LOCK, "the project has no version")
    _prepare_history(stage.root, str(project["version"]))
    how, done = _bump(stage)
    if not done.done:
        return _not_checked(_LOCK, f"{how} did not bump the version", done)
    after = read_document(stage.project / "pyproject.toml").get("project", {}).get("version")
    if after == project["version"]:
        return _not_checked(_LOCK, f"{how} left the version in pyproject.toml at {after}", done)
    told = f"{how}: {project['version']} -> {after}"
    for words in (("lock", "--check"), ("sync", "--locked", "--dry-run")):
        answer = stage.uv(*words)
        if not answer.done:
            evidence = f"{told}; then `uv {' '.join(words)}` fails"
            return _failed(_LOCK, evidence, answer)
    return Claim(_LOCK, Verdict.HOLDS, f"{told}; `uv lock --check` and `uv sync --locked` accept")


def _prepare_history(root: Path, version: str) -> None:
    """Make what a releasing tool looks for: a remote, the last release's tag, a fix after it."""
    _git(root, "remote", "add", "origin", "https://github.com/example/example.git")
    if not _git(root, "tag"):
        for name in (version, f"v{version}"):
            _git(root, "tag", name)
    message = "--message=fix: rehearse a release"
    _git(root, "commit", "--quiet", "--allow-empty", "--no-verify", "--no-gpg-sign", message)


def _git(root: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, **_IDENTITY}
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, env=environment
    )
    return done.stdout.strip()


def _bump(stage: Stage) -> tuple[str, sandbox.Finished]:
    tool = tool_of(stage.project) or tool_of(stage.root)
    if tool is None:
        return "`uv version --bump patch`", stage.uv("version", "--bump", "patch", "--no-sync")
    version = locked_version(stage.project, tool.package)
    wanted = f"{tool.package}=={version}" if version else tool.package
    done = stage.uv("tool", "run", "--isolated", "--from", wanted, *tool.command)
    return f"{tool.name} {version}".strip(), done


def _uploaded(stage: Stage, commands: Sequence[Sequence[str]]) -> Claim:
    builds = [command for command in commands if command[0] == "build"] or [("build",)]
    uploads = [command for command in commands if command[0] == "publish"] or [("publish",)]
    for build in builds:
        built = stage.uv(*build)
        if not built.done:
            evidence = f"`uv {' '.join(build)}` fails"
            return _failed(_UPLOAD, evidence, built)
    with local_index() as index:
        for upload in uploads:
            target = ("--publish-url", index.url, "--username", "rehearsal", "--password", "none")
            words = ("publish", *target, "--trusted-publishing", "never", *_untargeted(upload[1:]))
            done = stage.run(find_uv(), *words, environment={"NO_PROXY": "127.0.0.1"})
            if not done.done:
                told = f"`uv {' '.join(upload)}` fails on a local index"
                return Claim(_UPLOAD, Verdict.FAILS, told, tuple(done.last_words().splitlines()))
        names = sorted(set(index.uploaded))
    if not names:
        return Claim(_UPLOAD, Verdict.FAILS, "the release commands upload no file")
    said = ", ".join(f"`uv {' '.join(words)}`" for words in (*builds, *uploads))
    return Claim(_UPLOAD, Verdict.HOLDS, f"{said}: {', '.join(names)} to a local index")


def _untargeted(arguments: Sequence[str]) -> Iterator[str]:
    """Leave out to where and as whom is uploaded."""
    waiting = iter(arguments)
    for word in waiting:
        if word in _TARGET:
            next(waiting, None)
        elif word.partition("=")[0] not in _TARGET:
            yield word


def _failed(name: str, evidence: str, done: sandbox.Finished) -> Claim:
    if failed_for_want_of_network(done.output):
        return _not_checked(name, f"{evidence}: an index cannot be reached", done)
    return Claim(name, Verdict.FAILS, evidence, tuple(done.last_words().splitlines()))


def _not_checked(name: str, why: str, done: sandbox.Finished | None = None) -> Claim:
    details = tuple(done.last_words().splitlines()) if done else ()
    return Claim(name, Verdict.NOT_CHECKED, why, details)
