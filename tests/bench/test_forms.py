"""What was measured, told: in 80 columns, in tables, in a page that lets nothing in."""

from __future__ import annotations

import json

import pytest

from unverse.arguments import BENCH_FORMS
from unverse.bench.forms import bench_in
from unverse.bench.model import Bench, Image, Job, Missing, Size
from unverse.bench.told import size
from unverse.proof.timing import Scale, Timing, duration, spread
from unverse.report.bars import bar_lines

FAST = Timing(
    "install, warm cache, new environment", 8.0, 0.02, 0.0, 0.0, (7.5, 9.25), (0.018, 0.025), 3
)
SLOW = Timing("build sdist and wheel", 0.5, 1.25, before_range=(0.5, 0.5), after_range=(1.25, 1.25))
NAME = ".github/workflows/<b>continuous-integration.yml [unit tests on all systems]"
BENCH = Bench(
    "demo",
    "pyproject.toml",
    "0123456789ab",
    "migrated copy",
    (("CPU", "Some Processor with a long name, 2 cores"), ("Poetry", "2.1.3"), ("uv", "0.9.1")),
    3,
    (FAST, SLOW),
    (
        Job("ci.yml [a]", "main, dev", ("poetry install",), ("uv sync",), SLOW, FAST),
        Job(NAME, "main | `docs`", ("poetry install",), ("uv sync",), None, FAST),
    ),
    (Size("lock", 999, 1234), Size("environment", 1_500_000, 1_400_000)),
    (
        Image(
            "Dockerfile [<b>a-stage-with-a-name-that-is-far-too-long]",
            "main, extra docs",
            ("poetry install",),
            ("uv sync",),
            Size("layers", 61_000_000, 42_000_000),
            (Size("environment", 60_000_000, 40_000_000), Size("cache", 1_000_000, 2_000_000)),
        ),
    ),
    (Missing("export requirements.txt", "<script>alert(1)</script> \x1b[31m" + "long " * 40),),
)


def test_the_terminal_has_80_columns() -> None:
    lines = bench_in("text", BENCH).splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(lines)


def test_the_terminal_shows_table_bars_jobs_sizes_and_what_is_missing() -> None:
    text = bench_in("text", BENCH)
    assert "install, warm cache, new environment        8.00 s       20 ms           400.0" in text
    assert "build sdist and wheel                       0.50 s      1.25 s             0.4" in text
    assert " 20 ms (18-25)\n" in text
    assert "environment (log scale)" in text and "wheel (log scale)" not in text
    assert f"ci.yml [a]{'0.50 s → 1.25 s':>49}{'8.00 s → 20 ms':>21}" in text
    assert "environment                                 1.5 MB      1.4 MB" in text
    assert "image layers                                Poetry          uv\nDockerfile [<b>" in text
    assert f"{'':<38}{'61.0 MB':>12}{'42.0 MB':>12}\n  environment  " in text
    assert "  installs main, extra docs\n" in text
    assert "Not in it: the base image" in text.replace("\n", " ")
    assert "not measured\n  export requirements.txt: <script>" in text
    assert "Medians of 3 runs after a warm-up; of 2 runs without it" in text.replace("\n", " ")


def test_markdown_is_tables() -> None:
    text = bench_in("markdown", BENCH)
    assert "| install, warm cache, new environment | 8.00 s (7.50-9.25) | 20 ms (18-25) |" in text
    assert "| ci.yml [a] |" in text.replace("`", "")
    assert (
        "| `Dockerfile [<b>a-stage" in text and "| main, extra docs | 61.0 MB | 42.0 MB |" in text
    )
    assert "|  | cache | 1.0 MB | 2.0 MB |" in text
    assert "<script>" not in text.replace("\\<", "&lt;")
    widths = {line.replace("\\|", "").count("|") for line in text.splitlines() if line[:1] == "|"}
    assert widths <= {4, 5}


def test_json_has_seconds_and_bytes() -> None:
    document = json.loads(bench_in("json", BENCH))
    assert document["timings"][0]["before_range"] == [7.5, 9.25]
    assert document["jobs"][1]["cold"] is None and document["jobs"][0]["warm"]["runs"] == 3
    assert document["sizes"][0] == {"name": "lock", "before": 999, "after": 1234}
    assert document["images"][0]["layers"] == {
        "name": "layers",
        "before": 61_000_000,
        "after": 42_000_000,
    }
    assert document["images"][0]["after"] == ["uv sync"]
    assert document["images"][0]["parts"][1]["name"] == "cache"
    assert document["machine"][1] == {"name": "Poetry", "value": "2.1.3"}
    assert document["missing"][0]["name"] == "export requirements.txt"


def test_the_page_has_its_sections_and_lets_nothing_in() -> None:
    page = bench_in("html", BENCH)
    assert "<script>alert" not in page and "<b>continuous" not in page
    for section in ("speed", "ci", "sizes", "missing"):
        assert f'<section id="{section}"' in page
    assert "<b>a-stage" not in page and "Dockerfile [&lt;b&gt;a-stage" in page
    assert "61.0 MB" in page and "Not in it: the base image" in page
    assert "<h1>0.4 to 400.0 times as fast</h1>" in page
    assert 'class="timing slower"' in page and "log scale" in page
    assert "unverse bench" in page


@pytest.mark.parametrize("form", BENCH_FORMS)
def test_every_form_tells_a_run_of_one_thing(form: str) -> None:
    one = Bench("demo", "pyproject.toml", "a", "b", (), 1, (SLOW,))
    told = bench_in(form, one)
    assert "build sdist and wheel" in told
    assert "not measured" not in told.lower()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.0004, "0 ms"), (0.02, "20 ms"), (0.0994, "99 ms"), (0.1, "0.10 s"), (9.99, "9.99 s"),
     (12.34, "12.3 s"), (732.0, "732.0 s")],
)  # fmt: skip
def test_durations(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_range_has_the_unit_of_its_median() -> None:
    assert spread(0.09, (0.08, 0.2)) == "90 ms (80-200)"
    assert spread(20.0, (9.0, 31.04)) == "20.0 s (9.0-31.0)"


@pytest.mark.parametrize(
    ("length", "told"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (62_400_000, "62.4 MB"), (3e12, "3000.0 GB")],
)
def test_sizes(length: int, told: str) -> None:
    assert size(length) == told


def test_a_scale_is_logarithmic_only_where_a_bar_would_vanish() -> None:
    assert not Scale.of(SLOW).is_logarithmic
    scale = Scale.of(FAST)
    assert scale.is_logarithmic and scale.floor == pytest.approx(0.001)
    assert scale.at(9.25) == 1 and scale.at(0.0) == 0
    assert scale.at(0.1) - scale.at(0.01) == pytest.approx(scale.at(1) - scale.at(0.1))


def test_bars_grow_with_time_and_never_vanish() -> None:
    first, second = bar_lines(Timing("x", 10.0, 0.3), ("a", "bb"), 40)
    assert first == f"  a   {'█' * 40} 10.0 s"
    assert second == "  bb  █ 0.30 s"
