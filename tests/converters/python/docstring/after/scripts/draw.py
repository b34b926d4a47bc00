"""Draw the harbour.

Usage:
    uv run python scripts/draw.py
"""

### uv run python scripts/draw.py --big
print("poetry run python scripts/draw.py")
