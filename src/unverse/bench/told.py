"""What was measured, as lines of a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from unverse.bench.model import Bench, Image, Job, Size
from unverse.proof.timing import Scale, Timing, duration
from unverse.report.bars import bar_lines
from unverse.report.escaping import visible
from unverse.report.summary import count

WIDTH = 80
_BAR = 44
_NAME = 38
_TOOLS = ("Poetry", "uv")
_KILO = 1000.0
_NOTHING = "-"
LAYERS = (
    "What the lines of Poetry or uv write, and the tool itself. Not in it: the base image, "
    "packages of the system, sources, what other commands write or remove."
)


def bench_text(bench: Bench) -> str:
    """Return tables and bars, in lines of at most 80 columns."""
    parts = (_head(bench), _table(bench.timings), _bars(bench.timings))
    more = (_jobs(bench.jobs), _sizes(bench.sizes), _images(bench.images), _missing(bench))
    told = ["\n".join(lines) for part in (*parts, *more) if (lines := list(part))]
    return visible("\n\n".join(told))


def method(bench: Bench) -> str:
    """Return a sentence that says how it was measured."""
    cold = (bench.runs + 1) // 2
    fewer = f"; of {count(cold, 'run')} without it where the cache is empty"
    return (
        f"Medians of {count(bench.runs, 'run')} after a warm-up{fewer}; Poetry and uv begin in "
        "turn. Scratch copies, private caches."
    )


def heading(bench: Bench) -> str:
    """Return what was measured."""
    return f"{bench.repository} ({bench.project}): {bench.before} beside {bench.after}"


def size(length: int) -> str:
    """Return bytes with a unit: `812 B`, `1.8 kB`, `62.4 MB`."""
    value, units = float(length), ("B", "kB", "MB", "GB")
    for unit in units[:-1]:
        if value < _KILO:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= _KILO
    return f"{value:.1f} {units[-1]}"


def way(timing: Timing | None) -> str:
    """Return both medians: `1.30 s → 26 ms`."""
    if timing is None:
        return _NOTHING
    return f"{duration(timing.before)} → {duration(timing.after)}"


def _head(bench: Bench) -> Iterator[str]:
    yield from wrap(heading(bench), WIDTH, break_long_words=False)
    facts = "; ".join(f"{name} {value}" for name, value in bench.machine)
    yield from wrap(facts, WIDTH, break_long_words=False)
    yield from wrap(method(bench), WIDTH)


def _row(name: str, *values: str, right: int = 12) -> str:
    return f"{name:<{_NAME}}" + "".join(f"{value:>{right}}" for value in values)


def _table(timings: Iterable[Timing]) -> Iterator[str]:
    rows = [
        f"{_row(one.name, duration(one.before), duration(one.after))}{one.times:>16.1f}"
        for one in timings
    ]
    if rows:
        yield f"{_row('', *_TOOLS)}{'times as fast':>16}"
        yield from rows


def _bars(timings: Iterable[Timing]) -> Iterator[str]:
    for one in timings:
        yield f"{one.name}{' (log scale)' if Scale.of(one).is_logarithmic else ''}"
        yield from bar_lines(one, _TOOLS, _BAR)


def _jobs(jobs: Iterable[Job]) -> Iterator[str]:
    rows = [line for job in jobs for line in _job(job)]
    if rows:
        yield "CI: what the jobs of the workflows install, Poetry → uv"
        yield _row("", "empty cache", "warm cache", right=21)
        yield from rows


def _job(job: Job) -> Iterator[str]:
    figures = f"{way(job.cold):>21}{way(job.warm):>21}"
    if len(job.name) < _NAME:
        yield f"{job.name:<{_NAME}}{figures}"
    else:
        yield job.name
        yield f"{'':<{_NAME}}{figures}"
    told = f"installs {job.installs}"
    yield from wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _sizes(sizes: Iterable[Size]) -> Iterator[str]:
    rows = [_row(one.name, size(one.before), size(one.after)) for one in sizes]
    if rows:
        yield _row("sizes", *_TOOLS)
        yield from rows


def _images(images: Iterable[Image]) -> Iterator[str]:
    rows = [line for image in images for line in _image(image)]
    if rows:
        yield _row("image layers", *_TOOLS)
        yield from rows
        yield from wrap(LAYERS, WIDTH)


def _image(image: Image) -> Iterator[str]:
    name = image.name
    if len(name) >= _NAME:
        yield name
        name = ""
    yield _row(name, size(image.layers.before), size(image.layers.after))
    for part in image.parts:
        yield _row(f"  {part.name}", size(part.before), size(part.after))
    told = f"installs {image.installs}"
    yield from wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _missing(bench: Bench) -> Iterator[str]:
    if bench.missing:
        yield "not measured"
    for one in bench.missing:
        told = f"{one.name}: {one.reason}"
        yield from wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")
