"""What the move gains on this machine: Poetry before and uv after, side by side.

Both work in scratch copies with a home and caches of their own, see `proof/sandbox.py`; nothing
of the person's caches and environments is touched.
"""
