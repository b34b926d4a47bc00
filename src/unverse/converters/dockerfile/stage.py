"""What is known in a build stage: base image, variables, folder, user, environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from posixpath import join, normpath

from unverse.commands.context import Context

# The prefix of the Python that comes first on PATH, by the name of the image.
_PREFIXES: tuple[tuple[str, str], ...] = (
    (r"(?:public\.ecr\.aws/|amazon/)?(?:aws-)?lambda[/-]python", "/var/lang"),
    (r"(?:.*/)?bitnami/python", "/opt/bitnami/python"),
    (r"cgr\.dev/.*/python", "/usr"),
    (r"(?:(?:docker\.io|public\.ecr\.aws/docker)/)?(?:library/)?python", "/usr/local"),
    (r"(?:mcr\.microsoft\.com/)(?:vscode/)?devcontainers/python", "/usr/local"),
    (r"(?:docker\.io/)?tiangolo/uvicorn-gunicorn(?:-\w+)*", "/usr/local"),
    (r"(?:docker\.io/)?(?:continuumio/(?:mini|ana)conda3|condaforge/\S+)", "/opt/conda"),
    (r"(?:docker\.io/(?:library/)?)?pypy", "/opt/pypy"),
)
_REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^{}]*))?\})")


@dataclass
class Stage:
    """The state behind the instructions so far.

    Attributes:
        prefix: of the image's Python, empty if unknown; `python`: its version, `3.12`.
        variables: values of ENV and ARG, quotes removed, references resolved where possible.
        workdir: absolute; empty if unknown.
        user: of the last USER, empty if the image decides.
        uv: uv was copied in.
        system: Poetry installs into the image's Python (`virtualenvs.create false`).
        environment: value of `UV_PROJECT_ENVIRONMENT`; empty if uv uses `.venv`.
        unset: the prefix is unknown, so each command computes it.
        path: known folders that ENV put on PATH.
        synced_in: WORKDIR of the last install; `rootless`: it left the project out.
        copied: an environment that came from another stage.
        sources: the project's own files may be there.
        settings: poetry.toml is there.
        held: `uv run` installs nothing (`UV_NO_SYNC`); `cacheless`: and needs no cache.
    """

    context: Context
    prefix: str = ""
    python: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = ""
    uv: bool = False
    system: bool = False
    environment: str = ""
    unset: bool = False
    path: tuple[str, ...] = ()
    synced_in: str = ""
    copied: str = ""
    rootless: bool = False
    sources: bool = False
    settings: bool = False
    held: bool = False
    cacheless: bool = False

    def child(self) -> Stage:
        """Return the state in which a stage that is built on this one begins."""
        return replace(self, variables=dict(self.variables))

    @property
    def root(self) -> bool:
        """Whether the user can write everywhere."""
        return self.user in {"", "root", "0", "root:root", "0:0"}

    def value(self, text: str) -> str | None:
        """Return what a raw value means; None if a variable in it is unknown."""
        return resolve(unquoted(text), self.variables)

    def place(self, text: str) -> str:
        """Return a path below WORKDIR; empty if it cannot be known."""
        value = self.value(text)
        return normpath(join(self.workdir, value)) if value and self.workdir else ""


def python_of(image: str) -> str:
    """Return the minor version of Python that the tag of one of its images names, or nothing."""
    tag = re.search(r":(\d+\.\d+)(?![\d])", image)
    return tag[1] if tag and prefix_of(image) else ""


def unquoted(text: str) -> str:
    """Remove the quotes of a raw value."""
    return re.sub(r"""(["'])(.*?)\1""", r"\2", text)


def resolve(text: str, variables: Mapping[str, str]) -> str | None:
    """Put the values of variables in place; None if one is unknown."""
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        found = variables.get(match[1] or match[2], match[3])
        if found is None:
            missing.append(match[0])
        return found or ""

    done = _REFERENCE.sub(value, text)
    return None if missing or "$" in done else done


def prefix_of(image: str) -> str:
    """Return the prefix of an image's Python, empty if its name does not tell."""
    name = re.sub(r"@.*$", "", image)
    name = re.sub(r":[^/:]*$", "", name)
    return next((p for pattern, p in _PREFIXES if re.fullmatch(pattern, name)), "")
