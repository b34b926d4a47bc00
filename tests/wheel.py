"""Run the `unverse` on PATH, from an installed wheel, against the example. Not a pytest module."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "bikes"
SCAFFOLD = Path("src") / "unverse" / "scaffold"


def run(*command: str, cwd: Path, expected: int = 0) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != expected:
        raise SystemExit(f"{command} exited {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def check_template() -> int:
    """Compare what git tracks of the template with the wheel and the sdist, byte by byte."""
    listed = run("git", "ls-files", "-z", "--", str(SCAFFOLD), cwd=ROOT)
    paths = [path for path in listed.split("\0") if path]
    (wheel,), (sdist,) = ((ROOT / "build" / "wheel").glob(f"*.{end}") for end in ("whl", "tar.gz"))
    with zipfile.ZipFile(wheel) as wheel_files, tarfile.open(sdist) as sdist_files:
        top = sdist_files.getnames()[0].partition("/")[0]
        for path in paths:
            data = (ROOT / path).read_bytes()
            member = sdist_files.extractfile(f"{top}/{path}")
            if not member or member.read() != data:
                raise SystemExit(f"{path} is not in the sdist as it is here")
            if wheel_files.read(path.removeprefix("src/")) != data:
                raise SystemExit(f"{path} is not in the wheel as it is here")
    return len(paths)


def main() -> None:
    template = check_template()
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
    told = f"plans {len(paths)} files of the example, holds {template} of the template"
    sys.stdout.write(f"wheel: {version.strip()} {told}\n")


if __name__ == "__main__":
    main()
