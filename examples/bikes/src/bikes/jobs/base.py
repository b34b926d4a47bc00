"""What all jobs share."""

import abc
from collections.abc import Mapping

import pydantic

Result = Mapping[str, object]


class Job(abc.ABC, pydantic.BaseModel, frozen=True, extra="forbid"):
    """A piece of work, complete with its parameters."""

    kind: str

    @abc.abstractmethod
    def run(self) -> Result:
        """Do the work and return what is worth telling."""
