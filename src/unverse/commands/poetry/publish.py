"""`poetry publish`.

https://python-poetry.org/docs/cli/#publish
"""

from __future__ import annotations

from unverse.commands import variables
from unverse.commands.context import Context
from unverse.commands.invocation import Given, Invocation
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable
from unverse.standards.pypi import SIMPLE


def _publish(found: Invocation, context: Context) -> Outcome | Untranslatable:
    builds = found.has("--build")
    if builds and (found.command.wrappers or found.command.first):
        return Untranslatable("builds and uploads: `uv build --clear`, then `uv publish`")
    _credentials(found)
    note = _repository(found, context)
    for given in found.all("--dist-dir"):
        found.put(given)
        found.tail.append(f"{given.raw.rstrip('/')}/*")
    if not builds:
        return Outcome(note)
    found.drop("--build")
    clear = ("uv", "build", "--clear", *_folder(found))
    found.head = [*_grouped(found), *clear, "&&", *_moved_assignments(found), "uv", "publish"]
    if found.head[0] == "{":
        found.tail += [";", "}"]
    return Outcome(note, compound=True)


def _grouped(found: Invocation) -> tuple[str, ...]:
    return ("{",) if found.command.joint in {"||", "|", "!", "if"} else ()


def _folder(found: Invocation) -> tuple[str, ...]:
    given = found.all("--directory")
    return ("--directory", given[0].raw) if given else ()


def _moved_assignments(found: Invocation) -> list[str]:
    """`A=1 poetry publish --build`: the upload is what needs the variable."""
    moved = []
    for index, word in enumerate(found.command.assignments):
        moved.append(variables.assignment(word.text) or "")
        found.assignments[index] = ""
    return [text for text in moved if text]


def _credentials(found: Invocation) -> None:
    token = any(given.value == "__token__" for given in found.all("--username"))
    if not token:
        return
    found.drop("--username")
    for given in found.all("--password"):
        found.put(given, *((f"--token={given.raw}",) if given.glued else ("--token", given.raw)))


def _repository(found: Invocation, context: Context) -> str:
    named = found.all("--repository")
    skips = found.all("--skip-existing")
    if not named or named[-1].value == "pypi":
        for given in named:
            found.put(given)
        for given in skips:
            found.put(given, "--check-url", f"{SIMPLE}/")
        return ""
    return _other_index(found, named[-1], context)


def _other_index(found: Invocation, given: Given, context: Context) -> str:
    name = given.value or given.raw
    if url := context.repositories.get(name):
        found.put(given, "--publish-url", url)
        found.drop("--skip-existing")
        if not found.has("--skip-existing"):
            return ""
        return "give the index's own address with `--check-url`, to skip files that are there"
    found.put(given, "--index", given.raw)
    found.drop("--skip-existing")
    indexes = context.project.settings.get("index", ())
    if any(index.get("name") == name and "publish-url" in index for index in indexes):
        return ""
    return f"the `[[tool.uv.index]]` with the name `{name}` needs a `publish-url`"


ROWS = (
    Row(
        "poetry",
        ("publish",),
        ("uv", "publish"),
        (
            Option(("--build",), ""),
            Option(("--username", "-u"), "--username", "value"),
            Option(("--password", "-p"), "--password", "value"),
            Option(("--repository", "-r"), "", "value"),
            Option(("--skip-existing",), ""),
            Option(("--dry-run",), "--dry-run"),
            Option(("--dist-dir",), "", "value"),
            Option(("--cert",), takes="value", refused="set SSL_CERT_FILE"),
            Option(("--client-cert",), takes="value", refused="set SSL_CLIENT_CERT"),
        ),
        rewrite=_publish,
        exactness=Exactness.APPROXIMATE,
        reason="uv uploads all that is in `dist/`, Poetry the files of the current version",
        examples=(
            Example("poetry publish", "uv publish"),
            Example("poetry publish --build", "uv build --clear && uv publish"),
            Example("poetry publish -u __token__ -p $TOKEN", "uv publish --token $TOKEN"),
            Example(
                "poetry publish --username=u --password=$P",
                "uv publish --username=u --password=$P",
            ),
            Example("poetry publish -r testpypi", "uv publish --index testpypi"),
            Example(
                "poetry publish -r testpypi",
                "uv publish --publish-url https://test.pypi.org/legacy/",
                {"repositories": {"testpypi": "https://test.pypi.org/legacy/"}},
            ),
            Example(
                "poetry publish --skip-existing",
                "uv publish --check-url https://pypi.org/simple/",
            ),
            Example("poetry publish --dry-run", "uv publish --dry-run"),
            Example("poetry publish --dist-dir out", "uv publish out/*"),
        ),
    ),
)
