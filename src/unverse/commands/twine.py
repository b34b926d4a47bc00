"""The table of twine.

https://twine.readthedocs.io/en/stable/, https://docs.astral.sh/uv/guides/package/
"""

from __future__ import annotations

from collections.abc import Mapping

from unverse.commands.assignments import rename
from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
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
from unverse.standards.pypi import HOST, SIMPLE
from unverse.syntax.shell_words import Command

_TEST = f"https://test.{HOST}"
_UPLOAD = f"https://upload.{HOST}/legacy/"
# Where to look for files that are there already: upload address -> index.
_INDEXES = {_UPLOAD: f"{SIMPLE}/", f"{_TEST}/legacy/": f"{_TEST}/simple/"}
_RENAMED: Mapping[str, str] = {
    "TWINE_USERNAME": "UV_PUBLISH_USERNAME",
    "TWINE_PASSWORD": "UV_PUBLISH_PASSWORD",
    "TWINE_REPOSITORY_URL": "UV_PUBLISH_URL",
    "TWINE_CERT": "SSL_CERT_FILE",
}
_CREDENTIALS = ("TWINE_PASSWORD", "UV_PUBLISH_PASSWORD", "UV_PUBLISH_TOKEN")
_PYPIRC = (
    "uv does not read `.pypirc`: it takes `UV_PUBLISH_TOKEN`, a trusted publisher, or "
    "`UV_PUBLISH_USERNAME` and `UV_PUBLISH_PASSWORD`"
)
_NAMED = (
    "`{}` is a name of `.pypirc`, which uv does not read: give `--publish-url`, or an "
    "`[[tool.uv.index]]` of this name with a `publish-url`"
)


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of twine."""
    return translate_with(ROWS, _GENERAL, command, context)


def variable(name: str, value: str) -> str | None:
    """Return uv's assignment for one of twine's; empty if it goes, None if there is none."""
    if name == "TWINE_NON_INTERACTIVE":
        return ""
    if name == "TWINE_REPOSITORY":
        bare = value.strip("\"'")
        return {"pypi": "", "testpypi": f"UV_PUBLISH_URL={_TEST}/legacy/"}.get(bare)
    return f"{_RENAMED[name]}={value}" if name in _RENAMED else None


def _upload(found: Invocation, context: Context) -> Outcome | Untranslatable:
    problem = rename(found, "TWINE_", variable) or _repository(found, context)
    if problem:
        return problem
    _token(found)
    named = {word.text.partition("=")[0] for word in found.command.assignments}
    told = found.has("--password") or not named.union(context.environment).isdisjoint(_CREDENTIALS)
    if told or found.has("--help"):
        return Outcome()
    return Outcome(exactness=Exactness.APPROXIMATE, difference=_PYPIRC)


def _token(found: Invocation) -> None:
    """`-u __token__ -p X` is `--token X`."""
    if not any(given.value == "__token__" for given in found.all("--username")):
        return
    found.drop("--username")
    for given in found.all("--password"):
        found.put(given, *((f"--token={given.raw}",) if given.glued else ("--token", given.raw)))


def _repository(found: Invocation, context: Context) -> Untranslatable | None:
    """Say where to upload, and where to look for what is there."""
    addressed, named = found.all("--repository-url"), found.all("--repository")
    url = addressed[-1].value if addressed else _told(found, context)
    if named and not addressed:
        name = named[-1].value or ""
        if _is_index(name, context):
            # The index is asked for files that are there, too.
            found.drop("--repository", "--skip-existing")
            found.put(named[-1], "--index", named[-1].raw)
            return None
        if name not in {"pypi", "testpypi"}:
            return Untranslatable(_NAMED.format(named[-1].raw))
        url = _UPLOAD if name == "pypi" else f"{_TEST}/legacy/"
    for given in named:
        other = url not in {None, _UPLOAD} and not addressed
        found.put(given, *(("--publish-url", url or "") if other else ()))
    for given in found.all("--skip-existing"):
        if url not in _INDEXES:
            return Untranslatable("`--skip-existing`: give the index with `--check-url`")
        found.put(given, "--check-url", _INDEXES[url])
    return None


def _told(found: Invocation, context: Context) -> str | None:
    """Return the address that variables give; None if it cannot be known."""
    own = (word.text.partition("=") for word in found.command.assignments)
    told = {**context.environment, **{name: value for name, _, value in own}}
    if url := told.get("TWINE_REPOSITORY_URL") or told.get("UV_PUBLISH_URL"):
        return None if "$" in url else url.strip("\"'")
    return {"": _UPLOAD, "pypi": _UPLOAD, "testpypi": f"{_TEST}/legacy/"}.get(
        told.get("TWINE_REPOSITORY", "").strip("\"'")
    )


def _is_index(name: str, context: Context) -> bool:
    indexes = context.project.settings.get("index", ())
    return any(index.get("name") == name and "publish-url" in index for index in indexes)


_GENERAL = (Option(("--help", "-h"), "--help"), Option(("--no-color",), "--color never"))
_SIGNED = "PyPI takes no signatures"
_OPTIONS = (
    Option(("--repository", "-r"), "", "value"),
    Option(("--repository-url",), "--publish-url", "value"),
    Option(("--username", "-u"), KEPT, "value"),
    Option(("--password", "-p"), KEPT, "value"),
    Option(("--skip-existing",), ""),
    Option(("--non-interactive",), reason="uv asks only at a terminal"),
    Option(("--attestations",), reason="uv uploads those that are there"),
    Option(("--verbose",), KEPT),
    Option(("--disable-progress-bar",), "--no-progress"),
    Option(("--cert",), takes="value", refused="set SSL_CERT_FILE"),
    Option(("--client-cert",), takes="value", refused="set SSL_CLIENT_CERT"),
    Option(("--config-file",), takes="value", refused="uv does not read `.pypirc`"),
    Option(("--comment", "-c"), takes="value", refused="uv sends no comment"),
    Option(("--sign", "-s"), refused=_SIGNED),
    Option(("--sign-with",), takes="value", refused=_SIGNED),
    Option(("--identity", "-i"), takes="value", refused=_SIGNED),
)
_KNOWN = {"environment": {"UV_PUBLISH_TOKEN": "x"}}
_INDEX = {"settings": {"index": ({"name": "own", "publish-url": "https://example.org/up"},)}}
ROWS = (
    Row(
        "twine",
        ("upload",),
        ("uv", "publish"),
        _OPTIONS,
        operands="keep",
        rewrite=_upload,
        examples=(
            Example("twine upload dist/*", "uv publish dist/*"),
            Example(
                "TWINE_USERNAME=__token__ TWINE_PASSWORD=$T twine upload dist/*",
                "uv publish dist/*",
            ),
            Example("twine upload -u __token__ -p $T dist/*", "uv publish --token $T dist/*"),
            Example(
                "python -m twine upload --non-interactive --verbose dist/*",
                "uv publish --verbose dist/*",
                _KNOWN,
            ),
            Example(
                "twine upload --skip-existing dist/*",
                f"uv publish --check-url {SIMPLE}/ dist/*",
                _KNOWN,
            ),
            Example(
                "twine upload -r testpypi dist/*",
                f"uv publish --publish-url {_TEST}/legacy/ dist/*",
                _KNOWN,
            ),
            Example(
                "twine upload --repository-url https://example.org/up dist/*",
                "uv publish --publish-url https://example.org/up dist/*",
                _KNOWN,
            ),
            Example("twine upload -r own dist/*", "uv publish --index own dist/*", _INDEX),
            Example("twine upload -r own dist/*", None),
            Example(
                "TWINE_REPOSITORY=testpypi twine upload --skip-existing dist/*",
                f"uv publish --check-url {_TEST}/simple/ dist/*",
            ),
            Example("twine upload --sign dist/*", None),
        ),
    ),
    Row(
        "twine",
        ("check",),
        ("uvx", "twine", "check"),
        (Option(("--strict",), KEPT),),
        operands="keep",
        reason="uv has no such check: it runs twine",
        examples=(Example("twine check --strict dist/*", "uvx twine check --strict dist/*"),),
    ),
    Row(
        "twine",
        ("register",),
        operands="any",
        refused="PyPI has had no such step since 2017",
        examples=(Example("twine register dist/x.whl", None),),
    ),
    Row(
        "twine",
        (),
        ("uv",),
        (Option(("--version",), KEPT),),
        exactness=Exactness.APPROXIMATE,
        reason="the version of uv",
        examples=(Example("twine --version", "uv --version"),),
    ),
)
