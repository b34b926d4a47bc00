"""What a command line of uv means, from its documentation and `uv help COMMAND`.

https://docs.astral.sh/uv/reference/cli/ and https://docs.astral.sh/uv/reference/environment/. It
knows nothing of the translation.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from unverse.proof.commands.homes import UvHome
from unverse.proof.commands.meaning import Act, Meaning, Wanted, Where
from unverse.proof.commands.poetry_reader import read_run, shortened
from unverse.proof.commands.unit import Step
from unverse.proof.commands.uv_line import UvLine, read_uv_line
from unverse.standards.names import canonical

_MAIN = frozenset({"main"})
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})
_ACTS = {
    "add": Act.ADD,
    "remove": Act.REMOVE,
    "tree": Act.SHOW,
    "pip list": Act.SHOW,
    "pip freeze": Act.SHOW,
    "pip show": Act.SHOW,
    "pip check": Act.SHOW,
    "pip tree": Act.SHOW,
    "python find": Act.SHOW,
    "venv": Act.PYTHON,
    "python pin": Act.PYTHON,
    "python install": Act.PYTHON,
    "pip compile": Act.LOCK,
    "tool install": Act.SETTING,
    "self update": Act.SETTING,
    "cache clean": Act.SETTING,
    "cache dir": Act.SETTING,
    "cache prune": Act.SETTING,
    "self version": Act.SETTING,
    "": Act.SETTING,
    "help": Act.SETTING,
}


def read_uv(step: Step, home: UvHome) -> Meaning:
    """Return what a step that calls uv means in a project."""
    command = step.command
    line = read_uv_line(command.program if command else "uv", command.arguments if command else ())
    if line.unknown:
        return Meaning(Act.OTHER, invalid=f"uv has no `{line.unknown}`", words=(line.command,))
    given = Given(line, step.environment)
    where = _where(step, given)
    if line.command == "sync":
        return _sync(given, home, where)
    if line.command == "run":
        return _run(given, home, where)
    if line.command == "tool run":
        return Meaning(Act.TOOL, words=tuple(word.text.strip("\"'") for word in line.operands))
    if line.command in {"pip install", "pip uninstall", "pip sync"}:
        return _pip(step, given)
    if line.command == "export":
        return _export(given, home)
    meaning = _other(given)
    return shortened(meaning, step) if meaning.act is Act.VERSION else meaning


class Given:
    """The options of a line, with the variables that stand for options."""

    def __init__(self, line: UvLine, environment: Mapping[str, str]) -> None:
        self.line, self.environment = line, environment

    def has(self, option: str, variable: str = "") -> bool:
        """Whether an option was given, or the variable that switches it on is set."""
        negative = f"--no-{option[2:]}"
        if self.line.has(option):
            return True
        if variable and not self.line.has(negative):
            return self.environment.get(variable, "").lower() in _TRUE
        return False

    def names(self, *options: str) -> frozenset[str]:
        """Return normalised names of groups or extras."""
        values = (value for option in options for value in self.line.values(option))
        return frozenset(canonical(value) for value in values if "$" not in value)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Words that only the shell knows."""
        named = ("--group", "--only-group", "--no-group", "--extra", "--no-extra", "--package")
        values = (value for option in named for value in self.line.values(option))
        return (*self.line.dynamic, *(value for value in values if "$" in value))

    @property
    def checks(self) -> bool:
        """Whether it fails if the lock is stale."""
        return self.has("--locked", "UV_LOCKED")

    @property
    def python(self) -> str:
        """The interpreter that is asked for."""
        return (self.line.values("--python") or (self.environment.get("UV_PYTHON", ""),))[-1]


def _where(step: Step, given: Given) -> Where:
    told = step.environment.get("UV_PROJECT_ENVIRONMENT", "")
    active = step.environment.get("VIRTUAL_ENV", "")
    if told:
        if "CONDA_PREFIX" in told and "CONDA_PREFIX" in step.environment:
            return Where.ACTIVE
        if told == active or "VIRTUAL_ENV" in told or "envdir" in told or "env_dir" in told:
            return Where.ACTIVE
        own = posixpath.basename(told.rstrip("/")).startswith((".venv", "venv"))
        return Where.OWN if own and not told.startswith("/usr") else Where.SYSTEM
    foreign = bool(active) and not active.rstrip("/").endswith("/.venv")
    return Where.ACTIVE if given.has("--active") and foreign else Where.OWN


def groups_of(given: Given, home: UvHome) -> frozenset[str]:
    """Return what is selected, `main` for the project's own dependencies."""
    only = given.names("--only-group")
    if given.has("--only-dev"):
        only |= {"dev"}
    if only:
        return home.closed(only)
    groups = home.default
    if given.has("--no-default-groups", "UV_NO_DEFAULT_GROUPS"):
        groups = _MAIN
    if given.has("--all-groups"):
        groups = home.groups
    groups |= home.closed(given.names("--group")) | ({"dev"} if given.has("--dev") else set())
    without = given.names("--no-group")
    without |= {canonical(n) for n in given.environment.get("UV_NO_GROUP", "").split() if n}
    if given.has("--no-dev", "UV_NO_DEV"):
        without |= {"dev"}
    return frozenset(groups - without)


def extras_of(given: Given, home: UvHome) -> frozenset[str]:
    """Return the extras that are selected."""
    extras = home.extras if given.has("--all-extras") else given.names("--extra")
    return extras - given.names("--no-extra")


def _wanted(given: Given, home: UvHome) -> Wanted:
    groups = groups_of(given, home)
    project = home.installs_itself and "main" in groups
    for option in ("--no-install-project", "--no-install-workspace", "--no-install-local"):
        if given.has(option, f"UV_{option[2:].upper().replace('-', '_')}"):
            project = False
    if given.has("--only-install-project"):
        return Wanted(home.folder, frozenset(), frozenset(), home.installs_itself)
    return Wanted(home.folder, groups, extras_of(given, home), project)


def _problem(given: Given, home: UvHome) -> str:
    """Say why uv would refuse a selection."""
    named = given.names("--group", "--only-group", "--no-group")
    unknown = named - home.groups - {"dev"}
    if unknown:
        return f"uv knows no group `{min(unknown)}`"
    unknown = given.names("--extra") - home.extras
    return f"uv knows no extra `{min(unknown)}`" if unknown else ""


def _sync(given: Given, home: UvHome, where: Where) -> Meaning:
    upgrades = any(given.line.has(f"--upgrade{more}") for more in ("", "-package", "-group"))
    detail = {"upgrade"} if upgrades else set()
    detail |= {"--dry-run"} if given.has("--dry-run") else set()
    if given.line.has("--no-install-local", "--no-install-workspace") and given.has("--frozen"):
        detail |= {"parts are not there"}
    return Meaning(
        Act.INSTALL,
        _wanted(given, home),
        exact=not given.line.has("--inexact") or given.line.has("--exact"),
        checks_lock=given.checks,
        changes_lock=upgrades,
        where=where,
        detail=frozenset(detail),
        python=given.python,
        unknown=given.unknown,
        invalid=_problem(given, home),
    )


def _run(given: Given, home: UvHome, where: Where) -> Meaning:
    words = [word.text for word in given.line.operands]
    if given.line.has("--module"):
        words = ["python", "-m", *words]
    if given.line.has("--no-project") or given.line.has("--isolated"):
        return Meaning(Act.TOOL, words=tuple(word.strip("\"'") for word in words))
    meaning = read_run(words, where)
    syncs = not (given.has("--no-sync", "UV_NO_SYNC") or given.line.has("--script"))
    if meaning.act is Act.PIP:
        return Meaning(Act.PIP, where=Where.SYSTEM, words=meaning.words, detail=_PATH)
    return Meaning(
        meaning.act,
        _wanted(given, home) if syncs else None,
        exact=given.line.has("--exact"),
        checks_lock=given.checks,
        where=where,
        words=meaning.words,
        python=given.python,
        unknown=given.unknown,
        invalid=_problem(given, home) if syncs else "",
    )


_PATH = frozenset({"the pip that is first on PATH"})


def _pip(step: Step, given: Given) -> Meaning:
    line = given.line
    words = [word.text.strip("\"'") for word in line.operands]
    for option, values in line.options.items():
        if option in {"--requirements", "--constraints", "--editable"}:
            short = {"--requirements": "-r", "--constraints": "-c", "--editable": "-e"}[option]
            words += [part for value in values for part in (short, value)]
    system = given.has("--system", "UV_SYSTEM_PYTHON") or given.has("--target")
    active = bool(step.environment.get("VIRTUAL_ENV"))
    where = Where.SYSTEM if system else Where.ACTIVE if active else Where.OWN
    return Meaning(Act.PIP, where=where, words=(line.command.split()[1], *words))


def _export(given: Given, home: UvHome) -> Meaning:
    line = given.line
    project = home.installs_itself and not (
        line.has("--no-emit-project") or line.has("--no-install-project")
    )
    project = project and not line.has("--no-emit-workspace") and not line.has("--only-group")
    detail = {"hashes"} if not line.has("--no-hashes") else set()
    if line.values("--format"):
        detail.add(line.values("--format")[-1].replace("-txt", ".txt"))
    else:
        out = (line.values("--output-file") or ("",))[-1]
        detail.add("pylock.toml" if "pylock" in out else "requirements.txt")
    return Meaning(
        Act.EXPORT,
        Wanted(home.folder, groups_of(given, home), extras_of(given, home), project),
        checks_lock=given.checks,
        detail=frozenset(detail),
        unknown=given.unknown,
        invalid=_problem(given, home),
    )


def _other(given: Given) -> Meaning:
    line = given.line
    words = tuple(word.text.strip("\"'") for word in line.operands)
    if line.command == "lock":
        if given.has("--check") or given.has("--dry-run") or given.checks:
            return Meaning(Act.CHECK, checks_lock=True)
        upgrade = any(line.has(f"--upgrade{more}") for more in ("", "-package", "-group"))
        detail = frozenset({"upgrade"} if upgrade else ())
        return Meaning(Act.LOCK, changes_lock=True, detail=detail)
    if line.command == "build":
        kinds = {kind for kind in ("sdist", "wheel") if line.has(f"--{kind}")}
        return Meaning(Act.BUILD, detail=frozenset(kinds or {"sdist", "wheel"}))
    if line.command == "publish":
        named = line.values("--index") or line.values("--publish-url")
        variables = ("UV_PUBLISH_INDEX", "UV_PUBLISH_URL")
        named = named or tuple(v for n in variables if (v := given.environment.get(n)))
        detail = frozenset({"--dry-run"} if line.has("--dry-run") else ())
        return Meaning(Act.PUBLISH, words=named, detail=detail)
    if line.command == "version":
        told = (*words, *line.values("--bump"))
        short = frozenset({"short"} if line.has("--short") else ())
        return Meaning(Act.VERSION, words=told, detail=short, changes_lock=bool(told))
    if line.command in {"add", "remove"}:
        group = given.names("--group") | ({"dev"} if line.has("--dev") else set())
        return Meaning(_ACTS[line.command], words=words, detail=group, changes_lock=True)
    act = _ACTS.get(line.command, Act.OTHER)
    return Meaning(act, words=(line.command, *words), python=given.python)
