"""COPY, ADD and mounts: poetry.lock becomes uv.lock, poetry.toml goes, caches are uv's."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from unverse.converters.dockerfile.stage import Stage, unquoted
from unverse.converters.dockerfile.work import Work
from unverse.pins import pins
from unverse.syntax.dockerfile import Instruction
from unverse.syntax.shell import Word

_LOCK = re.compile(r"(?:^|(?<=[/=\"',]))poetry(?=\.lock|\.loc\[k\])")
_GLOB = re.compile(r"(?:^|(?<=/))poetry\.?\*$")
_SETTINGS = re.compile(r"(?:^|/)poetry\.tom(?:l\*?|\[l\])$")
_CACHE = re.compile(r"\.cache/pypoetry(?:/(?:cache|artifacts))?(?![\w-])/?")
# What a build can be without: single files that are no modules, and folders beside the package.
_PLAIN = re.compile(
    r"(?i)(?:.*/)?(?:(?:config|conf|scripts|docker|docs?|tests?|bin|deploy|etc|data|\.\w+)/?"
    r"|readme|licen[cs]e|copying|makefile|(?:poetry|uv)\.?\*|[^/]+\.(?!py\b|tar|zip)[^/.]+)"
)
_HOME = re.compile(
    r"(?:/\S*)?/\.?(?:py)?poetry(?:[-_]?(?:venv|home))?(?:/bin/poetry)?/?|\$\{?POETRY_HOME\}?/?"
)
_VIRTUALENVS = (
    "Poetry's environments lay in this folder: uv's is `.venv` in the project, or what "
    "`UV_PROJECT_ENVIRONMENT` names"
)
LOCK_WHY = "the lock is called uv.lock"
_SETTINGS_WHY = "poetry.toml is not there any more"
_CACHE_WHY = "uv's cache is in another folder"


def copy(work: Work, instruction: Instruction, stage: Stage) -> None:
    """Follow COPY or ADD, and rename what it names."""
    words = _words(instruction)
    if len(words) < 2:
        return
    sources = [unquoted(word.text) for word in words[:-1]]
    if any("astral-sh/uv" in f.text for f in instruction.flags):
        stage.uv = True
    _remember(sources, stage)
    if _from_stage(work, instruction, sources, stage):
        return
    settings = [word for word in words[:-1] if _SETTINGS.search(unquoted(word.text))]
    if len(settings) == len(words) - 1:
        work.gone[instruction] = ("settings", _SETTINGS_WHY)
        return
    for at, word in enumerate(words):
        if word in settings:
            work.edit(word.start, words[at + 1].start, "", "settings", _SETTINGS_WHY)
        elif match := _GLOB.search(unquoted(word.text)):
            at_ = word.start + word.text.rindex(match[0])
            work.edit(at_, at_ + len(match[0]), "uv.lock*", "lock", LOCK_WHY)
        else:
            _lock(work, word)


def _from_stage(work: Work, instruction: Instruction, sources: list[str], stage: Stage) -> bool:
    """Look at what another stage gives; say whether it was Poetry."""
    if not any(flag.text.startswith("--from=") for flag in instruction.flags):
        return False
    homes = [path for path in sources if _HOME.fullmatch(path)]
    if homes and len(homes) == len(sources):
        work.before[instruction] += bring_uv(stage)
        work.gone[instruction] = ("installer", "uv comes from its image")
        return True
    if any("pypoetry/virtualenvs" in path for path in sources):
        work.note(instruction.start, "environment", _VIRTUALENVS)
    target = stage.place(_words(instruction)[-1].text)
    if len(sources) == 1 and re.search(r"(?:^|/)\.?venv/?$", sources[0]) and target:
        stage.copied = target
    return False


def bring_uv(stage: Stage) -> list[str]:
    """Return the instructions that copy uv, none if it is there."""
    if stage.uv:
        return []
    stage.uv = True
    return [f"COPY --from={pins().image} /uv /uvx /bin/", "ENV UV_PYTHON_DOWNLOADS=never"]


def _words(instruction: Instruction) -> Sequence[Word]:
    return instruction.words if instruction.elements is None else instruction.elements


def _lock(work: Work, word: Word) -> None:
    for match in _LOCK.finditer(word.text):
        start = word.start + match.start()
        work.edit(start, start + len("poetry"), "uv", "lock", LOCK_WHY)


def _remember(paths: Sequence[str], stage: Stage) -> None:
    """Note whether poetry.toml and the project's own files are there from now on."""
    sources = [path.removeprefix("./") for path in paths]
    whole = any(path in {".", "", "/", "*"} for path in sources)
    if whole or any(_SETTINGS.search(path) for path in sources):
        stage.settings = True
    if whole or not all(_PLAIN.fullmatch(path) for path in sources):
        stage.sources = True


def mounts(work: Work, instruction: Instruction) -> None:
    """Rename what `--mount=` names."""
    for at, flag in enumerate(instruction.flags):
        if not flag.text.startswith("--mount="):
            continue
        options = dict(part.partition("=")[::2] for part in flag.text[8:].split(","))
        source = options.get("source") or options.get("src") or ""
        target = options.get("target") or options.get("dst") or options.get("destination") or ""
        if _SETTINGS.search(source or target):
            after = [f.start for f in instruction.flags[at + 1 :]]
            work.edit(flag.start, (after or [instruction.body])[0], "", "settings", _SETTINGS_WHY)
        elif "pypoetry/virtualenvs" in target:
            work.note(flag.start, "cache", "an environment lies in this cache: uv uses `.venv`")
        else:
            _lock(work, flag)
            caches(work, flag.start, flag.end)


def caches(work: Work, start: int, end: int) -> None:
    """Rename Poetry's default cache folder; of folders in it that are named together one stays."""
    shell, named, reached = work.dockerfile.shell, "", start
    for match in _CACHE.finditer(shell, start, end):
        first, stop = _word_around(shell, match)
        name = shell[first : match.start()] + shell[match.end() : stop]
        if name and name == named and not shell[reached:first].strip(" \t\\\r\n"):
            work.edit(reached, stop, "", "cache", _CACHE_WHY)
            reached = stop
            continue
        named, reached = name, stop
        # `docker` mounts on the folder itself, so that no slash may be left over or be missing.
        text = ".cache/uv" + ("/" if match[0].endswith("pypoetry/") else "")
        work.edit(match.start(), match.end(), text, "cache", _CACHE_WHY)


def _word_around(shell: str, match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span()
    while start and not re.match(r"[\s;&|=,]", shell[start - 1]):
        start -= 1
    while end < len(shell) and not re.match(r"[\s;&|,]", shell[end]):
        end += 1
    return start, end


def decoded(word: Word) -> str:
    """Return the value of an element of exec form."""
    value = json.loads(word.text)
    return value if isinstance(value, str) else ""
