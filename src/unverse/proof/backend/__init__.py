"""The build backend by evidence: build before, configure, build, compare, take what is equal."""

from unverse.proof.backend.choice import BackendOutcome, Wanted, choose_backend
from unverse.proof.backend.trial import Attempt

__all__ = ["Attempt", "BackendOutcome", "Wanted", "choose_backend"]
