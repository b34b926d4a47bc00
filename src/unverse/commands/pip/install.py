"""`pip install`.

https://pip.pypa.io/en/stable/cli/pip_install/
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.pip.options import INDEXES, PROGRESS, REQUIREMENTS, ROOT, SELECTION
from unverse.commands.pip.place import place
from unverse.commands.pip.variables import settings
from unverse.commands.table import KEPT, Exactness, Example, Option, Outcome, Row, Untranslatable

_PIP = re.compile(r"pip(?:[=<>~!@\[].*)?")
_DYNAMIC = re.compile(r"\$|`|\{\{")
# https://docs.astral.sh/uv/reference/cli/#uv-pip-install--python-platform
_PLATFORM = re.compile(r"(?P<tag>manylinux\w+?)_(?P<machine>x86_64|aarch64)")
_PLATFORMS = {"win_amd64": "x86_64-pc-windows-msvc", "win_arm64": "aarch64-pc-windows-msvc"}
_HOLDS = "`{}` has to hold packages, or options that uv has too"


def install(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """Rewrite the invocation; `install -U pip` goes."""
    problem = _platforms(found)
    if problem:
        return problem
    where = place(found, context)
    if isinstance(where, Untranslatable):
        return where
    told = settings(found, context)
    if isinstance(told, Untranslatable):
        return told
    _without_pip(found)
    if not found.head:
        return Outcome(exactness=Exactness.EXACT)
    # What stands between `pip` and `install` is no option of uv itself.
    early = [given for given in found.given if given.first < found.form[0]]
    moved = [word for given in early for word in _moved(found, given.first, given.last)]
    compiles = context.setting == "image" and not _compiles_otherwise(found, context)
    found.head += (*where, *told, *moved, *_strategy(found), *(["--compile-bytecode"] * compiles))
    return _outcome(found)


def _without_pip(found: Invocation) -> None:
    """Take out the requirement of pip itself, and the command if it asks for nothing else."""
    own = [i for i in found.operands if _PIP.fullmatch(found.word(i).value or "")]
    others = len(found.operands) > len(own) or any(
        found.has(name) for name in ("-r", "-e", "--group", "--requirements-from-script")
    )
    for index in own:
        found.replace(index, index + 1)
    if own and not others:
        found.whole()
        found.head = []


def _moved(found: Invocation, first: int, last: int) -> tuple[str, ...]:
    change = found.changed.get(first)
    words = change.words if change else tuple(found.word(i).text for i in range(first, last))
    found.replace(first, last)
    return words


def _strategy(found: Invocation) -> tuple[str, ...]:
    several = found.has("--extra-index-url") and not found.has("--no-index")
    return ("--index-strategy", "unsafe-best-match") if several else ()


def _compiles_otherwise(found: Invocation, context: Context) -> bool:
    return (
        found.has("--no-compile")
        or found.has("--compile")
        or "UV_COMPILE_BYTECODE" in context.environment
    )


def _platforms(found: Invocation) -> Untranslatable | None:
    for given in found.all("--platform"):
        value = given.value or ""
        match = _PLATFORM.fullmatch(value)
        known = f"{match['machine']}-{match['tag']}" if match else _PLATFORMS.get(value)
        if known is None:
            return Untranslatable(f"`--platform {given.raw}`: uv has other names for platforms")
        found.put(given, "--python-platform", known)
    for given in found.all("--implementation"):
        if given.value != "cp":
            return Untranslatable(f"`--implementation {given.raw}`: uv takes that of its Python")
    return None


def _outcome(found: Invocation) -> Outcome:
    upgrades = found.has("--upgrade")
    eager = any(given.value == "eager" for given in found.all("--upgrade-strategy"))
    words = (found.word(index) for index in found.operands)
    dynamic = [w.text for w in words if w.value is None and _DYNAMIC.match(w.text)]
    if dynamic:
        said = _HOLDS.format(dynamic[0])
        return Outcome(exactness=Exactness.APPROXIMATE, difference=said)
    return Outcome(exactness=Exactness.EXACT if upgrades and eager else None)


_APPROXIMATE = Exactness.APPROXIMATE
_OPTIONS = (
    *REQUIREMENTS,
    *SELECTION,
    *INDEXES,
    PROGRESS,
    ROOT,
    Option(
        ("--upgrade", "-U"),
        KEPT,
        exactness=_APPROXIMATE,
        reason="uv upgrades dependencies too, as `--upgrade-strategy eager` does",
    ),
    Option(("--upgrade-strategy",), None, "value", reason="uv is always eager"),
    Option(("--dry-run",), KEPT),
    Option(("--target", "-t"), KEPT, "value"),
    Option(("--prefix",), KEPT, "value"),
    Option(("--python-version",), KEPT, "value"),
    Option(("--platform",), "", "value"),
    Option(("--implementation",), None, "value"),
    Option(("--force-reinstall",), "--reinstall"),
    Option(
        ("--ignore-installed", "-I"),
        "--reinstall",
        exactness=_APPROXIMATE,
        reason="uv takes away what it replaces",
    ),
    Option(("--break-system-packages",), KEPT),
    Option(("--compile",), "--compile-bytecode"),
    Option(("--no-compile",), reason="uv compiles only if it is told"),
    Option(("--no-warn-script-location",), reason="uv does not warn"),
    Option(("--no-warn-conflicts",), reason="uv does not warn"),
    Option(
        ("--user",),
        refused="uv does not install for a user: take an environment, or `uv tool install`",
    ),
    Option(("--root",), takes="value", refused="use `--prefix` or `--target`"),
    Option(("--abi",), takes="value", refused="uv takes that of its Python"),
    Option(("--report",), takes="value", refused="uv writes no report"),
    Option(("--install-option",), takes="value", refused="pip has it no more either"),
)
_ENVIRONMENT = {"target": "environment"}
_SYSTEM = {"target": "system"}
_IMAGE = {"target": "system", "setting": "image"}
_FAR = "https://example.org/simple"
ROWS = (
    Row(
        "pip",
        ("install",),
        ("uv", "pip", "install"),
        _OPTIONS,
        operands="keep",
        rewrite=install,
        reason="`--system` where no virtual environment is active; pip itself is not needed",
        examples=(
            Example("pip install requests", "uv pip install requests", _ENVIRONMENT),
            Example("pip install requests", "uv pip install --system requests", _SYSTEM),
            Example("pip install requests", None),
            Example(
                "python -m pip install -e '.[dev]'", "uv pip install -e '.[dev]'", _ENVIRONMENT
            ),
            Example(
                "python3.12 -m pip install x",
                "uv pip install --system --python 3.12 x",
                _SYSTEM,
            ),
            Example(".venv/bin/pip install x", "uv pip install --python .venv/bin/python x"),
            Example("$PYTHON -m pip install x", "uv pip install --python $PYTHON x"),
            Example(
                "pip install --no-cache-dir -r requirements.txt",
                "uv pip install --system --compile-bytecode --no-cache -r requirements.txt",
                _IMAGE,
            ),
            Example("pip install -Ur r.txt", "uv pip install -U -r r.txt", _ENVIRONMENT),
            Example("pip install --upgrade pip", "", _SYSTEM),
            Example(
                "pip install -U pip setuptools", "uv pip install --system -U setuptools", _SYSTEM
            ),
            Example("pip install --pre x", "uv pip install --prerelease allow x", _ENVIRONMENT),
            Example(
                f"pip install --extra-index-url {_FAR} x",
                f"uv pip install --index-strategy unsafe-best-match --index {_FAR} x",
                _ENVIRONMENT,
            ),
            Example(
                f"pip install -i {_FAR} x", f"uv pip install --default-index {_FAR} x", _ENVIRONMENT
            ),
            Example("pip -q install x", "uv pip install -q x", _ENVIRONMENT),
            Example(
                "pip install --platform manylinux2014_x86_64 --implementation cp -t out x",
                "uv pip install --python-platform x86_64-manylinux2014 -t out x",
            ),
            Example(
                "PIP_INDEX_URL=$URL pip install x",
                "uv pip install x",
                _ENVIRONMENT,
            ),
            Example(
                "pip install x",
                "uv pip install --no-cache x",
                {"target": "environment", "environment": {"PIP_NO_CACHE_DIR": "1"}},
            ),
            Example(
                "pip install x",
                None,
                {"target": "environment", "environment": {"PIP_INDEX_URL": _FAR}},
            ),
            Example("pip install --user x", None, _ENVIRONMENT),
            Example("sudo pip install x", None, _SYSTEM),
        ),
    ),
)
