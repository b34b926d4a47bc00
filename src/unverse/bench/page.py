"""What was measured, as an HTML page that looks like the certificate."""

from __future__ import annotations

from collections.abc import Iterable

from unverse.bench.model import Bench, Image, Job
from unverse.bench.told import LAYERS, heading, method, size, way
from unverse.report.page import assembled
from unverse.report.page.markup import prose, text
from unverse.report.page.speed import bars

_SIGN = "»"


def bench_html(bench: Bench) -> str:
    """Return the page: UTF-8, everything within, readable without its script too."""
    slowest, fastest = _extremes(bench)
    return assembled(
        (
            ("speed", "Speed", _timings(bench)),
            ("ci", "CI", _jobs(bench.jobs)),
            ("sizes", "Sizes", _sizes(bench) + _images(bench.images)),
            ("missing", "Not measured", _missing(bench)),
        ),
        brand="bench",
        first="the figures",
        title=text(f"{bench.repository}: speed"),
        verdict="holds" if fastest >= 1 else "not-checked",
        sign=_SIGN,
        headline=_headline(slowest, fastest),
        way=f"<span>{text(heading(bench))}</span>",
        facts=_facts(bench),
        store=text(f"{bench.repository} bench"),
    )


def _extremes(bench: Bench) -> tuple[float, float]:
    found = [timing.times for timing in bench.timings] or [0.0]
    return min(found), max(found)


def _headline(slowest: float, fastest: float) -> str:
    if not fastest:
        return "No times were measured"
    low, high = f"{slowest:.1f}", f"{fastest:.1f}"
    return f"{high if low == high else f'{low} to {high}'} times as fast"


def _facts(bench: Bench) -> str:
    wanted = {"Poetry", "uv", "Python"}
    return "".join(
        f"<li><b>{text(value)}</b> <span>{text(name)}</span></li>"
        for name, value in bench.machine
        if name in wanted
    )


def _timings(bench: Bench) -> str:
    found = bars(bench.timings)
    told = "; ".join(f"{name} {value}" for name, value in bench.machine)
    return f"<p>{text(method(bench))}</p><p>{prose(told)}</p>{found}" if found else ""


def _jobs(jobs: Iterable[Job]) -> str:
    rows = [
        (f"<code>{text(job.name)}</code>", prose(job.installs), way(job.cold), way(job.warm))
        for job in jobs
    ]
    lead = "<p>What the jobs of the workflows install, before → after.</p>"
    head = ("job", "installs", "empty cache", "warm cache")
    return lead + _table(head, rows) if rows else ""


def _sizes(bench: Bench) -> str:
    rows = [(text(one.name), size(one.before), size(one.after)) for one in bench.sizes]
    return _table(("size of the", "before", "after"), rows) if rows else ""


def _images(images: Iterable[Image]) -> str:
    rows = []
    for one in images:
        both = size(one.layers.before), size(one.layers.after)
        rows.append((f"<code>{text(one.name)}</code>", prose(one.installs), *both))
        rows += [("", text(part.name), size(part.before), size(part.after)) for part in one.parts]
    head = ("layers of the image", "installs", "before", "after")
    return f"<p>{text(LAYERS)}</p>{_table(head, rows)}" if rows else ""


def _missing(bench: Bench) -> str:
    rows = [(prose(one.name), prose(one.reason)) for one in bench.missing]
    return _table(("what", "why"), rows) if rows else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    names = "".join(f"<th>{text(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(map(_cell, head, row)) + "</tr>" for row in rows)
    return f'<table class="list"><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>'


def _cell(name: str, value: str) -> str:
    return f'<td data-label="{text(name)}">{value}</td>'
