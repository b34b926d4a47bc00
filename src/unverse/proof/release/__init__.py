"""Claim: the first release after the migration will not fail.

uv.lock holds the project's own version, poetry.lock did not; so what bumps the version may now
leave a stale lock behind, and every `uv sync --locked` after the release fails. It is rehearsed
in a scratch copy: bump, build, upload to an index of our own, and look at the lock again.
"""
