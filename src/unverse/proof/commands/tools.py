"""Which Python a job uses, and whether the tool itself is pinned as it was."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from unverse.errors import ConfigurationError
from unverse.proof.commands.difference import Difference, Subject
from unverse.proof.commands.homes import Homes, UvHome
from unverse.proof.commands.meaning import Act
from unverse.proof.commands.reading import Read
from unverse.proof.commands.unit import Kind, Step, Unit

_ENV = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}")
_SETUP_UV = "astral-sh/setup-uv@"
_SETUP_PYTHON = "actions/setup-python@"
_POETRY_PIN = re.compile(
    r"poetry\s*[=~]=+\s*[\"']?\$?\{?\w|--version[= ]+\S|POETRY_VERSION=|poetry@\d"
)
_POETRY_ACTION = re.compile(
    r"(?i)(?:snok/install-poetry|abatilo/actions-poetry|gr1n/setup-poetry)@"
)
_INSTALLS_POETRY = re.compile(r"(?:pipx?3?|conda|uv tool) .*\bpoetry|install\.python-poetry\.org")
# Where pipx and its installers put it; not `.cache/pypoetry`, which holds what it downloads.
_POETRY_PLACE = re.compile(
    r"\.local/?(?:\s|$)|\.local/(?:bin|pipx|share/pypoetry)|\bpipx\b|POETRY_HOME|/\.?poetry/?(?:\s|$)"
)
_INSTALLS_UV = re.compile(
    r"(?:pipx?3?)\b.*\binstall\b.*(?<![\w./-])uv(?![\w-])(?P<pip>\S*)"
    r"|astral\.sh/uv/(?P<script>[\w.]*)/?install"
)


def differences(before: Unit, after: Unit, homes: Homes, reads: list[Read]) -> Iterator[Difference]:
    """Yield what concerns the interpreter and the installation of the tool."""
    yield from _pins(before, after, homes)
    if before.kind is Kind.JOB:
        yield from _pythons(before, after, homes, reads)


def brings_poetry(step: Step) -> bool:
    """Whether a step installs Poetry."""
    if _POETRY_ACTION.match(step.action):
        return True
    installs = re.search(r"(?<!un)install", step.text) and _INSTALLS_POETRY.search(step.text)
    return step.command is not None and bool(installs)


def caches_poetry(step: Step) -> bool:
    """Whether a step of a workflow restores the installed Poetry from a cache."""
    is_cache = step.action.lower().startswith("actions/cache")
    return is_cache and bool(_POETRY_PLACE.search(step.inputs.get("path", "")))


def brings_uv(step: Step) -> bool:
    """Whether a step installs uv."""
    if step.action.lower().startswith(_SETUP_UV):
        return True
    return step.command is not None and bool(_INSTALLS_UV.search(step.text))


def _pins(before: Unit, after: Unit, homes: Homes) -> Iterator[Difference]:
    """Poetry was pinned: is uv?"""
    pinned = next((step for step in before.steps if _pins_poetry(step)), None)
    if pinned is None or _required(homes):
        return
    for step in after.steps:
        if _is_unpinned(step):
            message = "Poetry's version was pinned, uv's is not"
            yield Difference(Subject.TOOLS, before.label, pinned, step, message)
            return
    copies = after.properties.get("copies", "")
    for match in re.finditer(r"ghcr\.io/astral-sh/uv(?P<tag>:[\w.-]+)?(?=[\s/]|$)", copies):
        if match["tag"] in {None, ":latest"}:
            message = f"{after.label}: Poetry's version was pinned, uv's is not: `{match[0]}`"
            yield Difference(Subject.TOOLS, before.label, pinned, None, message)
            return


def _pins_poetry(step: Step) -> bool:
    if _POETRY_ACTION.match(step.action):
        return any(
            step.inputs.get(name) for name in ("version", "poetry-version", "poetry_version")
        )
    if not _INSTALLS_POETRY.search(step.text):
        return False
    return bool(_POETRY_PIN.search(step.text)) or "POETRY_VERSION" in step.environment


def _is_unpinned(step: Step) -> bool:
    if step.action.lower().startswith(_SETUP_UV):
        given = step.inputs
        return not (given.get("version") or given.get("version-file"))
    match = _INSTALLS_UV.search(step.text) if step.command else None
    if match is None:
        return False
    if match["script"] is not None:
        return not match["script"] and "UV_VERSION" not in step.text
    return not match["pip"].startswith(("=", "<", ">", "~"))


def _required(homes: Homes) -> bool:
    """Whether pyproject.toml or uv.toml says which uv it wants."""
    home = homes.at("")
    if isinstance(home, UvHome) and home.tool.get("required-version"):
        return True
    if "uv.toml" in homes.repository.files:
        return "required-version" in homes.repository.read("uv.toml").text
    return False


def _pythons(before: Unit, after: Unit, homes: Homes, reads: list[Read]) -> Iterator[Difference]:
    """Uv takes the Python of `.python-version` before the one that the job has set up."""
    first = next((r for r in reads if r.tool == "uv" and r.meaning.act in _USES), None)
    asked = _python_of(before)
    if first is None or asked is None or _told(after, reads):
        return
    step, wanted = asked
    wanted = _resolved(wanted, step)
    kept = _python_of(after)
    path, pinned = _pinned(homes, first.folder)
    if pinned and not _same(wanted, pinned) and not (kept and kept[1] == path):
        message = f"uv takes Python {pinned} of `{path}`, not `{wanted}`: tell setup-uv"
        yield Difference(Subject.TOOLS, before.label, step, first.step, message)
    elif kept is None and not pinned and "$" in wanted:
        message = f"nothing tells uv to take Python `{wanted}`"
        yield Difference(Subject.TOOLS, before.label, step, first.step, message)


_USES = frozenset({Act.INSTALL, Act.RUN, Act.BUILD, Act.EXPORT})


def _python_of(unit: Unit) -> tuple[Step, str] | None:
    """Return the last setup-python and what it was asked for."""
    for step in reversed(unit.steps):
        if step.action.lower().startswith(_SETUP_PYTHON):
            told = step.inputs.get("python-version") or step.inputs.get("python-version-file")
            return (step, told) if told else None
    return None


def _resolved(wanted: str, step: Step) -> str:
    """Return the value of `${{ env.NAME }}` if the workflow says it."""
    match = _ENV.fullmatch(wanted.strip())
    return step.environment.get(match[1], wanted) if match else wanted


def _told(unit: Unit, reads: list[Read]) -> bool:
    """Whether uv is told a Python by something stronger than the file."""
    setup = (step for step in unit.steps if step.action.lower().startswith(_SETUP_UV))
    if any(step.inputs.get("python-version") for step in setup):
        return True
    return any(read.meaning.python or read.step.environment.get("UV_PYTHON") for read in reads)


def _pinned(homes: Homes, folder: str) -> tuple[str, str]:
    """Return the `.python-version` that uv finds, and the Python in it."""
    while True:
        path = posixpath.join(folder, ".python-version")
        if path in homes.repository.files:
            try:
                text = homes.repository.read(path).text.split()
            except ConfigurationError:
                return "", ""
            return path, text[0] if text else ""
        if not folder:
            return "", ""
        folder = posixpath.dirname(folder)


def _same(wanted: str, pinned: str) -> bool:
    plain = wanted.strip("\"' ").removesuffix(".x")
    if ".python-version" in plain:
        return True
    return f"{pinned}.".startswith(f"{plain}.") or f"{plain}.".startswith(f"{pinned}.")
