"""Where a launcher starts: the shapes that are known, else the tables.

Imports are kept to what Python has built in, see `quick.py`.
"""

import sys

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"


def main(tool: str, uv: str) -> None:
    """Do what a launcher does with this process's command line.

    Args:
        tool: whose words the arguments are.
        uv: path of uv as it was at the installation.
    """
    arguments = sys.argv[1:]
    if sys.platform != "win32":
        _quickly(tool, arguments, uv)
    import gc

    gc.disable()  # nothing lives long enough to become garbage
    from unverse.shims.run import exit_with

    exit_with(tool, arguments, uv)


def _quickly(tool: str, arguments: list[str], uv: str) -> None:
    """Become uv, if the words are of a known shape."""
    import posix

    from unverse.shims.quick import quick

    mode = posix.environ.get(b"UNVERSE_SHIM", b"")
    words, differs = quick(tool, arguments, posix.environ)
    if not words or mode not in (b"", b"quiet") or not posix.access(uv, posix.X_OK):
        return
    if not mode and sys.stderr:
        line = " ".join(map(_quoted, words))
        if "://" in line:
            return  # an address may hold a password
        _say(f"{line}\n  differs: {differs}" if differs else line, posix.environ)
    import _signal  # type: ignore[import-not-found] # `signal` imports `enum`

    # Python ignores it, and a program inherits that.
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)
    posix.execve(uv, words, posix.environ)


def _say(text: str, environ: dict[bytes, bytes]) -> None:
    dim = sys.stderr.isatty() and not environ.get(b"NO_COLOR")
    sys.stderr.write(f"\x1b[2m{text}\x1b[0m\n" if dim else f"{text}\n")
    sys.stderr.flush()


def _quoted(word: str) -> str:
    """Quote as `shlex.quote` does."""
    if word and word.isascii() and not word.strip(_SAFE):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
