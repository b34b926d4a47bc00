"""The launchers do what the tools do, line by line of `twins/lines.txt`, or say how they differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from index_server import serve
from twins.lines import Line, lines
from twins.packages import Index
from twins.stage import Outcome, Stage
from twins.tools import tools

_LINES = lines()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    scratch = tmp_path_factory.mktemp("twins")
    real = tools(_shared(scratch))
    with serve() as server:
        yield Stage(scratch, real, Index(server, real.wheels))


def _shared(scratch: Path) -> Path:
    """Return the folder of the session, which the workers of pytest-xdist share."""
    base = scratch.parent
    return base.parent if base.name.startswith("popen-") else base


def _differing(tool: Outcome, shim: Outcome) -> dict[str, tuple[object, object]]:
    return {
        aspect: (tool.aspects[aspect], shim.aspects[aspect])
        for aspect in tool.aspects
        if tool.aspects[aspect] != shim.aspects[aspect]
    }


@pytest.mark.slow
@pytest.mark.parametrize("line", _LINES, ids=lambda line: f"{line.place}: {line.text}")
def test_line(line: Line, stage: Stage) -> None:
    if line.kind == "refused":
        before, shim = stage.refuse(line)
        assert shim.ended.code == 64, shim.ended
        assert line.why in shim.ended.errors
        assert before == {name: shim.aspects[name] for name in before}
        return
    tool, shim = stage.play(line)
    differing = _differing(tool, shim)
    assert set(differing) == line.aspects, (differing, tool.ended, shim.ended)
