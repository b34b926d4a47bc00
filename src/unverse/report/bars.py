"""Timings as bars of characters."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.proof.timing import Scale, Timing, duration, spread


def bar_lines(timing: Timing, names: tuple[str, str], width: int) -> Iterator[str]:
    """Yield two lines: before and after, named, with bars of at most `width` characters."""
    scale = Scale.of(timing)
    column = max(map(len, names))
    told = before_told(timing), after_told(timing)
    for name, seconds, figures in zip(names, (timing.before, timing.after), told, strict=True):
        bar = "█" * max(1, round(scale.at(seconds) * width))
        yield f"  {name:<{column}}  {bar} {figures}"


def before_told(timing: Timing) -> str:
    """Return the time before with its spread, as far as it is known."""
    return _told(timing.before, timing.before_spread, timing.before_within, timing.runs)


def after_told(timing: Timing) -> str:
    """Return the time after, likewise."""
    return _told(timing.after, timing.after_spread, timing.after_within, timing.runs)


def _told(seconds: float, half: float, within: tuple[float, float], runs: int) -> str:
    if runs > 1:
        return spread(seconds, within)
    return f"{seconds:.2f} ± {half:.2f} s" if half else duration(seconds)
