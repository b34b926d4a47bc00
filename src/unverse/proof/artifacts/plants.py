"""Files that typically lie about in a work tree, planted to see whether a build takes them in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from unverse.proof.artifacts.artifact import Artifact

GENERATED = "_generated_by_unverse.py"
_UNTRACKED = {
    ".env.local": "TOKEN=planted\n",
    "notes/private.txt": "planted\n",
}
_IGNORED = {
    ".venv/pyvenv.cfg": "version = 3.12.0\n",
    ".venv/lib/python3.12/site-packages/other/__init__.py": "",
}
_RULES = f"\n{GENERATED}\n.venv/\n__pycache__/\n"


def plant(copy: Path, folder: str, wheel: Artifact) -> tuple[str, ...]:
    """Plant untracked and ignored files in a copy; nothing that is there is overwritten.

    Ignored ones are named in the nearest .gitignore, the only one that every backend reads.

    Args:
        copy: top of the repository.
        folder: of the project, POSIX, relative to `copy`.
        wheel: tells which folder is the package.

    Returns:
        the paths of what was planted, relative to the project.
    """
    project = copy / folder
    files = _UNTRACKED | _IGNORED
    if package := package_folder(project, wheel):
        files = files | {
            f"{package}/{GENERATED}": "PLANTED = True\n",
            f"{package}/__pycache__/{GENERATED}c": "planted\n",
        }
    planted = tuple(path for path, text in files.items() if _write(copy, project / path, text))
    rules = _nearest_rules(copy, folder)
    if not rules.is_symlink() and _is_inside(copy, rules):
        written = rules.read_bytes() if rules.is_file() else b""
        rules.write_bytes(written + _RULES.encode())
    return planted


def _is_inside(copy: Path, place: Path) -> bool:
    """Whether no symlink of the project leads out of the copy on the way to a file."""
    return place.parent.resolve().is_relative_to(copy.resolve())


def package_folder(project: Path, wheel: Artifact) -> str:
    """Return the folder, relative to the project, of a wheel's first package; empty if unclear."""
    modules = (PurePosixPath(p) for p in wheel.files if p.endswith(".py") and "/" in p)
    packages = sorted({path.parent for path in modules}, key=lambda p: (len(p.parts), str(p)))
    for package in packages:
        module = next(p for p in wheel.files if p.startswith(f"{package}/") and p.endswith(".py"))
        for root in _roots(project):
            if (project / root / module).is_file():
                return (root / package).as_posix()
    return ""


def _roots(project: Path) -> Iterable[PurePosixPath]:
    """Yield the folders that may hold packages, the usual ones first."""
    yield from (PurePosixPath("src"), PurePosixPath())
    for place in sorted(project.iterdir()):
        if place.is_dir() and not place.name.startswith("."):
            yield PurePosixPath(place.name)


def _write(copy: Path, place: Path, text: str) -> bool:
    if place.exists() or place.is_symlink() or not _is_inside(copy, place):
        return False
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False  # `notes` is a file here
    place.write_text(text)
    return True


def _nearest_rules(copy: Path, folder: str) -> Path:
    place = copy / folder
    while place != copy and not (place / ".gitignore").is_file():
        place = place.parent
    return place / ".gitignore"
