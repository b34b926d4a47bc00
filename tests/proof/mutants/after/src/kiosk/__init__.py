"""Sells things."""


def main() -> None:
    """Open the kiosk."""
