"""Run the `unverse` on PATH, from an installed wheel, against the example. Not a pytest module."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "bikes"


def run(*command: str, cwd: Path, expected: int = 0) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != expected:
        raise SystemExit(f"{command} exited {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "bikes"
        shutil.copytree(EXAMPLE, copy)
        run("git", "init", "--quiet", cwd=copy)
        run("git", "add", "--all", cwd=copy)
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        run("git", *identity, "commit", "--quiet", "--message=before", cwd=copy)
        version = run("unverse", "--version", cwd=copy)
        plan = json.loads(run("unverse", "plan", "--format=json", cwd=copy, expected=1))
        paths = {file["path"] for file in plan["files"]}
        if not {"pyproject.toml", "poetry.lock"} <= paths:
            raise SystemExit(f"the plan lacks files: {paths}")
        # The page has files of its own, which the wheel must hold.
        page = run("unverse", "migrate", "--format=html", cwd=copy)
        if not page.startswith("<!DOCTYPE html>") or "prefers-color-scheme" not in page:
            raise SystemExit(f"no page: {page[:200]}")
    sys.stdout.write(f"wheel: {version.strip()} plans {len(paths)} files of the example\n")


if __name__ == "__main__":
    main()
