"""Commands that bring Poetry itself, by whatever tool.

The default, for scripts and docs, brings uv by the same tool. Where uv comes in another way (an
action, an image), `Translation.without` says what is left of the command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from unverse.commands.context import Context
from unverse.commands.installer_rows import INSTALLER, ROWS, UNINSTALLER, row_of
from unverse.commands.poetry.other import plugin_problem
from unverse.commands.rows import render
from unverse.commands.table import Exactness, Replacement, Row, Translation, Untranslatable
from unverse.syntax.shell_words import Command, Word

__all__ = ["ROWS", "translate"]
_POETRY = re.compile(
    r"poetry(\[.*\])?\s*([=<>~!@].*)?|git\+https://github\.com/python-poetry/poetry(\.git)?(@.*)?"
)
_PLUGIN = re.compile(r"(poetry-plugin-[\w-]+|poetry-dynamic-versioning(\[plugin\])?)([=<>~!@].*)?")
# Upgraded on the way, and needed by nobody but the installer.
_TRUNK = frozenset({"pip"})
_VALUED = frozenset({"-r", "-c", "-i", "-e", "--python", "--index-url", "--extra-index-url"}) | {
    *("-t", "--target", "--prefix", "--constraint", "--requirement", "--pip-args", "--root"),
    *("--progress-bar", "-n", "--name", "-c", "--channel", "--suffix", "--spec", "--with"),
}
_PACKAGE_MANAGERS: Mapping[str, tuple[str, ...]] = {
    "brew": ("install", "upgrade"),
    "apt": ("install",),
    "apt-get": ("install",),
    "apk": ("add",),
    "dnf": ("install",),
    "yum": ("install",),
    "pacman": ("-S",),
    "choco": ("install",),
    "scoop": ("install",),
    "conda": ("install", "create"),
    "mamba": ("install", "create"),
    "micromamba": ("install", "create"),
}
_WITHOUT_UV = frozenset({"apt", "apt-get", "yum"})


@dataclass(frozen=True, slots=True)
class Request:
    """The words of an installing command: indices of Poetry, its plugins, and other packages."""

    poetry: tuple[int, ...]
    plugins: tuple[int, ...]
    others: tuple[int, ...]


def translate(command: Command, context: Context) -> Translation | Untranslatable | None:
    """Translate a command that installs Poetry; None if it does not."""
    script = _script(command)
    if script is not None:
        return script
    for verbs, handle in _HANDLERS.get(command.program, ()):
        values = tuple(word.value or "" for word in command.arguments[: len(verbs)])
        if values == verbs:
            return handle(command, command.rest + len(verbs), context)
    return _manager(command, context)


def _request(command: Command, start: int) -> Request:
    poetry: list[int] = []
    plugins: list[int] = []
    others: list[int] = []
    at = start
    while at < len(command.words):
        word = command.words[at]
        if word.text.startswith("-"):
            # A file of requirements is something to install too.
            if word.text in {"-r", "--requirement", "-e", "--editable"}:
                others.append(at)
            at += 2 if word.text in _VALUED else 1
            continue
        bare = word.text.strip("\"'")
        target = poetry if _POETRY.fullmatch(bare) else others
        (plugins if _PLUGIN.fullmatch(bare) else target).append(at)
        at += 1
    return Request(tuple(poetry), tuple(plugins), tuple(others))


def _packages(
    command: Command, start: int, context: Context
) -> Translation | Untranslatable | None:
    """`pip install poetry tox`: the word goes or becomes `uv`, the rest stays."""
    asked = _request(command, start)
    if not asked.poetry and not asked.plugins:
        return None
    row = row_of(command.program)
    for index in asked.plugins:
        if problem := plugin_problem(command.words[index].text, context):
            return Untranslatable(problem, row)
    gone = [Replacement(at, at + 1, ()) for at in asked.plugins]
    new = [Replacement(at, at + 1, (_uv(command.words[at]),)) for at in asked.poetry]
    if not new and not asked.others:
        return _finished(command, row, None, None)
    without = [*gone, *(Replacement(at, at + 1, ()) for at in asked.poetry)]
    left = {command.words[at].text for at in asked.others} - _TRUNK
    return _finished(command, row, [*gone, *new], without if left else None)


def _uninstalled(command: Command, start: int, context: Context) -> Translation | None:
    """`pip uninstall -y poetry` after it has served; people are not told to keep Poetry."""
    asked = _request(command, start)
    if not asked.poetry or context.setting not in {"ci", "image"}:
        return None
    gone = [Replacement(at, at + 1, ()) for at in (*asked.poetry, *asked.plugins)]
    made = _finished(command, UNINSTALLER, gone if asked.others else None, None)
    return made._replace(kind="setting")


def _uv(word: Word) -> str:
    """Poetry's requirement -> uv's, pinned if that was."""
    return f"uv=={_uv_version()}" if "==" in word.text else "uv"


def _uv_version() -> str:
    from unverse.pins import pins

    return pins().uv


def _finished(
    command: Command,
    row: Row,
    changes: Iterable[Replacement] | None,
    without: Iterable[Replacement] | None,
) -> Translation:
    """Make a translation; no `changes`: the command goes wherever it stands."""
    if changes is None:
        last = len(command.words)
        whole = (Replacement(command.first, last, ()),)
        return Translation("", whole, row, Exactness.EXACT, kind=INSTALLER)
    ordered = tuple(sorted(changes, key=lambda change: change.first))
    left = tuple(sorted(without, key=lambda change: change.first)) if without else None
    text = render(command, ordered)
    gone = {
        at: ""
        for at, word in enumerate(command.assignments)
        if word.text.startswith(("POETRY_", "GET_POETRY"))
    }
    return Translation(
        text, ordered, row, Exactness.EXACT, kind=INSTALLER, without=left, assignments=gone
    )


def _present(command: Command, start: int, context: Context) -> Translation | Untranslatable | None:
    """`uv tool install poetry`: uv is there already."""
    asked = _request(command, start)
    # In an environment Poetry is a library, of a plugin of it for example.
    system = any(word.text == "--system" for word in command.arguments)
    in_environment = command.words[command.rest].value == "pip" and not system
    if in_environment or not (asked.poetry or asked.plugins):
        return None
    row = row_of(command.program)
    for index in asked.plugins:
        if problem := plugin_problem(command.words[index].text, context):
            return Untranslatable(problem, row)
    if not asked.others:
        return _finished(command, row, None, None)
    gone = [Replacement(at, at + 1, ()) for at in (*asked.poetry, *asked.plugins)]
    return _finished(command, row, gone, gone)


def _inject(command: Command, start: int, context: Context) -> Translation | Untranslatable | None:
    """`pipx inject poetry PLUGIN`."""
    values = [word.value or "" for word in command.words[start:]]
    named = [(at, value) for at, value in enumerate(values) if not value.startswith("-")]
    if not named or named[0][1] != "poetry":
        return None
    row = row_of(command.program)
    for _, value in named[1:]:
        if problem := plugin_problem(value, context):
            return Untranslatable(problem, row)
    return _finished(command, row, None, None)


def _version_manager(command: Command, start: int, _: Context) -> Translation | None:
    """`asdf install poetry 1.8`, `mise use poetry@1.8`."""
    at = next((i for i in range(start, len(command.words)) if _is_poetry(command.words[i])), None)
    if at is None:
        return None
    plugin = "plugin" in {word.value for word in command.arguments[:1]}
    asked = " ".join(word.text for word in command.words[at:])
    if command.program == "asdf":
        version = _uv_version() if re.search(r"\d", asked) else "latest"
        change = Replacement(at, len(command.words), ("uv",) if plugin else ("uv", version))
    else:
        pinned = re.search(r"@v?\d", command.words[at].text)
        change = Replacement(at, at + 1, (f"uv@{_uv_version()}" if pinned else "uv",))
    return _finished(command, row_of(command.program), [change], None)


def _is_poetry(word: Word) -> bool:
    return bool(_POETRY.fullmatch(word.text.strip("\"'")))


def _manager(command: Command, context: Context) -> Translation | Untranslatable | None:
    """`brew install poetry` and other package managers."""
    verbs = _PACKAGE_MANAGERS.get(command.program, ())
    at = next(
        (i for i, word in enumerate(command.words) if i >= command.rest and word.text in verbs),
        None,
    )
    if at is None:
        return None
    names = {"poetry", "python3-poetry", "py3-poetry", "python-poetry"}
    wanted = [
        i
        for i in range(at + 1, len(command.words))
        if re.split(r"[=<>]", command.words[i].text.strip("\"'"))[0] in names
    ]
    if not wanted:
        return None
    row = row_of(command.program)
    asked = _request(command, at + 1)
    others = set(asked.others) - set(wanted)
    if command.program in _WITHOUT_UV and context.setting == "image":
        # An image gets uv by a copy, and Poetry's package brought Python along.
        python = () if "python3" in {word.text for word in command.words} else ("python3",)
        changes = [Replacement(i, i + 1, python) for i in wanted]
        return _finished(command, row, changes, changes)
    if command.program in _WITHOUT_UV:
        reason = f"`{command.program}` has no package of uv: https://docs.astral.sh/uv/ has others"
        return Untranslatable(reason, row)
    changes = [Replacement(i, i + 1, ("uv",)) for i in wanted]
    without = [Replacement(i, i + 1, ()) for i in wanted]
    return _finished(command, row, changes, without if others else None)


# Poetry's own installers, the old ones included.
_SCRIPT = re.compile(
    r"https?://(?:install\.python-poetry\.org/?|raw\.githubusercontent\.com/(?:python-poetry|"
    r"sdispater)/(?:install\.python-)?poetry(?:\.org)?/[\w./-]*?(?:get|install)-poetry\.py)"
)
_SAVED = re.compile(r"(?:.*/)?(?:(?:get|install)[-_]poetry(?:\.py)?|install\.python-poetry\.org)")
_PYTHONS = re.compile(r"python[\d.]*|pypy3?|py|sh|bash")


def _script(command: Command) -> Translation | Untranslatable | None:
    """`curl … | python3 -`: uv's script for Poetry's, `sh` for Python."""
    if command.program in {"curl", "wget"}:
        return _download(command)
    runs_saved = any(_SAVED.fullmatch(word.text.strip("\"'")) for word in command.arguments[:1])
    inline = any(_SCRIPT.search(word.text) for word in command.arguments)
    program = command.words[command.first].text if command.words else ""
    is_python = _PYTHONS.fullmatch(command.program) or "$" in program
    piped = bool(_SCRIPT.search(command.pipeline))
    if not is_python or not (runs_saved or inline or piped):
        return None
    row = row_of("python")
    if inline:
        return _finished(command, row, [Replacement(command.first, command.rest, ("sh",))], None)
    kept = command.words[command.rest].text if runs_saved else ""
    words = ("sh", kept) if kept else ("sh",)
    change = Replacement(command.first, len(command.words), words)
    return _finished(command, row, [change], None)


def _download(command: Command) -> Translation | Untranslatable | None:
    at = next((i for i, word in enumerate(command.words) if _SCRIPT.search(word.text)), None)
    if at is None:
        return None
    row = row_of(command.program)
    saved = [word.text for word in command.arguments if word.text in {"-o", "--output"}]
    if saved and not any(_SAVED.fullmatch(w.text.strip("\"'")) for w in command.arguments):
        return Untranslatable("what becomes of the saved installer is not known here", row)
    new = _SCRIPT.sub(_address(command), command.words[at].text)
    changes = [Replacement(at, at + 1, (new,))]
    if command.program == "curl":
        changes = _redirected(command, changes[0])
    return _finished(command, row, changes, None)


_VERSION = re.compile(r"--version[ =]['\"]?[\w$]|\bPOETRY_VERSION=")


def _address(command: Command) -> str:
    """Return where uv's installer is, of our version if Poetry's was told one."""
    version = f"{_uv_version()}/" if _VERSION.search(command.pipeline) else ""
    return f"https://astral.sh/uv/{version}install.sh"


def _redirected(command: Command, address: Replacement) -> list[Replacement]:
    """Poetry's address redirects nowhere, uv's does; `-LsSf` is how uv's own pages have it."""
    flags = {
        at: word.text
        for at, word in enumerate(command.words)
        if at >= command.rest and re.fullmatch(r"-[A-Za-z]+", word.text)
    }
    usual = next((at for at, flag in flags.items() if set(flag[1:]) == set("sSL")), None)
    if usual is not None:
        return sorted((Replacement(usual, usual + 1, ("-LsSf",)), address), key=lambda r: r.first)
    if any("L" in flag for flag in flags.values()):
        return [address]
    return [Replacement(address.first, address.last, ("-L", *address.words))]


Handler = Callable[[Command, int, Context], "Translation | Untranslatable | None"]
_PIP: tuple[tuple[tuple[str, ...], Handler], ...] = (
    (("install",), _packages),
    (("uninstall",), _uninstalled),
)
_HANDLERS: Mapping[str, tuple[tuple[tuple[str, ...], Handler], ...]] = {
    "pip": _PIP,
    "pip3": _PIP,
    "pipx": (*_PIP, (("upgrade",), _packages), (("inject",), _inject)),
    "uv": (
        (("tool", "install"), _present),
        (("tool", "upgrade"), _present),
        (("pip", "install"), _present),
    ),
    "asdf": (
        (("install",), _version_manager),
        (("plugin", "add"), _version_manager),
        (("plugin-add",), _version_manager),
        (("global",), _version_manager),
        (("local",), _version_manager),
        (("set",), _version_manager),
    ),
    "mise": ((("use",), _version_manager), (("install",), _version_manager)),
}
