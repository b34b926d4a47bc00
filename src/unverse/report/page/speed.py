"""Timings as pairs of bars: medians, with the range of the runs as a line."""

from __future__ import annotations

from collections.abc import Iterable

from unverse.proof.timing import Scale, Timing
from unverse.report.bars import after_told, before_told
from unverse.report.certificate import Certificate
from unverse.report.page.markup import prose


def speed(certificate: Certificate) -> str:
    """Return a pair of bars for every timing; empty if nothing was measured."""
    return bars(certificate.timings)


def bars(timings: Iterable[Timing]) -> str:
    """Return a pair of bars for each of them; empty if there are none."""
    pairs = "".join(map(_timing, timings))
    return f'<div class="timings">{pairs}</div>' if pairs else ""


def _timing(timing: Timing) -> str:
    scale = Scale.of(timing)
    before = _bar("before", timing.before, timing.before_within, before_told(timing), scale)
    after = _bar("after", timing.after, timing.after_within, after_told(timing), scale)
    times = f'<span class="times">{timing.times:.1f}&times; as fast</span>' if timing.times else ""
    told = " <small>log scale</small>" if scale.is_logarithmic else ""
    kind = "timing" if timing.times >= 1 else "timing slower"
    return f'<div class="{kind}"><h3>{prose(timing.name)} {times}{told}</h3>{before}{after}</div>'


def _bar(name: str, seconds: float, within: tuple[float, float], told: str, scale: Scale) -> str:
    left, right = map(scale.at, within)
    whisker = ""
    if right > left:
        place = f"left:{100 * left:.1f}%;width:{100 * (right - left):.1f}%"
        whisker = f'<i class="spread" style="{place}"></i>'
    bar = f'<i class="bar" style="width:{100 * scale.at(seconds):.1f}%"></i>{whisker}'
    track = f'<span class="track" aria-hidden="true">{bar}</span>'
    return f'<p class="{name}"><span>{name}</span>{track}<span class="seconds">{told}</span></p>'
