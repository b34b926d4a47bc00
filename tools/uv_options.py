"""Write the table of uv's command lines, as the uv that the project uses has them.

    python tools/uv_options.py        writes src/unverse/proof/commands/uv_options.txt

What is known of a command: its shell completion, hidden options included; and for the commands
that repositories call, every option of any other command is tried, because aliases are in no list.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from unverse.uv.run import find_uv

OUT = Path(__file__).parent.parent / "src/unverse/proof/commands/uv_options.txt"
_EXTERN = re.compile(
    r'^  export extern (?:"(?P<quoted>uv[^"]*)"|uv) \[\n(?P<body>.*?)^  \]', re.M | re.S
)
_OPTION = re.compile(r"^    (--[\w-]+)(?:\((-\w)\))?(:?)|^    (-\w)(:?)[ \n]", re.M)
_TRIED = (
    *("sync", "run", "lock", "export", "add", "remove", "version", "build", "publish", "tree"),
    *("venv", "pip install", "pip sync", "pip compile", "tool run", "tool install"),
)


def main() -> None:
    """Ask uv, and write the table."""
    table = completions(_uv("generate-shell-completion", "nushell")[1])
    every = {option for options in table.values() for option in options if option.startswith("--")}
    for command in _TRIED:
        known = table[f"uv {command}"]
        bare = {option.rstrip("=") for option in known}
        for option in sorted(every):
            if option.rstrip("=") not in bare and accepts(command.split(), option.rstrip("=")):
                known.append(option)
    everywhere = set(table["uv"])  # what every command takes is said once
    lines = []
    for command, options in sorted(table.items()):
        own = options if command == "uv" else set(options) - everywhere
        lines.append(f"{command}: {' '.join(sorted(own))}".rstrip())
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def completions(text: str) -> dict[str, list[str]]:
    """Return the options of every command; those that take a value end in `=`."""
    found: dict[str, list[str]] = {}
    for match in _EXTERN.finditer(text):
        options = found.setdefault(match["quoted"] or "uv", [])
        for long, short, valued, alone, alone_valued in _OPTION.findall(match["body"]):
            takes = "=" if valued or alone_valued else ""
            options += [name + takes for name in (long, short, alone) if name]
    return {name: options for name, options in found.items() if not name.startswith("uv help ")}


def accepts(command: list[str], option: str) -> bool:
    """Say whether uv knows an option that its completion does not name."""
    _, said = _uv(*command, f"{option}=x", "--help")
    return "unexpected argument" not in said


def _uv(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [find_uv(), *arguments], capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"}
    )
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    main()
