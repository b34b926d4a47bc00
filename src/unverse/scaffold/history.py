"""The template's history: one git repository for all versions, the same on every machine.

Copier carries a project forward by a three-way merge, so it needs the template that the project
was made from and the one of today, in a git repository that the answers file names. unverse makes
that repository itself: a commit without parents and a tag for each version. A commit depends on
the template's bytes and its version alone, so the same version has the same hash everywhere.

`vX.Y.Z` is the template of that release. An installation that is no release (from a checkout, a
commit, a file) may hold any template, and gets `vX.Y.Z+t<digest>`: PEP 440 sorts it behind the
release, and it can be told from another one of that version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from unverse.errors import ToolError
from unverse.scaffold import git

# As it stands in a project's answers: Copier expands `~`, so it is right on another machine, too.
PLACE = "~/.local/share/unverse/template"
_DATE = "1577836800 +0000"  # 1 January 2020
_DIGITS = 12
# An installer compiles what ends with `.py`; the others come of work on the template.
_MADE = frozenset({"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_ATTRIBUTES = b"* -text\n"  # git is not to convert line breaks, whatever it is told to do


@dataclass(frozen=True)
class Template:
    """The template of one version of unverse.

    Args:
        version: PEP 440.
        files: bytes of `copier.yml` and of everything below `template/`, by POSIX path.
        released: whether this is what the index has under that version.
    """

    version: str
    files: Mapping[str, bytes]
    released: bool

    @classmethod
    def read(cls, folder: Path, version: str, *, released: bool) -> Template:
        """Read a template from `folder`, the `scaffold` of an installed unverse.

        Raises:
            OSError: there is none.
        """
        files = {"copier.yml": (folder / "copier.yml").read_bytes()}
        for path in sorted((folder / "template").rglob("*")):
            if _MADE.isdisjoint(path.parts) and path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
        return cls(version, files, released)

    @classmethod
    def own(cls) -> Template:
        """Return the template of this installation."""
        from unverse import __version__

        return cls.read(Path(__file__).parent, __version__, released=_is_release())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all paths and bytes, in hexadecimal."""
        found = hashlib.sha256()
        for path, data in sorted(self.files.items()):
            found.update(f"{path}\0{len(data)}\0".encode())
            found.update(data)
        return found.hexdigest()

    @property
    def plain_tag(self) -> str:
        """The tag of a release: `v0.1.0`."""
        return f"v{self.version}"

    @property
    def own_tag(self) -> str:
        """The tag of a template that is no release's: `v0.1.0+t0123456789ab`."""
        joint = "." if "+" in self.version else "+"
        return f"v{self.version}{joint}t{self.digest[:_DIGITS]}"


def remember(template: Template) -> str:
    """Put a template into the history unless it is there, and return its tag.

    Raises:
        ToolError: git is not there, or the repository cannot be written.
    """
    place = _repository()
    known = _known(place)
    # A tag keeps its meaning: who has seen another release of this number goes on with that one.
    taken = known.get(template.plain_tag, template.digest) != template.digest
    tag = template.own_tag if taken or not template.released else template.plain_tag
    if known.get(tag) == template.digest:
        return tag
    answer = git.ask(place, "fast-import", "--quiet", stdin=_stream(template, tag))
    # Another process may have been faster, with the same commit.
    if answer.code and _known(place).get(tag) != template.digest:
        raise ToolError(f"`git fast-import` failed: {answer.told}", where=PLACE)
    return tag


def knows(tag: str) -> bool:
    """Whether the history has a tag.

    Raises:
        ToolError: git is not there, or the repository cannot be written.
    """
    return tag in _known(_repository())


def _repository() -> Path:
    place = Path(PLACE).expanduser()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(
            f"the template's history cannot be written: {(error.strerror or str(error)).lower()}",
            where=PLACE,
            hint="the variable `HOME` says where `~` is",
        ) from error
    if not (place / ".git").exists():
        git.run(place, "init", "--quiet", "--template=")
    return place


def _known(place: Path) -> dict[str, str]:
    """Return the digest of each tag's template."""
    form = "%(refname:strip=2) %(contents:subject)"
    listed = git.run(place, "for-each-ref", f"--format={form}", "refs/tags")
    return {line.split()[0]: line.split()[-1] for line in listed.splitlines()}


def _stream(template: Template, tag: str) -> bytes:
    """Return the commit as `git fast-import` reads it."""
    message = f"unverse {template.version}: sha256 {template.digest}\n".encode()
    parts = [
        f"commit refs/tags/{tag}\ncommitter unverse <unverse@localhost> {_DATE}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
    ]
    for path, data in sorted({".gitattributes": _ATTRIBUTES, **template.files}.items()):
        # Whatever an installer or a file system made of the permissions.
        mode = 100755 if data.startswith(b"#!") else 100644
        parts.append(f"M {mode} inline {PurePosixPath(path)}\n".encode())
        parts.append(b"data %d\n%s\n" % (len(data), data))
    return b"".join(parts)


def _is_release() -> bool:
    """Whether this installation comes from an index: it has no `direct_url.json` (PEP 610)."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return distribution("unverse").read_text("direct_url.json") is None
    except PackageNotFoundError:
        return False
