"""What a person can set right, as one tree of exceptions.

ProjectError          exit code 2, one line `error: …`
├── ConfigError       a file, key, value or override of the configuration
├── DataError         a file, column or row of the data
├── ModelError        a model, version or alias that is not there or cannot be loaded
├── ServiceError      a server that is out of reach
└── Refused           exit code 1: all went well and the answer is no
"""

from __future__ import annotations


class ProjectError(Exception):
    """What was asked for cannot be done; the message says where and why."""

    exit_code = 2


class ConfigError(ProjectError):
    """The configuration is not valid."""


class DataError(ProjectError):
    """The data is missing or breaks its schema."""


class ModelError(ProjectError):
    """The model is not there or is not what it should be."""


class ServiceError(ProjectError):
    """A server does not answer."""


class Refused(ProjectError):  # noqa: N818 - an answer, not a failure
    """The job ran to its end and its thresholds are not met."""

    exit_code = 1
