"""Migrate every checkout of a folder in a scratch copy and print a table. Not part of CI.

    python tools/corpus.py CHECKOUTS [--tsv FILE] [--only WORD] [--jobs N]

CHECKOUTS holds git work trees named `owner+name`. The optional TSV file has the columns `repo`,
`subdir`, `migrate_to_uv` and `mtu_environments_differ`, which are printed beside ours.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLUMNS = (
    "repository",
    "outcome",
    "check",
    "differ",
    "kept",
    "comments",
    "again",
    "claims that fail",
    "seconds",
    "migrate-to-uv",
    "differ there",
)
UNVERSE = (sys.executable, "-m", "unverse")


@dataclass(frozen=True)
class Task:
    """A checkout, the folder in it to migrate, and what the peer made of it."""

    checkout: Path
    subdir: str
    peer: str
    peer_differs: str


def tasks(checkouts: Path, tsv: Path | None, only: str) -> Iterator[Task]:
    """Yield what is to be done, from the TSV file or from the folder alone."""
    if tsv is None:
        for path in sorted(checkouts.iterdir()):
            if only in path.name and (path / ".git").exists():
                yield Task(path, ".", "", "")
        return
    with tsv.open() as lines:
        for entry in csv.DictReader(lines, delimiter="\t"):
            path = checkouts / entry["repo"].replace("/", "+")
            if only in path.name and path.is_dir():
                peer, differs = entry["migrate_to_uv"], entry["mtu_environments_differ"]
                yield Task(path, entry["subdir"] or ".", peer, differs)


def attempt(task: Task) -> dict[str, str]:
    """Migrate one checkout in a scratch copy and return its row."""
    row = dict.fromkeys(COLUMNS, "")
    row["repository"] = task.checkout.name.replace("+", "/")
    row["migrate-to-uv"], row["differ there"] = task.peer, task.peer_differs
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / task.checkout.name
        shutil.copytree(task.checkout, copy, symlinks=True)
        place = copy / task.subdir
        before = place.joinpath("pyproject.toml").read_text(errors="replace")
        started = time.perf_counter()
        done = _run(*UNVERSE, "migrate", "--allow-unreachable", "--format=json", cwd=place)
        row["seconds"] = f"{time.perf_counter() - started:.1f}"
        if done.returncode not in (0, 1) or not done.stdout:
            told = (done.stderr or "killed").strip().splitlines()
            row["outcome"] = (told[-1] if "Traceback" in told[0] else told[0])[:110]
            return row
        report = json.loads(done.stdout)
        row["outcome"] = "ok" if done.returncode == 0 else "claim fails"
        row |= _claims(report, row["repository"])
        after = place.joinpath("pyproject.toml").read_text(errors="replace")
        row["comments"] = f"{_kept_comments(before, after)}/{before.count('#')}"
        again = _run(*UNVERSE, "plan", "--format=json", cwd=place)
        row["again"] = {0: "empty", 1: "not empty"}.get(again.returncode, again.stderr[:40])
    return row


def _claims(report: dict[str, Any], name: str) -> dict[str, str]:
    locks = report["locks"]
    fail = [claim for claim in report["claims"] if claim["verdict"] == "fails"]
    for claim in fail:
        print(name, claim["name"], *claim["details"], sep="\n    ", file=sys.stderr)
    return {
        "claims that fail": "; ".join(claim["name"] for claim in fail),
        "check": "; ".join(dict.fromkeys(_check(lock) for lock in locks)),
        "differ": "; ".join(dict.fromkeys(_differ(lock) for lock in locks)),
        "kept": f"{sum(lock['kept'] for lock in locks)}/{sum(lock['packages'] for lock in locks)}",
    }


def _check(lock: dict[str, Any]) -> str:
    how = str(lock["how"]).split()[0]
    return f"{how}, passes" if lock["checked"] else f"{how}, {lock['unchecked'][:70]}"


def _differ(lock: dict[str, Any]) -> str:
    if "environments" not in lock:
        return "no poetry.lock"
    told = f"{lock['differing']}/{lock['environments']}"
    if lock["differing"]:
        told += f" ({lock['unexplained']} unexplained: {', '.join(lock['causes'])})"
    return told


def _kept_comments(before: str, after: str) -> int:
    texts = [line.partition("#")[2].strip() for line in before.splitlines() if "#" in line]
    return sum(text in after for text in texts)


def _run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=900)


def main() -> None:
    """Print the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--tsv", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    print("| " + " | ".join(COLUMNS) + " |")
    print("|" + " --- |" * len(COLUMNS))
    todo = tasks(options.checkouts, options.tsv, options.only)
    with ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(attempt, todo):
            print("| " + " | ".join(row[column].replace("|", "\\|") for column in COLUMNS) + " |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
