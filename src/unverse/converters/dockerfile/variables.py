"""ENV and ARG: Poetry's variables become uv's, or go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unverse.commands.variables import Variable, variable
from unverse.converters.dockerfile.stage import Stage, resolve, unquoted
from unverse.converters.dockerfile.work import Work
from unverse.poetry.model import Project
from unverse.syntax.dockerfile import Instruction, Pair

_CREATE = "POETRY_VIRTUALENVS_CREATE"
ENVIRONMENT = "UV_PROJECT_ENVIRONMENT"
# What holds in an image besides the table of all places.
_HERE = {
    "POETRY_VERSION": Variable(""),
    "POETRY_GIT_REF": Variable(""),
    "POETRY_VIRTUALENVS_PATH": Variable(ENVIRONMENT),
    "POETRY_REQUESTS_MAX_RETRIES": Variable("UV_HTTP_RETRIES"),
}
_WHY = "only Poetry reads it"


def meaning(name: str, value: str, project: Project) -> Variable | None:
    """Translate a variable of an image or of its build; None if it is not one of Poetry's."""
    sources = frozenset(re.sub(r"\W", "_", name.upper()) for name in _indexes(project))
    return _HERE.get(name) or variable(name, value, sources)


def _indexes(project: Project) -> Iterator[str]:
    """Yield the names of the package sources, those that are uv's already too."""
    yield from (source.name for source in project.sources)
    uv = project.document.get("tool", {}).get("uv", {})
    for index in uv.get("index", ()) if isinstance(uv, dict) else ():
        yield str(index.get("name", "")) if isinstance(index, dict) else ""


def uv_folder(path: str) -> str:
    """Name a cache folder after uv."""
    return re.sub(r"(?<![\w-])(?:py)?poetry(?![\w-])", "uv", path)


def declare(work: Work, instruction: Instruction, stage: Stage) -> None:
    """Follow one ENV or ARG, and translate its pairs."""
    before = dict(stage.variables)
    removed = [pair for pair in instruction.pairs if _translate(work, instruction, pair, stage)]
    for pair in instruction.pairs:
        if instruction.keyword == "ARG" and not pair.assigned:
            continue
        # All pairs of an instruction see the values from before it.
        value = resolve(unquoted(pair.value), before)
        if value is None:
            stage.variables.pop(pair.name, None)
        else:
            stage.variables[pair.name] = value
        if pair.name == "PATH":
            _extend_path(pair, stage)
        if pair.name == ENVIRONMENT:
            stage.environment = pair.value
            stage.context = stage.context._replace(foreign=True)
    if removed:
        work.removed[instruction] = removed


def inherit(instruction: Instruction, stage: Stage, outside: Stage) -> None:
    """Give an ARG without a value the one from before the first FROM."""
    for pair in instruction.pairs:
        if instruction.keyword == "ARG" and not pair.assigned:
            value = outside.variables.get(pair.name)
            if stage is not outside and value is not None:
                stage.variables[pair.name] = value


def _translate(work: Work, instruction: Instruction, pair: Pair, stage: Stage) -> bool:
    """Edit one pair; say whether it goes as a whole."""
    name = pair.name
    if name == "PATH":
        return _path(work, pair, stage)
    if name == _CREATE:
        return _create(work, instruction, pair, stage)
    if name.startswith("POETRY_DYNAMIC_VERSIONING"):
        work.note(pair.start, "variable", f"`{name}` stays: the build backend reads it")
        return False
    found = meaning(name, pair.value, work.project)
    if found is None:
        return False
    if found.name:
        _rename(work, instruction, pair, found.name)
        return False
    if found.name is None:
        # A name of the author's own, perhaps: it goes with the last line that reads it.
        work.doubtful[pair] = f"`{name}`: {found.reason}"
    if name == "POETRY_INSTALLER_PARALLEL" and unquoted(pair.value).lower() in {"false", "0"}:
        work.note(
            pair.start,
            "variable",
            "uv always installs in parallel: `UV_CONCURRENT_INSTALLS=1` and "
            "`UV_CONCURRENT_BUILDS=1` limit it where memory is short",
        )
    return True


def _rename(work: Work, instruction: Instruction, pair: Pair, new: str) -> None:
    why = f"uv reads it as `{new}`"
    if instruction.keyword == "ARG" and not new.startswith("UV_CACHE"):
        # Whoever builds the image passes it: it is taken over under uv's name.
        if new in work.file.text:
            return
        work.after[instruction].append(f"ARG {new}=${pair.name}")
        work.note(pair.start, "variable", f"{why}; rename it where the image is built, too")
        return
    work.renamed[pair.name] = new
    work.edit(pair.start, pair.start + len(pair.name), new, "variable", why)
    value = uv_folder(pair.value)
    if new == "UV_CACHE_DIR" and value != pair.value:
        work.edit(pair.value_start, pair.end, value, "variable", "the folder is uv's now")
        work.folders[unquoted(pair.value)] = unquoted(value)
    if new == ENVIRONMENT:
        work.note(
            pair.start,
            "variable",
            "Poetry made a folder for each environment in there, uv puts the environment itself "
            "there: look at later paths, and give each project its own",
        )


def _create(work: Work, instruction: Instruction, pair: Pair, stage: Stage) -> bool:
    if unquoted(pair.value).lower() not in {"false", "0"}:
        return True
    stage.system = True
    stage.context = stage.context._replace(foreign=True)
    if stage.environment or instruction.keyword == "ARG" or not stage.prefix:
        stage.unset = not stage.environment
        return True
    stage.environment = stage.prefix
    name = work.file.text[pair.start : pair.end]
    equals = "=" if "=" in name else " "
    work.edit(
        pair.start,
        pair.end,
        f"{ENVIRONMENT}{equals}{stage.prefix}",
        "system-environment",
        "uv installs into the image's own Python when it is named as the environment",
    )
    return False


def _path(work: Work, pair: Pair, stage: Stage) -> bool:
    """Take Poetry's folder out of PATH; say whether nothing is left to set."""
    value = pair.value
    quote = value[:1] if value[:1] in {'"', "'"} and value.endswith(value[:1]) else ""
    entries = value.strip(quote or None).split(":")
    kept = [entry for entry in entries if not _is_poetrys(entry, stage)]
    if len(kept) == len(entries):
        return False
    if all(entry in {"$PATH", "${PATH}"} for entry in kept):
        return True
    text = f"{quote}{':'.join(kept)}{quote}"
    work.edit(pair.value_start, pair.end, text, "path", "Poetry is not there any more")
    return False


def _extend_path(pair: Pair, stage: Stage) -> None:
    for entry in unquoted(pair.value).split(":"):
        value = resolve(entry, stage.variables)
        if value:
            stage.path = (*stage.path, value)


def _is_poetrys(entry: str, stage: Stage) -> bool:
    if re.fullmatch(r"\$\{?POETRY_HOME\}?(/\.?venv)?/bin/?", entry):
        return True
    value = resolve(entry, stage.variables)
    home = stage.variables.get("POETRY_HOME")
    if value and home and "poetry" in home and value.rstrip("/") == f"{home}/bin":
        return True
    return bool(
        value and re.search(r"/\.?(py)?poetry([-_]?(venv|env|home))?(/venv)?/bin/?$", value)
    )


def remove(work: Work, instruction: Instruction, removed: Sequence[Pair]) -> None:
    """Take pairs out of an instruction, or all of it."""
    pairs = instruction.pairs
    if len(removed) == len(pairs):
        work.gone[instruction] = ("variable", _WHY)
        return
    first = next(at for at, pair in enumerate(pairs) if pair not in removed)
    for at, pair in enumerate(pairs):
        if pair not in removed:
            continue
        if at < first:
            start, end = pair.start, _leading_end(work, pair, pairs[at + 1])
        else:
            start, end = _trailing_span(work, pairs, at, removed)
        work.edit(start, end, "", "variable", _WHY)


def _leading_end(work: Work, pair: Pair, following: Pair) -> int:
    """A pair before the first one that stays: a comment behind it is the next one's."""
    text = work.file.text
    if "#" not in text[pair.end : following.start]:
        return following.start
    end = pair.end
    while text[end] in " \t":
        end += 1
    return end


def _trailing_span(
    work: Work, pairs: Sequence[Pair], at: int, removed: Sequence[Pair]
) -> tuple[int, int]:
    """A pair behind one that stays: what stands before it goes with it, if it is its own."""
    text, pair, previous = work.file.text, pairs[at], pairs[at - 1]
    gap = text[previous.end : pair.start]
    following = pairs[at + 1] if at + 1 < len(pairs) else None
    if following in removed:
        following = None
    if following and "#" in gap and not re.search(r"(?i)poetry", gap):
        after = text[pair.end : following.start]
        if "#" not in after and after.count("\n") == 1:
            return pair.start, following.start
    return previous.end, pair.end
