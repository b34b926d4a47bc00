"""Command lines whose translation needs no table: the shapes of `known.py`, in place.

Nothing is imported but what Python has built in: a launcher is run again and again, and each
module costs a millisecond. What is not known for sure is left to `run.py`.
"""

import posix

from unverse.shims.known import LEADING, WHOLE

# Variables that have a counterpart in uv, or say which environment is meant.
_PREFIXES = (
    *(b"POETRY_CACHE_DIR", b"POETRY_REQUESTS", b"POETRY_PYPI_TOKEN", b"POETRY_HTTP"),
    *(b"POETRY_VIRTUALENVS", b"CONDA_", b"UV_PROJECT"),
)
_SPECIAL = ("pip", "poetry")


def quick(
    tool: str, arguments: list[str], environ: dict[bytes, bytes]
) -> tuple[tuple[str, ...], str]:
    """Return uv's words, and how they differ; no words if the tables have to say.

    Args:
        tool: whose words the arguments are.
        arguments: of the command line.
        environ: variables, as `posix.environ` has them.
    """
    words, differs = WHOLE.get((tool, *arguments)) or _leading(tool, arguments)
    if words and tool == "poetry" and not _is_plain(arguments[0], environ):
        return (), ""
    return words, differs


def _leading(tool: str, arguments: list[str]) -> tuple[tuple[str, ...], str]:
    """Return the words for `poetry run PROGRAM …`, unless the program is one of its own."""
    head, differs = LEADING.get((tool, *arguments[:1])) or ((), "")
    if len(arguments) < 2 or not arguments[1] or arguments[1][0] == "-":
        return (), ""
    if any(special in word for word in arguments[1:4] for special in _SPECIAL):
        return (), ""
    return ((*head, *arguments[1:]) if head else ()), differs


def _is_plain(verb: str, environ: dict[bytes, bytes]) -> bool:
    """Whether the project is uv's, with its own environment and nothing set for Poetry."""
    if any(name.startswith(_PREFIXES) for name in environ):
        return False
    root = _root(posix.getcwdb())
    if not root or not _exists(root + b"/uv.lock"):
        return False
    if environ.get(b"VIRTUAL_ENV") not in (None, root + b"/.venv"):
        return False
    return verb != "version" or not _is_dynamic(root)


def _root(folder: bytes) -> bytes:
    while folder != b"/":
        if _exists(folder + b"/pyproject.toml"):
            return folder
        folder = folder[: folder.rindex(b"/")] or b"/"
    return b""


def _is_dynamic(root: bytes) -> bool:
    """Whether a build may compute the version: `dynamic = [… "version"]`, a plugin's table."""
    with open(root + b"/pyproject.toml", "rb") as file:
        _, *parts = file.read().split(b"dynamic")
    return any(b"version" in part.partition(b"]")[0] for part in parts)


def _exists(path: bytes) -> bool:
    try:
        posix.stat(path)
    except OSError:
        return False
    return True
