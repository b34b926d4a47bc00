"""The whole configuration of one call."""

from __future__ import annotations

from .configs import Frozen
from .jobs import JobKind


class Settings(Frozen):
    """What a file in `confs/` holds."""

    job: JobKind
