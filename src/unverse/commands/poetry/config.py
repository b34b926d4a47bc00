"""`poetry config`.

https://python-poetry.org/docs/configuration/
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Example, Option, Outcome, Row, Untranslatable

# uv does so always, or has no such choice.
_GONE = re.compile(
    r"virtualenvs\.(in-project|prefer-active-python|use-poetry-python|prompt)"
    r"|virtualenvs\.options\.(always-copy|no-pip|no-setuptools)"
    r"|installer\..*|experimental\..*|keyring\..*|warnings\..*|solver\.lazy-wheel"
    r"|requests\.max-retries|system-git-client|virtualenvs"
)
# As where uv has it: of Poetry's own folders in it nothing else knows.
_OWN_FOLDER = re.compile(r"[\"']?(?:\.|\$PWD|\$\{PWD\}|\$\(pwd\))?/?\.venv/?[\"']?")
_PREFIX = "\"$(python -c 'import sys; print(sys.prefix)')\""
_CREATE = "set UV_PROJECT_ENVIRONMENT to the prefix of the Python into which Poetry installed"
_ADVICE = {
    "virtualenvs.path": "set UV_PROJECT_ENVIRONMENT, the folder of this one environment",
    "virtualenvs.options.system-site-packages": "create it: `uv venv --system-site-packages`",
    "cache-dir": "set UV_CACHE_DIR",
    "certificates": "set SSL_CERT_FILE",
    "solver.min-release-age": "set `exclude-newer` in `[tool.uv]`",
}


def _config(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if found.has("--list") or found.has("--migrate") or found.has("--unset"):
        return _gone(found)
    values = found.values()
    if not values or values[0] is None:
        return Untranslatable("which setting it changes is not known here")
    key, raws = values[0], [found.word(index).text for index in found.operands[1:]]
    if not raws:
        return _question(found, key)
    section, _, name = key.partition(".")
    if section == "repositories" and name:
        name = name.removesuffix(".url")
        _gone(found)
        return Outcome(repositories={name: raws[0]})
    if section in {"pypi-token", "http-basic"}:
        return _credentials(found, section, name, raws, context)
    if key == "virtualenvs.create":
        return _create(found, raws[0], context)
    if _GONE.fullmatch(key) or (key == "virtualenvs.path" and _OWN_FOLDER.fullmatch(raws[0])):
        return _gone(found)
    if key == "cache-dir" and context.setting in {"shell", "docs"}:
        return _export(found, f"UV_CACHE_DIR={raws[0]}")
    return Untranslatable(_ADVICE.get(key) or _ADVICE.get(section, f"no setting `{key}` in uv"))


def _gone(found: Invocation) -> Outcome:
    found.whole()
    return Outcome()


def _export(found: Invocation, *assignments: str, note: str = "") -> Outcome:
    found.whole("export", *assignments)
    return Outcome(note)


def _question(found: Invocation, key: str) -> Outcome | Untranslatable:
    if key == "cache-dir":
        found.whole("uv", "cache", "dir")
        return Outcome()
    return Untranslatable(f"asks for `{key}`, of which uv knows nothing")


def _create(found: Invocation, value: str, context: Context) -> Outcome:
    if value.strip("\"'").lower() in {"true", "1", "null"}:
        return _gone(found)
    if context.setting == "shell":
        outcome = _export(found, f"UV_PROJECT_ENVIRONMENT={_PREFIX}")
        return Outcome(outcome.note, foreign=True)
    _gone(found)
    return Outcome(_CREATE, foreign=True)


def _credentials(
    found: Invocation, section: str, name: str, raws: list[str], context: Context
) -> Outcome | Untranslatable:
    reads = name in {source.name for source in context.project.sources}
    prefix = f"UV_INDEX_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}" if reads else "UV_PUBLISH"
    if section == "pypi-token":
        return _export(found, f"UV_PUBLISH_TOKEN={raws[0]}", note=_holds("UV_PUBLISH_TOKEN"))
    if len(raws) != 2:
        return Untranslatable(f"set {prefix}_USERNAME and {prefix}_PASSWORD")
    assignments = (f"{prefix}_USERNAME={raws[0]}", f"{prefix}_PASSWORD={raws[1]}")
    return _export(found, *assignments, note=_holds(f"{prefix}_PASSWORD"))


def _holds(name: str) -> str:
    return f"{name} holds in this shell only: set it where `uv` runs"


ROWS = (
    Row(
        "poetry",
        ("config",),
        (),
        (
            Option(("--local",)),
            Option(("--list",)),
            Option(("--unset",)),
            Option(("--migrate",)),
        ),
        operands="any",
        rewrite=_config,
        kind="setting",
        reason="uv has its settings in pyproject.toml and in variables",
        examples=(
            Example("poetry config virtualenvs.in-project true", ""),
            Example("poetry config --local installer.max-workers 4", ""),
            Example("poetry config virtualenvs.create false", ""),
            Example(
                "poetry config virtualenvs.create false",
                f"export UV_PROJECT_ENVIRONMENT={_PREFIX}",
                {"setting": "shell"},
            ),
            Example("poetry config cache-dir", "uv cache dir"),
            Example("poetry config virtualenvs.path", None),
            Example("poetry config virtualenvs.path .venv", ""),
            Example("poetry config virtualenvs.path /venvs", None),
            Example("poetry config pypi-token.pypi $T", "export UV_PUBLISH_TOKEN=$T"),
            Example(
                "poetry config http-basic.pypi u $P",
                "export UV_PUBLISH_USERNAME=u UV_PUBLISH_PASSWORD=$P",
            ),
            Example("poetry config repositories.test https://test.pypi.org/legacy/", ""),
            Example("poetry config --list", ""),
        ),
    ),
)
