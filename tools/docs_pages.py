"""The pages `docs/rules.md` and `docs/kinds.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import PurePosixPath

from cases import Seen, Tree

from unverse.improvements.rules import Rule

Improvement = tuple[Rule, Seen, Tree, Tree]
_RULES = """# Rules

Every edit and every note names its rule, `unverse plan --verbose` shows them. This page is made by
`tools/docs.py`: it runs the cases of the tests and collects what they give, one line a rule, with
an example of the reason and of the note. What a kind is, [kinds](kinds.md) says; how single
commands are translated, [commands](commands.md).

"""
_IMPROVEMENTS = """## Improvements

Better, but not the same: they are made only with `--improve`, `--improve RULE,…` or
`--improve FAMILY`, on top of the migration or on a repository that is on uv already.

| rule | why |
|---|---|
"""
_FAITHFUL = """## Faithful edits

They keep what the repository does. A rule without a reason here only leaves notes.
"""
# What no converter sees or makes.
ELSEWHERE = (
    ("leftovers/backend", "lines of pyproject.toml that poetry-core still reads, or that name it"),
    ("leftovers/call", "a command of Poetry that is left in a file which a machine runs"),
    ("leftovers/mention", "any other line that mentions Poetry and has no edit and no note"),
    ("poetry-lock/untracked", "uv.lock was made from a poetry.lock that git does not track"),
    ("repository/test-data", "a project below `tests/`, `templates/` or the like, left as it is"),
    ("repository/unreadable", "a file that is no UTF-8, or cannot be opened"),
    ("uv-lock/create", "uv.lock, and how it came about"),
    ("uv-lock/message", "what the lock could not say as poetry.lock did"),
    ("uv-lock/update", "the uv.lock that was there, brought up to date for an improvement"),
)
_KINDS = """# Kinds of files

Each kind has one converter, which sees a file and the project that it belongs to. Whatever else
mentions Poetry is left as it is, and noted with its line. Made by `tools/docs.py` from the code and
from the cases of the tests; the rules of a kind are on [their page](rules.md).

| kind | what it is about | files, for instance | cases | rules |
|---|---|---|---:|---:|
"""
_SHOWN = 5
_WIDTH = 160


def kinds_page(kinds: Sequence[Seen]) -> str:
    """Return the page of the kinds."""
    return _KINDS + "".join(f"{_kind(kind)}\n" for kind in kinds)


def _kind(kind: Seen) -> str:
    files = ", ".join(f"`{name}`" for name in _instances(kind.files))
    link = f"[{kind.name}](rules.md#{kind.name})"
    says = _cell(kind.says.rstrip("."))
    return f"| {link} | {says} | {files} | {kind.cases} | {len(kind.rules)} |"


def _instances(paths: Iterable[str]) -> list[str]:
    """Return a few paths that show how different the files of a kind are called."""
    shapes: dict[str, str] = {}
    for path in sorted(paths, key=lambda one: (one.count("/"), len(one), one)):
        place = PurePosixPath(path)
        shape = place.name if not place.suffix or place.name.startswith(".") else place.suffix
        folder = place.parts[0] if place.parts[0].startswith(".") else ""
        shapes.setdefault(f"{folder}/{shape}", path)
    return list(shapes.values())[:_SHOWN]


def rules_page(rules: Sequence[Improvement], kinds: Sequence[Seen]) -> str:
    """Return the page of the rules."""
    table = "".join(f"| [`{r.RULE}`](#{_anchor(r.RULE)}) | {r.WHY} |\n" for r, *_ in rules)
    sections = "\n".join(_improvement(*one) for one in rules)
    faithful = "\n".join(_rules_of(kind) for kind in kinds if kind.rules)
    others = "".join(f"| `{rule}` | {what} |\n" for rule, what in ELSEWHERE)
    return (
        f"{_RULES}{_IMPROVEMENTS}{table}\n{sections}\n{_FAITHFUL}\n{faithful}\n"
        f"### of no kind\n\n| rule | about |\n|---|---|\n{others}"
    )


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w-]", "", heading)


def _improvement(rule: Rule, seen: Seen, before: Tree, after: Tree) -> str:
    lines = [f"### {rule.RULE}\n", "```diff"]
    for path in sorted({*before, *after}):
        old, new = before.get(path, ""), after.get(path, "")
        if old != new:
            lines += _diff(path, old, new)
    return "\n".join((*lines, "```\n", *_table(seen), ""))


def _diff(path: str, old: str, new: str) -> Iterator[str]:
    yield f"# {path}"
    for line in list(unified_diff(old.splitlines(), new.splitlines(), n=2, lineterm=""))[2:]:
        if not line.startswith("@@"):
            yield line.rstrip()


def _rules_of(kind: Seen) -> str:
    return "\n".join((f"### {kind.name}\n", f"{kind.says}\n", *_table(kind), ""))


def _table(seen: Seen) -> Iterator[str]:
    yield "| rule | why | note, for instance |"
    yield "|---|---|---|"
    for rule in sorted(seen.rules):
        why, message = _first(seen.edits.get(rule, {})), _first(seen.notes.get(rule, {}))
        yield f"| `{rule}` | {_cell(why)} | {_cell(message)} |"


def _first(told: Mapping[str, int]) -> str:
    """Return what is said most often, the shortest of those."""
    return min(told, key=lambda text: (-told[text], len(text), text), default="")


def _cell(text: str) -> str:
    short = text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1].rsplit(' ', 1)[0]} …"
    odd = short.count("`") % 2
    return f"{short}{'`' * odd}".replace("|", "\\|").replace("\n", " ")
