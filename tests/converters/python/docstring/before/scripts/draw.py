"""Draw the harbour.

Usage:
    poetry run python scripts/draw.py
"""

### poetry run python scripts/draw.py --big
print("poetry run python scripts/draw.py")
