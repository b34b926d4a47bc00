"""`docs/shim-twins.md`: the command lines that are run on both sides, and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from twins.documented import TOOLS, documented
from twins.lines import Line, lines

_PLACES = {
    "bikes": "A project of Poetry's, and its migrated twin; a package is out of date in the "
    "environment, one is missing, one is not asked for.",
    "bikes stale": "The same, with a pyproject.toml that was changed after locking.",
    "bikes bare": "The same, without an environment.",
    "shelf": "A folder with an active environment, which has a pip of its own.",
    "sources": "A folder with files for pip-compile, and no environment.",
    "sheds": "The folder of pipx, in which one tool is installed.",
    "releases": "A folder with two wheels, and an address that takes uploads.",
    "pythons": "An empty folder, and one Python.",
    "pythons pinned": "The same, with a `.python-version`.",
}
_HEAD = """\
# Tool and launcher, side by side

Made by `python tools/docs.py` from `tests/shims/twins/lines.txt`, the table that
`tests/shims/test_twins.py` runs: the real tool in one project, the launcher in its twin, with the
same words. Of {total} command lines {same} do the same, {differs} differ as told here and in
nothing else, and {refused} are refused, and then nothing is changed. A line that is said to be the
same fails the test if it differs; one that is said to differ fails it if it is the same.

Compared are: the distributions in every environment there (`importlib.metadata`: name, version,
whether editable); the *meaning* of pyproject.toml (version, Python, requirements of the project, of
its extras and groups; constraints by the versions that they allow); the versions in the lock; all
other files (requirements files by pins, hashes and options, archives by names and metadata); tools
and their programs; what was uploaded by whom; and exit codes, for `run` the code itself, else
whether it is 0. Of some, what they write, too. Not compared are comments, headers, markers and
`--trusted-host` in requirements files, a `.gitignore` in an output folder, setuptools and wheel in
new environments, and standard error.

Besides, {documented} command lines and options of Poetry's and pip's own pages are put to the
launchers: each is run or refused with a reason (`tests/shims/test_documented_lines.py`).

The packages are tiny ones on an index of the test's own. Where pyenv is not installed, what its
manual says stands for it (`tests/shims/twins/pyenv.py`).
"""


def page() -> str:
    """Return the page in Markdown."""
    rows = lines()
    shown = sum(len(documented(tool)) for tool in TOOLS)
    kinds = Counter(line.kind for line in rows)
    parts = [_HEAD.format(total=len(rows), documented=shown, **kinds)]
    for place, group in groupby(rows, key=lambda line: line.place):
        parts.append("\n".join(_section(place, list(group))))
    return "\n".join(parts)


def _section(place: str, rows: list[Line]) -> Iterator[str]:
    yield f"## {place}\n{_PLACES[place]}\n"
    yield "| command line | | |\n|---|---|---|"
    for line in rows:
        text = line.text.replace("|", "\\|")
        kind = f"{line.kind}: {', '.join(sorted(line.aspects))}" if line.aspects else line.kind
        compared = " (with output)" if line.reads and line.kind == "same" else ""
        yield f"| `{text}` | {kind}{compared} | {line.why} |"
    yield ""
