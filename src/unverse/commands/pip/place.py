"""Where a command of pip works, said in uv's words.

pip works where it is installed; uv where an environment is active, else in a `.venv`, and in
another place only if it is told: https://docs.astral.sh/uv/pip/environments/
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Untranslatable

_TOOL = r"(?:pip-sync|pip|python)"
_VERSIONED = re.compile(rf"{_TOOL}(?P<version>3\.\d+)(?:\.exe)?")
_PLAIN = re.compile(rf"{_TOOL}3?(?:\.exe)?|py(?:\.exe)?")
_PATH = re.compile(rf"(?P<folder>.*[/\\]){_TOOL}(?P<version>[\d.]*)(?P<end>(?:\.exe)?)")
_UNKNOWN = (
    "whether a virtual environment is active here is not known: `{text}` in one, "
    "`{text} --system` without"
)


def place(found: Invocation, context: Context) -> tuple[str, ...] | Untranslatable:
    """Return the options that say where the command works."""
    if found.has("--python") or found.has("--target") or found.has("--prefix"):
        return ()
    own = _interpreter(found.word(found.command.first).text)
    if own is None:
        return Untranslatable("Python 2 is not known to uv")
    if own and not own.startswith("3."):
        return ("--python", own)
    if "sudo" in found.command.wrappers:
        return Untranslatable("`sudo` looks for pip on a PATH of its own")
    if context.target is None:
        return Untranslatable(_UNKNOWN.format(text=" ".join(found.row.becomes)))
    if context.target == "environment":
        return ()
    told = context.environment.get("UV_SYSTEM_PYTHON", "").lower() in {"1", "true"}
    system = () if told else ("--system",)
    # That variable would choose another Python than the first on PATH.
    own = own or (_first(found) if "UV_PYTHON" in context.environment else "")
    return (*system, "--python", own) if own else system


def _first(found: Invocation) -> str:
    """Return the name under which the first Python on PATH is there for sure."""
    raw = found.word(found.command.first).text
    return "python3" if raw.startswith(("python3", "pip3")) else "python"


def _interpreter(raw: str) -> str | None:
    """Return what names the Python: a path, `3.12`, empty for any, None for Python 2."""
    bare = raw.strip("\"'")
    quote = raw[0] if raw[:1] in {"'", '"'} else ""
    if _PLAIN.fullmatch(bare):
        return ""
    if match := _VERSIONED.fullmatch(bare):
        return match["version"]
    if match := _PATH.fullmatch(bare):
        return f"{quote}{match['folder']}python{match['version']}{match['end']}{quote}"
    return raw if "$" in raw and "pip" not in raw.lower() else None
