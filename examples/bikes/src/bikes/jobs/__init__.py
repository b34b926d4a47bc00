"""The jobs that a config can ask for."""

from bikes.jobs.evaluate import Evaluate
from bikes.jobs.generate import Generate
from bikes.jobs.infer import Infer
from bikes.jobs.train import Train

__all__ = ["Evaluate", "Generate", "Infer", "Train"]
