"""What a command line of Poetry means, from its documentation and `poetry help COMMAND`.

https://python-poetry.org/docs/cli/. It knows nothing of the translation: what is read here is
compared with what `uv_reader.py` reads from the line that took its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from unverse.proof.commands.homes import PoetryHome
from unverse.proof.commands.meaning import Act, Meaning, Wanted, Where
from unverse.proof.commands.pip_line import pip_words
from unverse.proof.commands.unit import Step
from unverse.standards.names import canonical
from unverse.syntax.shell import Word

_MAIN = frozenset({"main"})
_SECOND = re.compile(r"\|\s*(?:awk|cut|sed|tail|grep|rev|tr|perl|python)\b")
_VALUED = frozenset(
    {"--with", "--without", "--only", "--extras", "-E", "--format", "-f", "--output", "-o"}
    | {"--directory", "-C", "--project", "-P", "--repository", "-r", "--username", "-u"}
    | {"--password", "-p", "--group", "-G", "--python", "--platform", "--source", "--cert"}
    | {"--client-cert", "--dist-dir", "--markers", "--config-settings", "-c", "--local-version"}
    | {"--optional", "--why"}
)
# Where a name means something else than for most commands.
_SWITCHES = {
    "publish": frozenset({"-c"}),
    "show": frozenset({"-o", "-l", "-T", "-t", "-a", "--why"}),
    "version": frozenset({"-s"}),
    "config": frozenset({"-p"}),
}
_ACTS = {
    "lock": Act.LOCK,
    "check": Act.CHECK,
    "version": Act.VERSION,
    "add": Act.ADD,
    "remove": Act.REMOVE,
    "show": Act.SHOW,
    "shell": Act.ACTIVATE,
    "config": Act.SETTING,
    "self": Act.SETTING,
    "cache": Act.SETTING,
    "source": Act.SETTING,
    "plugin": Act.SETTING,
    "about": Act.SETTING,
    "python": Act.PYTHON,
}


class Line:
    """The words of a command line of Poetry, sorted."""

    def __init__(self, arguments: Sequence[Word]) -> None:
        self.command = ""
        self.options: dict[str, list[str]] = {}
        self.operands: list[Word] = []
        self.unknown: list[str] = []
        words = list(arguments)
        while words:
            self._take(words)

    def _take(self, words: list[Word]) -> None:
        word = words.pop(0)
        text = word.value if word.value is not None else word.text
        if text.startswith("-") and len(text) > 1:
            name, equals, value = text.partition("=")
            if re.fullmatch(r"-[A-Za-z][^=-].*", text) and not re.fullmatch(r"-[vqn]+", text):
                name, value, equals = text[:2], text[2:], "="  # `-Edocs`
            takes = name in _VALUED and name not in _SWITCHES.get(self.command, ())
            if takes and not equals and words:
                following = words.pop(0)
                value = following.value if following.value is not None else following.text
            self.options.setdefault(name, []).append(value if takes else "")
        elif not self.command:
            if word.value is None:
                self.unknown.append(text)
            else:
                self.command = text
                if text == "run":
                    self.operands, words[:] = list(words), []
        else:
            if word.value is None:
                self.unknown.append(text)
            self.operands.append(word)

    def has(self, *names: str) -> bool:
        """Whether one of these options was given."""
        return any(name in self.options for name in names)

    def names(self, *options: str) -> frozenset[str]:
        """Return the names in a list, separated by commas or blanks."""
        values = [value for option in options for value in self.options.get(option, ())]
        for value in values:
            if "$" in value or "{{" in value:
                self.unknown.append(value)
        found = (name for value in values for name in re.split(r"[,\s]+", value) if name)
        return frozenset(canonical(name) for name in found if "$" not in name)


def read_poetry(step: Step, home: PoetryHome) -> Meaning:
    """Return what a step that calls Poetry means in a project."""
    line = Line(step.command.arguments if step.command else ())
    where = _where(step, home)
    if line.command in {"install", "sync"}:
        return _install(line, home, where)
    if line.command == "run":
        return read_run([word.text for word in line.operands], where)
    if line.command == "update":
        return Meaning(
            Act.INSTALL if not line.has("--lock") else Act.LOCK,
            Wanted(home.folder, _groups(line, home), frozenset(), home.installs_itself),
            changes_lock=True,
            where=where,
            detail=frozenset({"upgrade"}),
        )
    if line.command == "export":
        return _export(line, home)
    if line.command in {"build", "publish"}:
        return _distribution(line)
    if line.command == "env":
        return _environment(line, where)
    meaning = _other(line, home)
    return shortened(meaning, step) if meaning.act is Act.VERSION else meaning


def shortened(meaning: Meaning, step: Step) -> Meaning:
    """Return what `version` means where a pipeline takes the name off again."""
    taken = bool(_SECOND.search(step.command.pipeline if step.command else ""))
    return replace(meaning, detail=meaning.detail | {"short"}) if taken else meaning


def _where(step: Step, home: PoetryHome) -> Where:
    create = step.environment.get("POETRY_VIRTUALENVS_CREATE")
    told = home.project.virtualenvs.get("create") if create is None else create
    active = step.environment.get("VIRTUAL_ENV", "").rstrip("/")
    if (active and not active.endswith("/.venv")) or "CONDA_PREFIX" in step.environment:
        return Where.ACTIVE
    return Where.SYSTEM if str(told).lower() in {"false", "0"} else Where.OWN


def _groups(line: Line, home: PoetryHome) -> frozenset[str]:
    only = line.names("--only")
    if line.has("--no-dev", "--default"):
        only |= _MAIN  # what Poetry itself says of these old options
    if only:
        return only
    groups = home.groups if line.has("--all-groups") else home.default
    groups |= line.names("--with") | (frozenset({"dev"}) if line.has("--dev") else frozenset())
    without = line.names("--without") | (_MAIN if line.has("--dev-only") else frozenset())
    return groups - without


def _install(line: Line, home: PoetryHome, where: Where) -> Meaning:
    groups = frozenset[str]() if line.has("--only-root") else _groups(line, home)
    extras = home.extras if line.has("--all-extras") else line.names("--extras", "-E")
    unknown = groups - home.groups
    return Meaning(
        Act.INSTALL,
        Wanted(home.folder, groups, extras, home.installs_itself and not line.has("--no-root")),
        exact=line.command == "sync" or line.has("--sync", "--remove-untracked"),
        drops_extras=True,
        checks_lock=True,
        where=where,
        detail=frozenset({"--dry-run"}) if line.has("--dry-run") else frozenset(),
        unknown=(*line.unknown, *(word.text for word in line.operands if word.value is None)),
        invalid=f"Poetry knows no group `{min(unknown)}`" if unknown else "",
    )


def read_run(words: Sequence[str], where: Where) -> Meaning:
    """Return what running a program in an environment means; pip changes the environment."""
    words = [word.strip("\"'") for word in words if word != "--"]
    plain = list(words)
    if len(plain) > 2 and plain[0].startswith("python") and plain[1:3] == ["-m", "pip"]:
        plain = plain[2:]
    if plain and re.fullmatch(r"pip[\d.]*", plain[0]):
        return read_pip(plain[1:], where)
    return Meaning(Act.RUN, where=where, words=tuple(words))


def read_pip(words: Sequence[str], where: Where) -> Meaning:
    """Return what pip does; only `install` and `uninstall` change anything."""
    told = tuple(pip_words(words))
    if told[:1] in {("install",), ("uninstall",), ("sync",)}:
        return Meaning(Act.PIP, where=where, words=told)
    return Meaning(Act.SHOW, where=where, words=("pip", *told[:1]))


def _export(line: Line, home: PoetryHome) -> Meaning:
    groups = line.names("--only") or _MAIN | line.names("--with")
    if line.has("--dev"):
        groups |= {"dev"}
    if line.has("--all-groups"):
        groups = home.groups
    extras = home.extras if line.has("--all-extras") else line.names("--extras", "-E")
    detail = set() if line.has("--without-hashes") else {"hashes"}
    kinds = line.options.get("-f", line.options.get("--format", ["requirements.txt"]))
    return Meaning(
        Act.EXPORT,
        Wanted(home.folder, groups - line.names("--without"), extras, project=False),
        checks_lock=True,
        detail=frozenset({*detail, *kinds}),
        unknown=tuple(line.unknown),
    )


def _distribution(line: Line) -> Meaning:
    kinds = frozenset(line.options.get("-f", line.options.get("--format", [])))
    if line.command == "build":
        unknown = tuple(kind for kind in kinds if "$" in kind)
        both = frozenset({"sdist", "wheel"})
        return Meaning(Act.BUILD, detail=kinds or both, unknown=unknown)
    detail = {"--dry-run"} & set(line.options) | ({"build"} if line.has("--build") else set())
    named = line.options.get("-r", line.options.get("--repository", []))
    named = [name for name in named if name != "pypi"]  # where uv publishes anyway
    return Meaning(Act.PUBLISH, words=tuple(named), detail=frozenset(detail))


def _environment(line: Line, where: Where) -> Meaning:
    first = line.operands[0].text if line.operands else ""
    if first == "use":
        return Meaning(Act.PYTHON, python=" ".join(w.text for w in line.operands[1:]))
    if first == "activate":
        return Meaning(Act.ACTIVATE, where=where)
    return Meaning(Act.SHOW, words=("env", first))


def _other(line: Line, home: PoetryHome) -> Meaning:
    act = _ACTS.get(line.command, Act.OTHER)
    words = tuple(word.text.strip("\"'") for word in line.operands)
    if act is Act.LOCK:
        if line.has("--check"):
            return Meaning(Act.CHECK, checks_lock=True)
        keeps = home.major >= 2 or line.has("--no-update")
        upgrade = frozenset() if keeps and not line.has("--regenerate") else frozenset({"upgrade"})
        return Meaning(Act.LOCK, changes_lock=True, detail=upgrade)
    if act is Act.CHECK:
        return Meaning(Act.CHECK, checks_lock=True)
    if act is Act.VERSION:
        short = frozenset({"short"} if line.has("-s", "--short") else ())
        return Meaning(Act.VERSION, words=words, detail=short, changes_lock=bool(words))
    if act in {Act.ADD, Act.REMOVE}:
        group = line.names("-G", "--group") or frozenset({"dev"} if line.has("-D", "--dev") else ())
        return Meaning(act, words=words, detail=group, changes_lock=True)
    return Meaning(act, words=(line.command, *words))
