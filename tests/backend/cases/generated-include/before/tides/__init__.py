"""Tides."""


def high() -> float:
    return 4.2
