"""The speed that the project promises: `python -m benchmarks [RUNS]`."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.grid import comparisons
from benchmarks.measure import Subject, alternate, commit, example, ratio, row
from benchmarks.narrow import narrow

UNVERSE = str(Path(sys.executable).with_name("unverse"))
UV = str(Path(sys.executable).with_name("uv"))
UVX = str(Path(sys.executable).with_name("uvx"))


def migrate(runs: int) -> None:
    """Compare `migrate` with lock on the example with migrate-to-uv, caches warm.

    The peer aborts on the example as it is, which locks packages at two versions; so both also
    get the example narrowed to one Python, where every package has one version.
    """
    with example() as ours, example() as theirs, example() as plain:
        for copy in (ours, theirs):
            narrow(copy)
        subjects = [
            Subject("unverse migrate, example", [UNVERSE, "migrate"], plain),
            Subject("unverse migrate, one Python", [UNVERSE, "migrate"], ours),
            Subject("migrate-to-uv, one Python", [UVX, "migrate-to-uv"], theirs),
        ]
        samples = alternate(subjects, runs, reset=True)
        aborted = subprocess.run([UVX, "migrate-to-uv"], cwd=plain, capture_output=True)
    print("migrate with lock, warm caches   (at most half of the peer's time)")
    for subject in subjects:
        print(row(subject.name, samples[subject.name]))
    print(f"  migrate-to-uv on the example as it is: exit code {aborted.returncode}")
    print(f"  ratio {ratio(samples, subjects[1].name, subjects[2].name):.2f}\n")


def plan(runs: int) -> None:
    """Time `plan` on the example; the peer is a bare start of the interpreter."""
    with example() as copy:
        subjects = [
            Subject("unverse plan", [UNVERSE, "plan"], copy),
            Subject("python -c pass", [sys.executable, "-c", "pass"], copy),
        ]
        samples = alternate(subjects, runs)
    print("plan, example   (at most 0.2 s)")
    for subject in subjects:
        print(row(subject.name, samples[subject.name]))
    print()


def large(runs: int) -> None:
    """Plan a repository of 20,000 files in which 50 name Poetry; the peer is `git grep`."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch)
        _large_tree(tree)
        grep = ["git", "grep", "-I", "-l", "-i", "poetry"]
        subjects = [
            Subject("unverse plan", [UNVERSE, "plan"], tree),
            Subject("git grep poetry", grep, tree),
        ]
        samples = alternate(subjects, runs)
    print("plan, 20,000 files, 50 of them name Poetry   (at most 2 x git grep + 0.3 s)")
    for subject in subjects:
        print(row(subject.name, samples[subject.name]))
    pairs = zip(samples["unverse plan"], samples["git grep poetry"], strict=True)
    over = sorted(ours.seconds - 2 * peer.seconds for ours, peer in pairs)
    print(f"  plan - 2 x git grep: {over[len(over) // 2]:.3f} s ({over[0]:.3f}-{over[-1]:.3f})\n")


def _large_tree(tree: Path) -> None:
    body = "value = 'nothing of interest here'\n" * 40
    for number in range(20_000):
        folder = tree / f"package_{number % 200}"
        folder.mkdir(exist_ok=True)
        text = "# run `poetry install` first\n" + body if number % 400 == 0 else body
        (folder / f"module_{number}.py").write_text(text)
    (tree / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "large"\nversion = "1.0"\ndescription = ""\nauthors = []\n\n'
        '[tool.poetry.dependencies]\npython = "^3.11"\n'
    )
    commit(tree)


def grid(runs: int) -> None:
    """Time the comparison of the example's two locks, in this process, imports in the first."""
    with example() as copy:
        measured = list(comparisons(copy, UNVERSE, runs))
    cells, first = measured[0]
    best = min(seconds for _, seconds in measured)
    print(f"compare two locks, {cells} environments with a selection each   (160 in 0.3 s)")
    print(f"  first {first:.3f} s, with imports; best {best:.3f} s\n")


def verify(runs: int) -> None:
    """Time the claims that need no build, on the migrated example, beside `uv lock --check`."""
    with example() as copy:
        subprocess.run([UNVERSE, "migrate"], cwd=copy, capture_output=True, check=True)
        subjects = [
            Subject("unverse verify", [UNVERSE, "verify"], copy),
            Subject("uv lock --check", [UV, "lock", "--check"], copy),
        ]
        samples = alternate(subjects, runs)
    print("verify, example: lock, commands, leftovers, stability   (at most 1 s)")
    for subject in subjects:
        print(row(subject.name, samples[subject.name]))
    print()


def main() -> None:
    """Run every benchmark and print its figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}\n")
    for benchmark in (plan, large, grid, verify, migrate):
        benchmark(runs)


if __name__ == "__main__":
    main()
