"""Claim: what is installed without being asked for, and what can be asked for, stayed the same.

Groups that are defaults, groups that are optional, extras that the project publishes.
"""

from __future__ import annotations

from collections.abc import Iterator

from unverse.proof.claims import Claim, Verdict, counted
from unverse.proof.commands.homes import Homes, PoetryHome, UvHome
from unverse.standards.names import canonical

_NAME = "selections: the same groups by default, the same groups and extras on demand"


def selection_claims(before: Homes, after: Homes) -> Iterator[Claim]:
    """Compare the groups and extras of every project that was on Poetry and is on uv."""
    found: list[str] = []
    compared = 0
    for folder, home in before.all().items():
        other = after.at(folder)
        if not isinstance(home, PoetryHome) or not isinstance(other, UvHome):
            continue
        if other.folder != folder or not home.project.poetry:
            continue
        if home.project.document == other.document:  # test data, a template: left alone
            continue
        compared += 1
        where = f"{folder}/pyproject.toml".lstrip("/")
        found += [f"{where}: {text}" for text in differences(home, other)]
    verdict = Verdict.FAILS if found else Verdict.HOLDS
    evidence = f"{counted(compared, 'project')}, {counted(len(found), 'difference')}"
    yield Claim(_NAME, verdict if compared else Verdict.NOT_CHECKED, evidence, tuple(found))


def differences(before: PoetryHome, after: UvHome) -> Iterator[str]:
    """Yield what a person who installs the project would notice."""
    yield from _groups(before, after)
    for extra in sorted(after.extras - before.extras):
        kind = "was a group" if extra in before.groups else "is new"
        yield f"the extra `{extra}`, which everybody can ask for, {kind}"
    for extra in sorted(before.extras - after.extras):
        now = ", it is a group now" if extra in after.groups else ""
        yield f"the extra `{extra}` is lost{now}: `pip install …[{extra}]` finds nothing"


def _groups(before: PoetryHome, after: UvHome) -> Iterator[str]:
    for group in sorted(before.default - after.default):
        if group in after.groups:
            yield f"`poetry install` takes the group `{group}`, `uv sync` not: `default-groups`"
        elif not _moved_into(before, after, group, after.default):
            yield f"the group `{group}`, which `poetry install` takes, is no group any more"
    for group in sorted((before.groups - before.default) & after.default):
        yield f"the optional group `{group}` is installed by default now"
    for group in sorted(after.default - before.groups):
        if not _was_default(before, after, group):
            yield f"the new group `{group}` is installed by default, and what it holds was not"
    for group in sorted((before.groups - before.default) - after.groups):
        if not _moved_into(before, after, group, after.groups):
            yield f"the optional group `{group}` is gone"


def _was_default(before: PoetryHome, after: UvHome, name: str) -> bool:
    """Whether Poetry installed what a group holds without being asked."""
    groups = [g for g in before.project.groups if canonical(g.name) in before.default]
    there = {dependency.key for group in groups for dependency in group.dependencies}
    there |= {dependency.key for dependency in before.project.dependencies}
    held = {_requirement(e) for e in after.tables.get(name, ()) if isinstance(e, str)}
    return set(map(canonical, held)) <= there


def _moved_into(before: PoetryHome, after: UvHome, name: str, groups: frozenset[str]) -> bool:
    """Whether all packages of a group are in these groups."""
    group = next((g for g in before.project.groups if canonical(g.name) == name), None)
    wanted = {dependency.key for dependency in group.dependencies} if group else set()
    there = {
        canonical(_requirement(entry))
        for other in groups
        for entry in after.tables.get(other, ())
        if isinstance(entry, str)
    }
    return wanted <= there


def _requirement(text: str) -> str:
    import re

    match = re.match(r"[A-Za-z0-9][\w.-]*", text.strip())
    return match[0] if match else ""
