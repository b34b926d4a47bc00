"""`pip wheel` for a project, and `pip lock`.

https://pip.pypa.io/en/stable/cli/pip_wheel/, https://pip.pypa.io/en/stable/cli/pip_lock/
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.pip.options import INDEXES, PROGRESS, REQUIREMENTS, SELECTION
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_WHEELS = (
    "uv collects no wheels of dependencies: it keeps them in its cache; for a project alone, "
    "`pip wheel --no-deps .` becomes `uv build --wheel`"
)
# What `uv build` knows of pip's options.
_BUILD = {"--no-deps", "-C", "--no-build-isolation", "--use-pep517", "--no-clean"}
_BUILD |= {"--build-constraint", "--config-settings", "--pre", "--uploaded-prior-to"}


def _wheel(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """One project without its dependencies is what `uv build` makes."""
    del context
    values = found.values()
    (source,) = values if len(values) == 1 else ("",)
    is_project = source is not None and (source in {".", "./"} or source.startswith(("./", "../")))
    if not is_project or not found.has("--no-deps"):
        return Untranslatable(_WHEELS)
    for given in found.given:
        if given.option in (*REQUIREMENTS, *SELECTION) and given.name not in _BUILD:
            return Untranslatable(f"`uv build` has no `{given.name}`")
    found.drop("--no-deps")
    if not found.has("--wheel-dir"):
        found.head += ("-o", ".")
    if source in {".", "./"}:
        found.replace(found.operands[0], found.operands[0] + 1)
    return Outcome()


def _lock(found: Invocation, context: Context) -> Outcome | Untranslatable:
    """`pip lock -r F`: each file is an operand of `uv pip compile`."""
    del context
    files = [*found.all("-r"), *found.all("--requirements-from-script")]
    if found.operands or found.has("-e") or not files:
        return Untranslatable("for a project: `uv lock`, and `uv export -o pylock.toml`")
    if found.has("--require-hashes"):
        return Untranslatable("`uv pip compile` has no `--require-hashes`")
    for given in files:
        found.put(given, given.raw)
    if not found.has("--output"):
        found.tail += ("-o", "pylock.toml")
    return Outcome()


_OUTPUT = Option(("--wheel-dir", "-w"), "-o", "value")
ROWS = (
    Row(
        "pip",
        ("wheel",),
        ("uv", "build", "--wheel", "--no-create-gitignore"),
        (*REQUIREMENTS, *SELECTION, *INDEXES, PROGRESS, _OUTPUT, Option(("--no-verify",))),
        operands="keep",
        rewrite=_wheel,
        reason="uv builds the wheel of a project; it must not hide the folder from git",
        examples=(
            Example(
                "pip wheel --no-deps -w dist .", "uv build --wheel --no-create-gitignore -o dist"
            ),
            Example(
                "pip wheel --no-deps ./lib", "uv build --wheel --no-create-gitignore -o . ./lib"
            ),
            Example("pip wheel -r requirements.txt", None),
        ),
    ),
    Row(
        "pip",
        ("lock",),
        ("uv", "pip", "compile"),
        (*REQUIREMENTS, *SELECTION, *INDEXES, PROGRESS, Option(("--output", "-o"), "-o", "value")),
        operands="keep",
        rewrite=_lock,
        exactness=Exactness.APPROXIMATE,
        reason="uv keeps the versions of a lock that is there unless it is told `--upgrade`",
        examples=(
            Example("pip lock -r r.txt", "uv pip compile r.txt -o pylock.toml"),
            Example("pip lock -e .", None),
        ),
    ),
)
