"""Timings as pairs of bars."""

from __future__ import annotations

from unverse.proof.timing import Timing
from unverse.report.certificate import Certificate
from unverse.report.page.markup import prose


def speed(certificate: Certificate) -> str:
    """Return a pair of bars for every timing; empty if nothing was measured."""
    if not certificate.timings:
        return ""
    return f'<div class="timings">{"".join(map(_timing, certificate.timings))}</div>'


def _timing(timing: Timing) -> str:
    longest = max(timing.before + timing.before_spread, timing.after + timing.after_spread)
    before = _bar("before", timing.before, timing.before_spread, longest)
    after = _bar("after", timing.after, timing.after_spread, longest)
    times = f'<span class="times">{timing.times:.1f}&times; as fast</span>' if timing.times else ""
    kind = "timing" if timing.times >= 1 else "timing slower"
    return f'<div class="{kind}"><h3>{prose(timing.name)} {times}</h3>{before}{after}</div>'


def _bar(name: str, seconds: float, spread: float, longest: float) -> str:
    width = 100 * seconds / longest if longest else 0
    within = f" ± {spread:.2f}" if spread else ""
    whisker = ""
    if spread:
        left, size = 100 * (seconds - spread) / longest, 200 * spread / longest
        whisker = f'<i class="spread" style="left:{left:.1f}%;width:{size:.1f}%"></i>'
    bar = f'<i class="bar" style="width:{width:.1f}%"></i>{whisker}'
    track = f'<span class="track" aria-hidden="true">{bar}</span>'
    value = f'<span class="seconds">{seconds:.2f}{within} s</span>'
    return f'<p class="{name}"><span>{name}</span>{track}{value}</p>'
