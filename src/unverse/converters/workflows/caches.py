"""Caches of Poetry's environments (rule W6): a cache may not change what a job does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.installers import rename_step
from unverse.converters.workflows.model import Step, strings
from unverse.converters.workflows.names import python_name
from unverse.syntax.yaml_edit import line_start
from unverse.syntax.yaml_model import Scalar

_ENVIRONMENT = re.compile(r"(?:[^\s]*/)?\.?venv/?|~?[^\s]*/?\.virtualenvs/?")
_POETRY = re.compile(r"[^\s]*(?:pypoetry|poetry)[^\s]*|\$\{\{[^}]*(?:poetry|POETRY)[^}]*\}\}[^\s]*")
_VENVS = re.compile(r"(?:~|/home/runner|/root|\$HOME)/\.cache/pypoetry(?:/virtualenvs)?/?\*{0,2}")
_OWN_FOLDER = re.compile(r"(?:~|/home/runner|/root|\$HOME)/\.cache/pypoetry(?:/[\w*]+)*/?")
_BESIDES = re.compile(
    r"(?:~|/home/runner|/root|\$HOME)/\.(?:cache/pip|local|local/bin(?:/\S*)?|cache)/?"
)
_GUARD = (
    r"\s*(?:\$\{{\{{\s*)?(?:!\s*)?steps\.{id}\.outputs\.cache-hit\s*"
    r"(?:!=\s*['\"]?true['\"]?\s*)?(?:\}}\}}\s*)?"
)
STAYS = "this cache of an environment stays, because more than an installation hangs on it"
SKIPPED = ": on a hit `uv sync`, and with it the check of uv.lock, is skipped"
NOTHING_THERE = (
    "this cache stays, because something asks for its output, but nothing is in Poetry's folder "
    "any more: uv's environment is `.venv`, its downloads are what setup-uv caches"
)
_OUTPUT = re.compile(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.[\w-]+\s*\}\}")
_ASKS = re.compile(
    r"echo [\"']?[\w-]+=\$\(poetry (?:config|env info) [\w. -]+\)[\"']? ?"
    r">> ?[\"']?\$\{?GITHUB_OUTPUT\}?[\"']?"
)


def is_environment(step: Step, asking: Iterable[str] = ()) -> bool:
    """Whether a cache holds nothing but an environment, or Poetry and its cache.

    Args:
        step: of a job.
        asking: ids of the steps that ask Poetry for its folders.
    """
    if not step.is_cache:
        return False
    lines = [line.strip() for line in "\n".join(strings(_path(step))).splitlines()]
    paths = [line for line in lines if line and not line.startswith("#")]
    certain = [p for p in paths if _ENVIRONMENT.fullmatch(p) or _POETRY.fullmatch(p)]
    certain += [p for p in paths if (of := _OUTPUT.fullmatch(p)) and of[1] in asking]
    others = [p for p in paths if p not in certain]
    said = f"{step.text('name')} {step.id} {step.input('key')}".lower()
    return (
        bool(paths)
        and all(_BESIDES.fullmatch(p) for p in others)
        and (bool(certain) or "poetry" in said)
    )


def holds_environment(step: Step) -> bool:
    """Whether an environment is among what a cache holds."""
    lines = "\n".join(strings(_path(step))).splitlines()
    return any(_ENVIRONMENT.fullmatch(line.strip()) or "pypoetry" in line for line in lines)


def is_in_poetrys_folder(step: Step) -> bool:
    """Whether all that a cache holds is in a folder of Poetry's."""
    lines = [line.strip() for line in "\n".join(strings(_path(step))).splitlines()]
    return bool(lines) and all("pypoetry" in line for line in lines)


def retarget(draft: Draft, step: Step, steps: Iterable[Step]) -> bool:
    """Have a cache of Poetry's environments hold uv's; say whether it does.

    It has another key from now on, of uv.lock, so that nothing of Poetry's comes back.
    """
    node = _path(step)
    moved = any(other.text("working-directory") for other in steps)
    if node is None or not node.is_verbatim or not _VENVS.fullmatch(node.value) or moved:
        return False
    why = "uv keeps the environment in the project"
    draft.replace(*node.inner, ".venv", "environment-cache", why)
    return True


def drop_lines(draft: Draft, step: Step) -> None:
    """Take Poetry's own folders out of a cache that holds other things besides."""
    node = _path(step)
    if node is None or node.style != "literal":
        return
    start, end = node.inner
    lines = list(re.finditer(r"[^\n]+(?:\n|$)", draft.text[start:end]))
    dead = [line for line in lines if _OWN_FOLDER.fullmatch(line[0].strip())]
    if len(dead) == len([line for line in lines if line[0].strip()]):
        return
    for line in dead:
        # The last line of a block ends without its line break.
        at = start + line.start()
        if line.end() == end - start and not line[0].endswith("\n"):
            at -= 2 if draft.text.endswith("\r\n", 0, at) else 1
        draft.replace(at, start + line.end(), "", "environment-cache", "nothing fills it any more")


def mentions_poetry(step: Step) -> bool:
    """Whether Poetry has to do with a cache: its key names the lock, or its path Poetry."""
    words = " ".join([*strings(_path(step)), step.input("key"), step.input("restore-keys")])
    return "poetry" in f"{words} {step.text('name')} {step.id}".lower()


def _path(step: Step) -> Scalar | None:
    node = step.inputs.get("path") if step.inputs else None
    return node if isinstance(node, Scalar) else None


def guards(step: Step, steps: Iterable[Step]) -> list[Step]:
    """Return the steps whose `if` says nothing but that a cache was missed."""
    pattern = re.compile(_GUARD.format(id=re.escape(step.id)))
    return [s for s in steps if step.id and pattern.fullmatch(s.text("if")) and _misses(s)]


def _misses(step: Step) -> bool:
    condition = step.text("if")
    return "!" in condition


def references(draft: Draft, step: Step) -> int:
    """Count how often its job refers to a step's id."""
    pattern = re.compile(rf"steps\.{re.escape(step.id)}\b")
    return len(pattern.findall(draft.text, *step.scope)) if step.id else 0


def idle(draft: Draft, step: Step) -> None:
    """Keep a step that has nothing to do any more, because conditions ask for it."""
    message = f"nothing is left to do for step `{step.id}`, which others refer to"
    draft.note(step.item.start, "empty-step", message)
    if step.run is not None:
        why = "others refer to the step: it stays, and does nothing"
        draft.replace(step.run.start, step.run.end, '"true"', "empty-step", why)


def hit_references(draft: Draft, step: Step) -> int:
    """Count how often the file asks whether a step hit its cache."""
    pattern = re.compile(rf"steps\.{re.escape(step.id)}\.outputs\.cache-hit\b")
    return len(pattern.findall(draft.text, *step.scope))


def removable(
    draft: Draft,
    step: Step,
    steps: tuple[Step, ...],
    only_installs: Callable[[Step], bool],
    goes: Callable[[Step], bool],
) -> list[Step] | None:
    """Return the guarded steps if a cache can go with its guards; None if it cannot.

    `only_installs` says that a step may run once more, `goes` that none is left of it.
    """
    if not is_environment(step, [s.id for s in steps if s.id and asks(s)]):
        return None
    guarded = guards(step, steps)
    leaving = [other for other in steps if step.id and step.id in other.text("if") and goes(other)]
    if not all(map(only_installs, guarded)) or _asked(draft, step, guarded, leaving):
        return None
    return guarded


def _asked(draft: Draft, step: Step, guarded: Iterable[Step], leaving: Iterable[Step]) -> bool:
    """Whether anything but the guards, and other steps that go, refers to a cache."""
    fine = [(other.item.start, other.item.end) for other in leaving]
    for other in guarded:
        pair = other.body.pair("if")
        span = other.item if is_environment(other) else pair
        if span:
            fine.append((span.start, span.end))
    pattern = re.compile(rf"steps\.{re.escape(step.id)}\b")
    places = pattern.finditer(draft.text, *step.scope) if step.id else ()
    return any(
        not any(start <= m.start() < end for start, end in fine)
        for m in places
        if not _is_comment(draft, m.start())
    )


def _is_comment(draft: Draft, offset: int) -> bool:
    return draft.text[line_start(draft.text, offset) : offset].lstrip().startswith("#")


def asks(step: Step) -> bool:
    """Whether a step does nothing but ask Poetry for a folder."""
    lines = [line.strip() for line in step.run.value.splitlines()] if step.run else []
    return bool(lines) and all(_ASKS.fullmatch(line) for line in lines)


def asks_only_for(draft: Draft, step: Step, gone: Iterable[Step]) -> bool:
    """Whether a step does nothing but ask Poetry for a folder that only caches which go used."""
    pattern = re.compile(rf"steps\.{re.escape(step.id)}\b")
    spans = [(other.item.start, other.item.end) for other in gone]
    return (
        bool(step.id)
        and asks(step)
        and all(
            any(start <= m.start() < end for start, end in spans)
            for m in pattern.finditer(draft.text, *step.scope)
        )
    )


def remove(draft: Draft, step: Step, guarded: Iterable[Step]) -> None:
    """Take a cache and its guards out."""
    why = "setup-uv caches downloads; `uv sync` is quick, and right on every run"
    draft.drop(step.holder, step.item, "environment-cache", why)
    for other in guarded:
        pair = other.body.pair("if")
        if pair:
            reason = "the cache that it asked for is gone: `uv sync` runs every time"
            draft.drop(other.body, pair, "environment-cache", reason)


def drop_poetry_cache(draft: Draft, step: Step, steps: tuple[Step, ...]) -> None:
    """Take `cache: poetry` from setup-python (rule W3), and the conditions that ask for it."""
    cache = step.inputs.pair("cache") if step.inputs else None
    if cache is None or step.inputs is None or step.input("cache").lower() != "poetry":
        return
    why = "setup-python asks Poetry for its caches; setup-uv has its own"
    draft.drop(step.inputs, cache, "cache-poetry", why)
    rename_step(draft, step, python_name)
    depends = step.inputs.pair("cache-dependency-path")
    if depends:
        draft.drop(step.inputs, depends, "cache-poetry", "belongs to `cache: poetry`")
    guarded = guards(step, steps)
    if step.id and hit_references(draft, step) > len(guarded):
        draft.note(
            step.item.start,
            "cache-poetry",
            f"`steps.{step.id}.outputs.cache-hit` is empty now: the conditions that ask for it "
            "take every run for a missed cache",
        )
        return
    for other in guarded:
        pair = other.body.pair("if")
        if pair:
            draft.drop(other.body, pair, "cache-poetry", "that cache is gone")
