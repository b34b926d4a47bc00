"""What is there when a run begins, and what a failure says. The tools are small scripts."""

from __future__ import annotations

import os
import stat
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from unverse.arguments import Handler, parser
from unverse.bench.measurements import MEASUREMENTS, NAMES, chosen
from unverse.bench.model import Measurement, Part
from unverse.bench.side import NotMeasuredError, Side, folder_size, poetry_words
from unverse.errors import UsageError

# `make` fills everything, `fail` says where it is, all else tells what it finds.
TOOL = f"""\
#!{sys.executable}
import os, sys
from pathlib import Path
words = sys.argv[1:]
if words[0] == "fail":
    sys.exit(f"no {{Path.cwd()}}/x in {{os.environ['HOME']}}")
if words[0] == "install":
    for place in (os.environ["CACHE"], ".venv", "dist"):
        Path(place).mkdir(exist_ok=True)
        Path(place, "file").write_text("12345")
if words[0] == "lock":
    Path("poetry.lock").write_text("new")
    Path("pyproject.toml").write_text("new")
"""
EMPTY = Measurement("x", "x", (), ())


@pytest.fixture
def side(tmp_path: Path) -> Side:
    program, project, home = tmp_path / "tool", tmp_path / "project", tmp_path / "home"
    program.write_text(TOOL)
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    project.mkdir()
    home.mkdir()
    (project / "pyproject.toml").write_text("old")
    (project / "poetry.lock").write_text("old lock")
    cache = home / "cache"
    return Side(
        "Poetry",
        {"": str(program), "export": ""},
        "2.1.3",
        project,
        home,
        {"CACHE": str(cache)},
        cache,
        project / ".venv",
        project / "poetry.lock",
    )


def there(side: Side) -> set[str]:
    places = (side.cache, side.environment, side.project / "dist", side.lock)
    return {place.name for place in places if place.exists()}


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ((), {"cache", ".venv", "dist", "poetry.lock"}),
        ((Part.CACHE, Part.ENVIRONMENT), {"dist", "poetry.lock"}),
        ((Part.LOCK,), {"cache", ".venv", "dist"}),
        ((Part.ARTIFACTS,), {"cache", ".venv", "poetry.lock"}),
    ],
)
def test_what_has_to_be_gone_is_gone_and_nothing_else(
    side: Side, gone: tuple[Part, ...], left: set[str]
) -> None:
    side.time(replace(EMPTY, poetry=(("install",),)))
    side.prepare(replace(EMPTY, gone=frozenset(gone)))
    assert there(side) == left


def test_what_a_run_wrote_is_taken_back_and_what_it_left_keeps_its_time(side: Side) -> None:
    os.utime(side.manifest, (1, 1))
    side.prepare(EMPTY)
    assert side.manifest.stat().st_mtime == 1
    assert side.time(replace(EMPTY, poetry=(("lock",),))) > 0
    side.prepare(EMPTY)
    assert (side.manifest.read_text(), side.lock.read_text()) == ("old", "old lock")


def test_what_needs_an_environment_gets_one_that_is_not_timed(side: Side) -> None:
    needing = replace(EMPTY, needs_environment=True)
    side.prepare(needing)
    assert ".venv" in there(side) and side.installed
    side.prepare(replace(EMPTY, gone=frozenset({Part.ENVIRONMENT})))
    assert not side.installed
    side.prepare(needing)
    assert ".venv" in there(side)


def test_a_failure_tells_its_reason_and_no_scratch_path(side: Side) -> None:
    with pytest.raises(NotMeasuredError) as caught:
        side.time(replace(EMPTY, poetry=(("fail", "--now"),)))
    assert str(caught.value) == "`poetry fail --now` failed: no ./x in ~"


def test_a_tool_that_cannot_export_says_so(side: Side) -> None:
    with pytest.raises(NotMeasuredError, match="Poetry has no `export`"):
        side.time(replace(EMPTY, poetry=(("export",),)))


@pytest.mark.parametrize(("version", "told"), [("1.8.3", True), ("2.0.0", False), ("", False)])
def test_only_poetry_1_is_told_to_keep_what_is_locked(version: str, told: bool) -> None:
    assert ("--no-update" in poetry_words(("lock", "--no-update"), version)) is told


def test_a_size_is_that_of_all_files_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(b"x" * 1000)
    (tmp_path / "a" / "file").write_bytes(b"x" * 10)
    assert folder_size(tmp_path / "a") == 1010
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert folder_size(tmp_path) < 1200


def test_names_are_chosen_in_the_order_of_the_measurements() -> None:
    assert chosen("") == NAMES
    assert chosen("sizes, run,lock") == ("lock", "run", "sizes")
    with pytest.raises(UsageError, match=r"`instal`.*\n.*`install-warm`"):
        chosen("lock,instal")


def test_the_help_lists_every_name(capsys: pytest.CaptureFixture[str]) -> None:
    handlers: defaultdict[str, Handler] = defaultdict(lambda: lambda _: 0)
    with pytest.raises(SystemExit):
        parser(handlers).parse_args(["bench", "--help"])
    told = "".join(capsys.readouterr().out.split())
    assert ",".join(NAMES) in told


def test_caches_fill_before_they_are_needed() -> None:
    names = [measurement.name for measurement in MEASUREMENTS]
    assert names.index("install-cold") < names.index("install-warm") < names.index("install")
    assert {one.name for one in MEASUREMENTS if one.is_cold} == {"lock-cold", "install-cold"}
