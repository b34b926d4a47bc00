"""The versions that unverse writes into files, from the one data file `pins.toml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple


class Action(NamedTuple):
    """A GitHub action at a release: `name@tag`, or `name@commit # tag`."""

    name: str
    tag: str
    commit: str


class Pins(NamedTuple):
    """What pins.toml holds.

    Attributes:
        uv: release of uv, `0.13.9`.
        setup_uv: the action that installs uv in a workflow.
        image: of uv with its tag, `ghcr.io/astral-sh/uv:0.13.9`.
        hooks: repository of uv's pre-commit hooks; `uv` is its `rev`.
        copier: release of Copier, which `unverse new` runs.
    """

    uv: str
    setup_uv: Action
    image: str
    hooks: str
    copier: str


@lru_cache(maxsize=1)
def pins() -> Pins:
    """Return the versions of this release of unverse."""
    import tomllib

    # `importlib.resources` would find it as well, at twice the time of all the rest here.
    data = tomllib.loads(Path(__file__).with_name("pins.toml").read_text(encoding="utf-8"))
    uv = data["uv"]["version"]
    name = "astral-sh/setup-uv"
    action = data["actions"][name]
    setup_uv = Action(name, action["tag"], action["commit"])
    image, hooks = f"{data['images']['uv']}:{uv}", data["hooks"]["uv-pre-commit"]
    return Pins(uv, setup_uv, image, hooks, data["copier"]["version"])
