"""Certificates for tests: a small one that holds, and one with everything, much of it hostile."""

from __future__ import annotations

from dataclasses import replace

from unverse.edits import Change, CreateFile, Edit, Note, RemoveFile, Tier
from unverse.plan import Plan
from unverse.proof.artifacts.differences import ArtifactDifference, Kind
from unverse.proof.claims import Claim, Verdict
from unverse.proof.lock import LockProof
from unverse.proof.lock_differences import Cause, Difference
from unverse.proof.lock_hashes import Hashes
from unverse.proof.timing import Timing
from unverse.repo import SourceFile
from unverse.report.certificate import Certificate
from unverse.report.hunks import plan_changes
from unverse.report.picture import picture
from unverse.standards.environments import Universe
from unverse.standards.grid import Grid, Selection
from unverse.standards.markers import parse

SCRIPT = "<script>window.broken = 1</script>"
IMAGE = '"><img src=x onerror="window.broken = 1">'
# Turns the direction of what follows around.
TROJAN = "\u202e"

WORKFLOW = "\n".join(
    ("name: check", "jobs:", *(f"  # line {number}" for number in range(3, 30)), "  - run: end")
)


def grid(python: str = ">=3.11,<3.14", selections: int = 2, marker: str = "") -> Grid:
    """Return a grid of three Pythons on six platforms."""
    names = [Selection("main only", frozenset({"main"}))]
    names += [
        Selection(f"with extra e{number}", frozenset({"main"}), frozenset({f"e{number}"}))
        for number in range(1, selections)
    ]
    return Grid(Universe.build(python, [parse(marker)] if marker else []), tuple(names))


def difference(grid: Grid, cells: int, cause: Cause, name: str = "numpy") -> Difference:
    selection, environment = grid.first(cells)
    environments = grid.environments(cells).bit_count()
    versions = ("1.26.4", "")
    return Difference(name, cause, *versions, selection.label, environment, environments, cells)


def proof(grid: Grid, *differences: Difference) -> LockProof:
    cells = faults = 0
    for one in differences:
        cells |= one.cells
        faults |= one.cells if one.cause is Cause.UNEXPLAINED else 0
    return LockProof(
        grid=grid,
        environments=grid.width,
        packages=12,
        differing=grid.environments(cells).bit_count(),
        unexplained=grid.environments(faults).bit_count(),
        differences=differences,
        hashes=Hashes(0, (), {}, ()),
        fresh=True,
        unmet=(),
        doubled=(),
        unsolvable=0,
    )


def replacing(path: str, text: str, old: str, new: str, rule: str, tier: Tier) -> Edit:
    start = text.index(old)
    return Edit(path, start, start + len(old), new, rule, f"`{old}` is Poetry's", tier)


def plan() -> Plan:
    """Return edits by four rules in three files, and a lock that goes."""
    texts = {
        ".github/workflows/check.yml": WORKFLOW
        + "\n  - run: poetry install\n  - run: poetry run x\n",
        f"docs/{SCRIPT}.md": f"# Docs\n\npoetry add {IMAGE}\n{TROJAN}\n",
        "Dockerfile": "FROM python\nRUN pip install poetry\nRUN pip install dist/*.whl\n",
        "poetry.lock": "# lock\n" * 400,
    }
    workflow, docs, image, lock = texts
    faithful, improvement = Tier.FAITHFUL, Tier.IMPROVEMENT
    edits = (
        replacing(
            workflow, texts[workflow], "poetry install", "uv sync --locked", "ci/install", faithful
        ),
        replacing(workflow, texts[workflow], "poetry run", "uv run", "ci/run", faithful),
        replacing(docs, texts[docs], "poetry add", f"uv add {SCRIPT}", "docs/add", faithful),
        replacing(image, texts[image], "pip install poetry", "echo", "docker/installer", faithful),
        replacing(
            image, texts[image], "pip install dist", "uv pip install dist", "docker/uv", improvement
        ),
    )
    removed = RemoveFile(lock, "poetry-lock/remove", "uv.lock takes its place")
    created = CreateFile(".python-version", "3.13\n", "python/version", "uv reads it")
    changes: list[Change] = [*edits, removed, created]
    changes.sort(key=lambda change: change.path)
    return Plan(
        (), {path: SourceFile(path, text) for path, text in texts.items()}, tuple(changes), ()
    )


def everything() -> Certificate:
    """Return a certificate in which every section has something to show."""
    where = grid()
    fault = difference(where, 1 << 4, Cause.UNEXPLAINED, f"numpy{SCRIPT}")
    known = difference(where, 0b11 << where.width, Cause.MORE, "zipp")
    return Certificate(
        repository=f"bikes{SCRIPT}",
        before="3f2a91c",
        after=f"work tree {IMAGE}",
        claims=(
            Claim(
                "lock: `uv.lock` installs the same",
                Verdict.FAILS,
                "18 environments",
                (SCRIPT, IMAGE),
            ),
            Claim("stability: a second plan is empty", Verdict.HOLDS, f"0 changes {SCRIPT} a|b"),
            Claim("tests: no new failures", Verdict.NOT_CHECKED, "ask for it with `--run`"),
        ),
        pictures=(picture(".", proof(where, fault, known)),),
        artifacts=(
            ArtifactDifference(Kind.LEAK, f"bikes/{SCRIPT}", "", "12 bytes", "", "sdist"),
            ArtifactDifference(
                Kind.METADATA, "Requires-Dist", "a (>1)", "a>1", "spelling", "wheel"
            ),
        ),
        changes=plan_changes(plan()),
        notes=(
            Note("README.md", 22, "docs/prose", f"`poetry shell` has no form {SCRIPT} here"),
            Note("README.md", 57, "docs/prose", "says how Poetry is used | say it of uv"),
            Note(f"a`b{SCRIPT}.md", 0, "docs/prose", f"hostile {IMAGE}{TROJAN}"),
        ),
        tools=(("unverse", "0.1.0"), ("uv", "0.13.9"), ("Poetry", "2.1.3")),
        timings=(Timing("`sync`, warm", 38.2, 1.9, 1.1, 0.2), Timing("lock", 0.5, 1.0)),
    )


def holding() -> Certificate:
    """Return one in which every claim holds and little else is known."""
    claims = tuple(claim for claim in everything().claims if claim.verdict is Verdict.HOLDS)
    return replace(Certificate("bikes", "3f2a91c", "8c1d2aa"), claims=claims)
