"""Steps that upload to an index with credentials: uv, twine and PyPA's action.

https://docs.astral.sh/uv/guides/package/, https://github.com/pypa/gh-action-pypi-publish
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unverse.converters.workflows.model import Step
from unverse.improvements.view import View
from unverse.standards.pypi import HOST
from unverse.syntax.shell import Command, Word
from unverse.syntax.shell import parse as shell
from unverse.syntax.yaml_model import Mapping, Pair

ALWAYS = "--trusted-publishing always"
_ACTION = re.compile(r"(?i)pypa/gh-action-pypi-publish@(?P<ref>\S+)")
_OLD = re.compile(r"master|v?1\.[0-7](?:\..*)?")
_SECRETS = frozenset({"-t", "--token", "-u", "--username", "-p", "--password"})
_VARIABLES = {
    "uv": ("UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"),
    "twine": ("TWINE_USERNAME", "TWINE_PASSWORD"),
}
_ELSEWHERE = frozenset({"UV_PUBLISH_URL", "UV_PUBLISH_INDEX", "TWINE_REPOSITORY_URL"})
_ELSEWHERE |= {"TWINE_REPOSITORY"}
_TEST = f"test.{HOST}"
_OTHER = "it uploads to `{}`, and trusted publishing is PyPI's"
Span = tuple[int, int]


class Upload(NamedTuple):
    """An upload with credentials.

    Attributes:
        changes: places in the file, and what has to stand there.
        variables: names of the variables that gave the credentials.
        test: whether it goes to TestPyPI.
        reason: why it cannot be changed; empty if it can.
        inputs: those of the action that go.
    """

    step: Step
    changes: tuple[tuple[Span, str], ...] = ()
    variables: tuple[str, ...] = ()
    test: bool = False
    reason: str = ""
    inputs: tuple[Pair, ...] = ()


def uploads(step: Step, around: Sequence[Mapping], view: View, at: str) -> Iterator[Upload]:
    """Yield the uploads of a step.

    Args:
        step: of a job.
        around: the `env` of its job and of the workflow.
        view: the repository.
        at: path of the file.
    """
    action = _ACTION.match(step.uses)
    if action:
        yield from _by_action(step, action["ref"])
    own = step.body.get("env")
    known = [env for env in (own, *around) if isinstance(env, Mapping)]
    set_ = {pair.name: pair for env in known for pair in env.pairs}
    if step.run is None or not re.search(r"publish|twine", step.run.value):
        return
    for command in shell(step.run.value).commands:
        values = [word.value or word.text for word in command.words[command.first :]]
        if values[:2] == ["uv", "publish"]:
            yield from _by_uv(step, command, frozenset(set_), view, at)
        elif (start := _twine(values)) >= 0:
            yield from _by_twine(step, command, start, frozenset(set_))


def _by_action(step: Step, ref: str) -> Iterator[Upload]:
    pairs = step.inputs.pairs if step.inputs else ()
    gone = tuple(pair for pair in pairs if pair.name in {"user", "password"})
    if not any(pair.name == "password" for pair in gone):
        return
    url = step.input("repository-url") or step.input("repository_url")
    reason = ""
    if url and not _is_pypi(url):
        reason = _OTHER.format(url)
    elif _OLD.fullmatch(ref):
        reason = "this release of the action knows no trusted publishing: take `release/v1`"
    yield Upload(step, test=_TEST in url, reason=reason, inputs=gone)


def _is_pypi(url: str) -> bool:
    found = re.match(r"https://([^/]+)/", f"{url}/")
    return found is not None and found[1] in {f"upload.{HOST}", _TEST, HOST}


def _by_uv(
    step: Step, command: Command, known: frozenset[str], view: View, at: str
) -> Iterator[Upload]:
    run = step.run
    words = command.words[command.first + 2 :]
    gone = list(_secret_words(words))
    variables = tuple(name for name in _VARIABLES["uv"] if name in known)
    given = _assigned(command, "uv")
    if run is None or any(w.text.startswith("--trusted-publishing") for w in words):
        return
    if not (gone or variables or given):
        return
    target = _option(words, "--publish-url") or _option(words, "--index")
    url = _url(target, view, at) if target else ""
    reason = ""
    if target and not _is_pypi(url):
        reason = _OTHER.format(target)
    elif known & _ELSEWHERE:
        reason = "a variable says where it uploads to"
    elif given or command.quote:
        reason = "its credentials are set before the command"
    end = command.words[command.first + 1].end
    changes = [((run.span(end - 1, end)[1],) * 2, f" {ALWAYS}")]
    changes += [(run.span(start, stop), "") for start, stop in gone]
    variables += _read(words, gone)
    yield Upload(step, tuple(changes), variables, _TEST in url, reason)


def _secret_words(words: Sequence[Word]) -> Iterator[Span]:
    """Yield the spans of the options with credentials, with the blank before them."""
    at = 0
    while at < len(words):
        name, equals, _ = words[at].text.partition("=")
        if name in _SECRETS:
            last = words[at] if equals else words[min(at + 1, len(words) - 1)]
            yield words[at].start - 1, last.end
            at += 0 if equals else 1
        at += 1


def _read(words: Sequence[Word], gone: Sequence[Span]) -> tuple[str, ...]:
    """Return the variables that only the options that go have read."""
    texts = [w.text for w in words if any(start <= w.start < end for start, end in gone)]
    return tuple(name for text in texts for name in re.findall(r"\$(?:env:)?\{?(\w+)\}?", text))


def _assigned(command: Command, tool: str) -> bool:
    names = {word.text.partition("=")[0] for word in command.assignments}
    return bool(names & {*_VARIABLES[tool], *_ELSEWHERE})


def _option(words: Sequence[Word], name: str) -> str:
    for at, word in enumerate(words):
        head, equals, value = word.text.partition("=")
        if head == name:
            return value if equals else words[at + 1].text if at + 1 < len(words) else ""
    return ""


def _url(target: str, view: View, at: str) -> str:
    """Return the upload URL that an option means: itself, or that of a named index."""
    if "://" in target:
        return target.strip("\"'")
    uv = view.document(view.project_of(at)).get("tool", {}).get("uv", {})
    found = (i.get("publish-url", "") for i in uv.get("index", ()) if i.get("name") == target)
    return str(next(found, ""))


def _twine(values: Sequence[str]) -> int:
    """Return the index of `upload` of `twine upload`; -1 if it is none."""
    for at in range(1, min(len(values), 8)):
        if values[at - 1 : at + 1] == ["twine", "upload"]:
            runs = values[: at - 1]
            runner = not runs or runs[0] in {"uv", "uvx", "pipx"} or runs[-1] == "-m"
            return at if runner else -1
    return -1


def _by_twine(step: Step, command: Command, at: int, known: frozenset[str]) -> Iterator[Upload]:
    run = step.run
    words = command.words[command.first + at + 1 :]
    variables = tuple(name for name in _VARIABLES["twine"] if name in known)
    gone = list(_secret_words(words))
    if run is None or not (variables or gone or _assigned(command, "twine")):
        return
    index = _option(words, "-r") or _option(words, "--repository")
    url = _option(words, "--repository-url")
    rest = [w.text for w in words if not any(a <= w.start < b for a, b in gone)]
    plain = [word for word in rest if word not in {"--non-interactive", "--verbose"}]
    reason = ""
    if index or url or known & _ELSEWHERE:
        reason = _OTHER.format((index or url or "another index").strip("\"'"))
        if index in {"pypi", "testpypi"} or _is_pypi(url):
            reason = "`twine` is told an index: `uv publish` takes `--index` from pyproject.toml"
    elif any(word.startswith("-") for word in plain):
        reason = f"`uv publish` has no option like `{next(w for w in plain if w[0] == '-')}`"
    elif command.quote or _assigned(command, "twine"):
        reason = "its credentials are set before the command"
    text = " ".join(("uv publish", ALWAYS, *plain))
    span = run.span(command.words[command.first].start, command.end)
    yield Upload(step, ((span, text),), (*variables, *_read(words, gone)), reason=reason)
