"""What holds of every converted workflow, whatever is in it (SHAPES of real ones, in short)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unverse.converters.workflows.model import Job, read_workflow
from unverse.converters.workflows.names import python_name, uv_name
from unverse.converters.workflows.pythons import understood
from unverse.syntax.yaml import parse

CASES = Path(__file__).parent / "github-actions"
AFTER = sorted(path for path in CASES.glob("*/after/**/*.yml") if path.is_file())


def jobs(text: str) -> tuple[Job, ...]:
    workflow = read_workflow(parse(text))
    return workflow.jobs if workflow else ()


@pytest.mark.parametrize("path", AFTER, ids=lambda path: str(path.relative_to(CASES)))
def test_invariants(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before = Path(str(path).replace("/after/", "/before/", 1)).read_text(encoding="utf-8")
    if parse(before).broken:
        assert text == before
        return
    assert not parse(text).broken
    assert not re.search(r"cache: *[\"']?poetry", text)
    assert not re.search(r"--(?:only-|no-)?(?:group|extra)[ =][\w-]+,", text)
    for job in jobs(text):
        ids = {step.id for step in job.steps}
        # A step that others ask is still there.
        said = re.sub(r"(?m)^ *#.*", "", text[job.body.start : job.body.end])
        for name in re.findall(r"\bsteps\.([\w-]+)\.", said):
            assert name in ids
        for step in job.steps:
            assert not (step.uses and step.run)
            assert step.uses or step.run or not step.body.pairs


@pytest.mark.parametrize(
    "spec",
    ["3", "3.11", "3.11.4", ">=3.9", ">=3.9,<3.13", "==3.11.*", "pypy-3.10", "pypy3.10", "3.13t"],
)
def test_specs_that_uv_understands(spec: str) -> None:
    assert understood(spec)


@pytest.mark.parametrize(
    "spec", ["3.x", "3.11.x", "3.11.*", "^3.11", "~3.11", "3.10 - 3.12", "3.13-dev", "", "python"]
)
def test_specs_that_mean_nothing_to_uv(spec: str) -> None:
    assert not understood(spec)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Install Poetry", "Install uv"),
        ("🎭 Install poetry 1.8.3", "🎭 Install uv"),
        ("Poetry install", "uv sync"),
        ("Check poetry.lock", "Check uv.lock"),
        ("setup-poetry", "setup-poetry"),
        ("Install poetry-plugin-export", "Install poetry-plugin-export"),
        ("See python-poetry.org", "See python-poetry.org"),
    ],
)
def test_names(before: str, after: str) -> None:
    assert uv_name(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Set up Python with Poetry cache", "Set up Python"),
        ("Setup Python (poetry caching)", "Setup Python"),
        ("Set up Python 3.11", "Set up Python 3.11"),
    ],
)
def test_names_of_setup_python(before: str, after: str) -> None:
    assert python_name(before).strip() == after
