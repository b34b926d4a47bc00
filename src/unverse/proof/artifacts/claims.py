"""Claims: the project publishes what it published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from unverse.errors import UnverseError
from unverse.proof.artifacts.differences import ArtifactDifference, Kind, in_lines
from unverse.proof.artifacts.sides import (
    Bench,
    Side,
    compare_again,
    compare_litter,
    compare_sides,
    find_python,
)
from unverse.proof.claims import Claim, Verdict
from unverse.proof.copies import Copier
from unverse.proof.timing import Timing
from unverse.uv.run import failed_for_want_of_network

_FILES = "artifacts: sdist and wheel hold the same files, bytes and modes"
_METADATA = "artifacts: sdist and wheel say the same: metadata, entry points, tags"
_LITTER = "artifacts: what lies untracked in the tree stays out, or gets in, as before"
_AGAIN = "artifacts: the wheel of the unpacked sdist is the wheel of the tree"
_ALL = "artifacts: sdist and wheel are what they were"
_ABOUT_FILES = frozenset({Kind.LEAK, Kind.LOSS, Kind.BYTES, Kind.MODE})


def artifact_claims(
    before: Copier,
    after: Copier,
    place: Path,
    folder: str = "",
    found: list[ArtifactDifference] | None = None,
    timings: list[Timing] | None = None,
) -> Iterator[Claim]:
    """Build a project before and after and yield what can be claimed of its artifacts.

    This runs the project's code (build backends and build scripts), see `sandbox`.

    Args:
        before: makes a copy of the repository as it was, see `copies`.
        after: makes a copy as it is now.
        place: an empty directory for the copies and builds, see `copies.workspace`.
        folder: of the project in the repository, POSIX, empty for the top.
        found: a list to which all differences are added, explained or not.
        timings: a list to which the time of both builds is added, if the backend is another.

    Raises:
        ToolError: uv cannot be run.
    """
    found = [] if found is None else found
    bench = Bench(place, folder)
    bench.put(before)
    if not (bench.project / "pyproject.toml").is_file():
        yield _unchecked("there was no pyproject.toml")
        return
    try:
        project = bench.read()
    except (ValueError, UnverseError) as error:
        yield _unchecked("the pyproject.toml before cannot be read", str(error))
        return
    if not project.package_mode:
        yield _unchecked("it is not a package")
        return
    bench = Bench(place, folder, find_python(place, project.requires_python))
    first = bench.build_before()
    if first.error:
        yield _unchecked("it did not build with Poetry's backend either", first.error)
        return
    second = bench.build_after(after)
    # The same backend takes the same time; what differs then is the machine's mood.
    if timings is not None and not second.error and _generator(first) != _generator(second):
        name = "build sdist and wheel"
        timings.append(Timing(name, first.clean.seconds, second.clean.seconds))
    yield from side_claims(bench, first, second, found)


def side_claims(
    bench: Bench, before: Side, after: Side, found: list[ArtifactDifference]
) -> Iterator[Claim]:
    """Yield what can be claimed of two states, of which the first was built.

    The tree of the second one must still lie on the bench. All differences are added to `found`.
    """
    if _is_no_package(bench.project):
        yield Claim(_ALL, Verdict.FAILS, "it was a package and `[tool.uv]` says `package = false`")
        return
    if after.error and failed_for_want_of_network(after.error):
        yield _unchecked("what it needs to build cannot be downloaded", after.error)
        return
    if after.error:
        yield Claim(_ALL, Verdict.FAILS, "it does not build any more", _lines(after.error))
        return
    compared = compare_sides(before, after, bench.changes(before, after))
    different = tuple(_anywhere(item, bench.copy) for item in compared)
    littered = compare_litter(before, after)
    found += [*different, *littered]
    files = [item for item in different if item.kind in _ABOUT_FILES]
    rest = [item for item in different if item.kind not in _ABOUT_FILES]
    yield _claim(_FILES, f"{_sizes(after)}; {_backends(before, after)}", files)
    yield _claim(_METADATA, _backends(before, after), rest)
    known = dict.fromkeys(item.explained for item in littered if item.explained)
    evidence = "; ".join(("built once more with planted files", *known))
    yield _claim(_LITTER, evidence, littered)
    yield _again(before, after)


def _anywhere(item: ArtifactDifference, copy: Path) -> ArtifactDifference:
    """Take the path of the scratch copy out of what a path dependency was published as."""
    place = copy.as_uri()
    texts = (text.replace(place, "file:///…") for text in (item.before, item.after))
    return replace(item, before=next(texts), after=next(texts))


def _again(before: Side, after: Side) -> Claim:
    if before.clean.again_error:
        why = "the sdist from before builds no wheel either"
        return Claim(_AGAIN, Verdict.NOT_CHECKED, why, _lines(before.clean.again_error))
    if after.clean.again_error:
        why = "the sdist builds no wheel any more"
        return Claim(_AGAIN, Verdict.FAILS, why, _lines(after.clean.again_error))
    return _claim(_AGAIN, "built from the unpacked sdist, too", compare_again(before, after))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())


def _claim(name: str, evidence: str, found: Iterable[ArtifactDifference]) -> Claim:
    unexplained = [item for item in found if not item.explained]
    explained = [item for item in found if item.explained]
    if unexplained:
        evidence = f"{len(unexplained)} without explanation; {evidence}"
    if explained:
        evidence += f"; {len(explained)} explained"
    verdict = Verdict.FAILS if unexplained else Verdict.HOLDS
    return Claim(name, verdict, evidence, in_lines([*unexplained, *explained]))


def _unchecked(why: str, said: str = "") -> Claim:
    return Claim(_ALL, Verdict.NOT_CHECKED, why, _lines(said))


def _sizes(side: Side) -> str:
    sdist, wheel = side.clean.sdist, side.clean.wheel
    return ", ".join(f"{len(a.files)} files in the {a.format}" for a in (sdist, wheel) if a)


def _backends(before: Side, after: Side) -> str:
    names = [name for side in (before, after) if (name := _generator(side))]
    told = f"built with {names[0]}" if names[0] == names[-1] else " then ".join(names)
    return f"{told} ({before.prepared})" if before.prepared else told


def _generator(side: Side) -> str:
    return side.clean.wheel.generator if side.clean.wheel else ""


def _is_no_package(project: Path) -> bool:
    from unverse.syntax.toml import loads

    try:
        text = (project / "pyproject.toml").read_bytes().decode()
        document: Any = loads(text, "pyproject.toml")
    except (OSError, ValueError, UnverseError):
        return False
    return document.get("tool", {}).get("uv", {}).get("package") is False
