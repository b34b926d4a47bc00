"""The tables of pip-tools: `pip-compile` and `pip-sync`.

https://pip-tools.readthedocs.io/en/stable/cli/, https://docs.astral.sh/uv/pip/compile/
"""

from __future__ import annotations

import posixpath

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.pip.place import place
from unverse.commands.rows import translate_with
from unverse.commands.table import (
    KEPT,
    Exactness,
    Example,
    Option,
    Outcome,
    Row,
    Translation,
    Untranslatable,
)
from unverse.syntax.shell_words import Command

_APPROXIMATE = Exactness.APPROXIMATE
_INDEXES = frozenset({"UV_DEFAULT_INDEX", "UV_INDEX"})
# What pip-compile looks for if no source is named, in this order.
_DEFAULTS = ("requirements.in", "setup.py", "pyproject.toml", "setup.cfg")


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of pip-tools, `python -m piptools` included."""
    name = command.program
    if name == "piptools":
        name = f"pip-{command.arguments[0].value if command.arguments else ''}"
        command = command._replace(rest=command.rest + 1)
    rows = [row for row in ROWS if row.tool == name]
    if not rows:
        return Untranslatable(f"`{name}` is no command of pip-tools")
    return translate_with(rows, (), command, context)


def _compile(found: Invocation, context: Context) -> Outcome | Untranslatable:
    problem = _sources(found, context)
    if problem:
        return problem
    if not found.has("--strip-extras") and not found.has("--no-strip-extras"):
        found.tail.append("--no-strip-extras")
    options = found.has("--index-url") or found.has("--extra-index-url")
    if (options or not _INDEXES.isdisjoint(context.environment)) and not (
        found.has("--emit-index-url") or found.has("--no-emit-index-url")
    ):
        found.tail.append("--emit-index-url")
    links = found.has("--find-links") or "UV_FIND_LINKS" in context.environment
    if links and not found.has("--no-emit-find-links"):
        found.tail.append("--emit-find-links")
    if found.has("--extra-index-url"):
        found.tail += ("--index-strategy", "unsafe-best-match")
    if any(given.value == "legacy" for given in found.all("--resolver")):
        return Untranslatable("`--resolver legacy`: uv always goes back from a wrong choice")
    return Outcome()


def _sources(found: Invocation, context: Context) -> Untranslatable | None:
    """Name the source and the output that pip-compile would find by itself."""
    if found.has("--help") or found.has("--version"):
        return None
    names = [found.word(index).text for index in found.operands]
    if not names:
        default = next((name for name in _DEFAULTS if name in context.files), "")
        if not default:
            return Untranslatable(f"name the source: pip-compile looks for {', '.join(_DEFAULTS)}")
        found.head.append(default)
        names = [default]
    outputs = found.all("--output-file")
    for given in outputs:
        if given.value == "-":
            found.put(given)
    if outputs:
        return None
    output = _output(names[0]) if len(names) == 1 else ""
    if not output:
        return Untranslatable("name the output with `-o`: uv writes to standard output")
    found.tail += ("-o", output)
    return None


def _output(source: str) -> str:
    """Return the file that pip-compile writes for a source."""
    folder, name = posixpath.split(source)
    if "$" in name or "." not in name or name == "-":
        return ""
    if name in _DEFAULTS[1:]:
        return posixpath.join(folder, "requirements.txt")
    quote = source[-1] if source[-1] in {"'", '"'} else ""
    return f"{source.rpartition('.')[0]}.txt{quote}"


def _sync(found: Invocation, context: Context) -> Outcome | Untranslatable:
    where = place(found, context)
    if isinstance(where, Untranslatable):
        return where
    found.head += where
    if not found.operands and not found.has("--help"):
        found.head.append("requirements.txt")
    return Outcome()


def _gone(*names: str, reason: str = "") -> Option:
    return Option(names, reason=reason)


_COMMON = (
    Option(("--help", "-h"), "--help"),
    Option(("--verbose", "-v"), KEPT),
    Option(("--quiet", "-q"), KEPT),
    Option(("--find-links", "-f"), KEPT, "value"),
    Option(("--index-url", "-i"), "--default-index", "value"),
    Option(("--extra-index-url",), "--index", "value"),
    Option(("--no-index",), KEPT),
    Option(("--trusted-host",), "--allow-insecure-host", "value"),
    Option(("--cert",), KEPT, "value"),
    Option(("--client-cert",), takes="value", refused="set SSL_CLIENT_CERT"),
    Option(("--pip-args",), takes="value", refused="give uv's own options"),
    Option(("--config",), takes="value", refused="write it in `[tool.uv.pip]`"),
    _gone("--no-config", reason="uv does not read pip-tools' configuration"),
)
_COMPILE = (
    *_COMMON,
    Option(("--output-file", "-o"), "-o", "value"),
    Option(("--upgrade", "-U"), KEPT),
    Option(("--upgrade-package", "-P"), KEPT, "value"),
    Option(("--generate-hashes",), KEPT),
    Option(("--extra",), KEPT, "value"),
    Option(("--all-extras",), KEPT),
    Option(("--pre", "-p"), "--prerelease allow"),
    Option(("--constraint", "-c"), "-c", "value"),
    Option(("--unsafe-package",), "--no-emit-package", "value"),
    Option(("--uploaded-prior-to",), "--exclude-newer", "value"),
    Option(("--strip-extras",), reason="uv does; without it `--no-strip-extras` is written"),
    Option(("--no-strip-extras",), KEPT),
    Option(("--no-annotate",), KEPT),
    Option(("--annotation-style",), KEPT, "value"),
    Option(("--no-header",), KEPT),
    Option(("--emit-index-url",), KEPT),
    Option(("--emit-find-links",), ""),
    Option(("--no-build-isolation",), KEPT),
    Option(("--cache-dir",), KEPT, "value"),
    Option(("--color",), "--color always"),
    Option(("--no-color",), "--color never"),
    Option(("--rebuild", "-r"), "--refresh"),
    _gone("--allow-unsafe", reason="uv pins pip and setuptools anyway"),
    _gone("--no-allow-unsafe", reason="uv pins pip and setuptools anyway"),
    _gone("--annotate"),
    _gone("--header"),
    _gone("--no-upgrade"),
    _gone("--no-emit-index-url"),
    _gone("--no-emit-find-links"),
    _gone("--no-emit-trusted-host"),
    _gone("--build-isolation"),
    _gone("--reuse-hashes", reason="uv keeps what it has cached"),
    _gone("--no-reuse-hashes", reason="uv keeps what it has cached"),
    _gone("--emit-options", reason="uv writes indexes alone"),
    _gone("--no-emit-options", reason="uv writes indexes alone"),
    Option(("--resolver",), None, "value", reason="uv has one"),
    Option(("--max-rounds",), None, "value", reason="uv has no such limit"),
    Option(
        ("--newline",), None, "value", exactness=_APPROXIMATE, reason="uv writes line feeds alone"
    ),
    Option(("--emit-trusted-host",), refused="uv does not write it"),
    Option(("--dry-run", "-n"), refused="leave out `-o`: uv writes to standard output"),
    Option(("--build-deps-for",), takes="value", refused="uv does not compile what builds need"),
    Option(("--all-build-deps",), refused="uv does not compile what builds need"),
    Option(("--only-build-deps",), refused="uv does not compile what builds need"),
    Option(("--version",), refused="see `uv --version`"),
)
_SYNC = (
    *_COMMON,
    Option(
        ("--dry-run", "-n"),
        "--dry-run",
        exactness=_APPROXIMATE,
        reason="the exit code of uv is 0, of pip-sync 1 if there is something to do",
    ),
    Option(("--python-executable",), "--python", "value"),
    Option(("--ask", "-a"), refused="uv does not ask: see `--dry-run`"),
    Option(("--force",), refused="uv stops at conflicts"),
    Option(("--user",), refused="uv does not install for a user"),
    Option(("--version",), refused="see `uv --version`"),
)
_REASON = "uv pins pip and setuptools too, leaves out markers, and has another header"
_ENVIRONMENT = {"target": "environment"}
_FAR = "https://example.org/simple"
ROWS = (
    Row(
        "pip-compile",
        (),
        ("uv", "pip", "compile"),
        _COMPILE,
        operands="keep",
        rewrite=_compile,
        exactness=_APPROXIMATE,
        reason=_REASON,
        examples=(
            Example(
                "pip-compile requirements.in",
                "uv pip compile requirements.in -o requirements.txt --no-strip-extras",
            ),
            Example(
                "pip-compile --strip-extras --generate-hashes -o out.txt a.in",
                "uv pip compile --generate-hashes -o out.txt a.in",
            ),
            Example(
                "python -m piptools compile --strip-extras --allow-unsafe -U a.in",
                "uv pip compile -U a.in -o a.txt",
            ),
            Example(
                "pip-compile --strip-extras --resolver=backtracking --extra dev pyproject.toml",
                "uv pip compile --extra dev pyproject.toml -o requirements.txt",
            ),
            Example(
                "pip-compile --strip-extras",
                "uv pip compile requirements.in -o requirements.txt",
                {"files": frozenset({"requirements.in"})},
            ),
            Example(
                f"pip-compile --strip-extras -i {_FAR} a.in",
                f"uv pip compile --default-index {_FAR} a.in -o a.txt --emit-index-url",
            ),
            Example(
                "pip-compile --strip-extras a.in",
                "uv pip compile a.in -o a.txt --emit-index-url",
                {"environment": {"UV_DEFAULT_INDEX": _FAR}},
            ),
            Example(
                "pip-compile",
                "uv pip compile requirements.in -o requirements.txt --no-strip-extras",
                {"files": frozenset({"requirements.in"})},
            ),
            Example("pip-compile", None),
            Example("pip-compile a.in b.in", None),
            Example("pip-compile --pip-args '--pre' a.in", None),
            Example("pip-compile --resolver=legacy a.in", None),
        ),
    ),
    Row(
        "pip-sync",
        (),
        ("uv", "pip", "sync"),
        _SYNC,
        operands="keep",
        rewrite=_sync,
        exactness=_APPROXIMATE,
        reason="pip-tools itself goes, too, where the files do not name it",
        examples=(
            Example("pip-sync", "uv pip sync requirements.txt", _ENVIRONMENT),
            Example(
                "pip-sync a.txt b.txt", "uv pip sync --system a.txt b.txt", {"target": "system"}
            ),
            Example(
                "python -m piptools sync -n a.txt", "uv pip sync --dry-run a.txt", _ENVIRONMENT
            ),
            Example("pip-sync", None),
        ),
    ),
)
