"""Rendering the template, and running programs in what comes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from unverse.pins import pins
from unverse.scaffold.history import PLACE, Template, remember
from unverse.scaffold.questions import questions
from unverse.uv.run import clean_environment, find_uv

FEATURES = questions().features
USUAL = questions().usual
# One process renders all of them: Copier takes longer to start than to render.
_RENDER = """
import json, sys
from copier import run_copy
source, tag, wanted = json.load(sys.stdin)
for place, data in wanted.items():
    run_copy(source, place, data=data, vcs_ref=tag, defaults=True, quiet=True)
"""


def render(wanted: Mapping[Path, Mapping[str, object]]) -> None:
    """Render the template into places, each with its answers."""
    tag = remember(Template.own())
    asked = {str(place): dict(data) for place, data in wanted.items()}
    tool = ("tool", "run", "--python", sys.executable, "--from", f"copier=={pins().copier}")
    text = json.dumps([PLACE, tag, asked])
    run(Path(), find_uv(), *tool, "python", "-c", _RENDER, stdin=text)


def run(
    cwd: Path,
    *words: str,
    stdin: str = "",
    expected: Sequence[int] = (0,),
    environ: Mapping[str, str] | None = None,
) -> str:
    """Run a program as somebody would who has no environment of unverse activated."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env=clean_environment(os.environ) | dict(environ or {}),
        input=stdin,
        capture_output=True,
        text=True,
    )
    told = f"$ {' '.join(words)}\n{done.stdout}{done.stderr}"
    assert done.returncode in expected, told
    return done.stdout


def text_files(project: Path) -> dict[str, str]:
    """The text of every file of a rendered project, by path."""
    return {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(project.rglob("*"))
        if path.is_file() and not {".git", ".venv"} & set(path.parts)
    }
