"""What was measured, in the form that was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from unverse import __version__
from unverse.bench.model import Bench, Image, Job
from unverse.bench.told import LAYERS, bench_text, heading, method, size, way


def bench_in(form: str, bench: Bench) -> str:
    """Return what was measured as one of `BENCH_FORMS` (`unverse.arguments`)."""
    if form == "json":
        return bench_json(bench)
    if form == "markdown":
        return bench_markdown(bench)
    if form == "html":
        from unverse.bench.page import bench_html

        return bench_html(bench)
    return bench_text(bench)


def bench_json(bench: Bench) -> str:
    """Return a JSON object: times in seconds, sizes in bytes."""
    document = asdict(bench)
    document["machine"] = [{"name": name, "value": value} for name, value in bench.machine]
    return json.dumps({"unverse": __version__, **document}, indent=2, ensure_ascii=False)


def bench_markdown(bench: Bench) -> str:
    """Return tables for a comment on a pull request."""
    parts = (
        _timings(bench),
        _jobs(bench.jobs),
        _sizes(bench),
        _images(bench.images),
        _missing(bench),
    )
    told = ["\n".join(lines) for part in parts if (lines := list(part))]
    return "\n\n".join((f"### Speed: {_inline(heading(bench))}", _inline(method(bench)), *told))


def _inline(text: str) -> str:
    from unverse.report.markdown import inline

    return inline(text)


def _table(*rows: Iterable[str], numbers: int) -> Iterator[str]:
    from unverse.report.markdown import cell

    for index, row in enumerate(rows):
        words = list(row)
        yield "| " + " | ".join(map(cell, words)) + " |"
        if not index:
            signs = ["---"] * (len(words) - numbers) + ["--:"] * numbers
            yield "| " + " | ".join(signs) + " |"


def _timings(bench: Bench) -> Iterator[str]:
    from unverse.report.bars import after_told, before_told

    head = ("", "Poetry", "uv", "times as fast")
    rows = [
        (_inline(one.name), before_told(one), after_told(one), f"{one.times:.1f}")
        for one in bench.timings
    ]
    if rows:
        yield from _table(head, *rows, numbers=3)


def _jobs(jobs: Iterable[Job]) -> Iterator[str]:
    from unverse.report.markdown import code

    rows = [(code(job.name), _inline(job.installs), way(job.cold), way(job.warm)) for job in jobs]
    if rows:
        head = ("job of a workflow", "installs", "empty cache", "warm cache")
        yield from _table(head, *rows, numbers=2)


def _sizes(bench: Bench) -> Iterator[str]:
    rows = [(one.name, size(one.before), size(one.after)) for one in bench.sizes]
    if rows:
        yield from _table(("size", "Poetry", "uv"), *rows, numbers=2)


def _images(images: Iterable[Image]) -> Iterator[str]:
    from unverse.report.markdown import code

    rows = []
    for one in images:
        both = size(one.layers.before), size(one.layers.after)
        rows.append((code(one.name), _inline(one.installs), *both))
        rows += [("", part.name, size(part.before), size(part.after)) for part in one.parts]
    if rows:
        yield from _table(("layers of the image", "installs", "Poetry", "uv"), *rows, numbers=2)
        yield f"\n{LAYERS}"


def _missing(bench: Bench) -> Iterator[str]:
    yield from (f"- {name}: {_inline(value)}" for name, value in bench.machine)
    for one in bench.missing:
        yield f"- not measured: {_inline(one.name)}: {_inline(one.reason)}"
