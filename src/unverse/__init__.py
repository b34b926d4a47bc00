"""Take the verse out of a Python repository: from Poetry to uv, all of it, with proof."""

__version__ = "0.1.0"
