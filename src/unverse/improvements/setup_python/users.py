"""Who in a job runs the interpreter that setup-python has put on PATH."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.model import (
    Job,
    Step,
    Workflow,
    folder_as_written,
    folder_of,
    read_workflow,
)
from unverse.syntax.makefile import parts
from unverse.syntax.shell import Command
from unverse.syntax.shell import parse as shell
from unverse.syntax.yaml import parse

# What needs no Python of the job, or brings its own.
_ACTIONS = re.compile(
    r"(?i)(?:actions/(?:cache|checkout|upload-|download-|deploy-|configure-|attest|github-script"
    r"|setup-(?!python))|astral-sh/|docker/|github/codeql-action|codecov/|coverallsapp/"
    r"|peaceiris/actions-|jamesives/github-pages-|pypa/gh-action-pypi-publish|peter-evans/"
    r"|softprops/action-gh-release|release-drafter/|ad-m/github-push-action|arduino/setup-"
    r"|extractions/setup-|step-security/harden-runner|dorny/|aws-actions/|google-github-actions/"
    r"|azure/(?:login|setup-)|hashicorp/|slackapi/)"
)
_PROGRAMS = frozenset(
    {
        *("uv", "uvx", "pipx", "git", "gh", "docker", "node", "npm", "npx", "yarn", "pnpm", "curl"),
        *("wget", "echo", "printf", "cat", "grep", "sed", "awk", "jq", "yq", "ls", "rm", "mkdir"),
        *("mv", "cp", "ln", "chmod", "chown", "tar", "zip", "unzip", "test", "[", "[[", "true"),
        *("false", "exit", "export", "cd", "pwd", "set", "source", ".", "date", "head", "tail"),
        *("cut", "tr", "sort", "uniq", "wc", "find", "diff", "tee", "touch", "basename", "sleep"),
        *("dirname", "env", "base64", "sha256sum", "apt", "apt-get", "brew", "choco", "dpkg"),
        *("kubectl", "helm", "terraform", "shopt", "read", "return", "local", "declare", "unset"),
        *("df", "du", "free", "nproc", "uname", "whoami", "id", "which", "type", "hash", ":"),
        *("gcloud", "aws", "az", "xargs", "eval", "trap", "wait", "kill", "mktemp", "rsync"),
    }
)
_PYTHON = re.compile(r"(?<![\w./$-])(?:python[\d.]*|pip[\d.]*|virtualenv|tox|nox|pytest)(?![\w.-])")
_UNKNOWN = "?"
_PREFIX = re.compile(r"pythonLocation|Python3?_ROOT_DIR|UV_SYSTEM_PYTHON|pip install --system")


def user(workflow: Workflow, job: Job, facts: Facts, raw: str, depth: int = 0) -> str:
    """Say what in a job may run the Python on PATH; empty if nothing does.

    Args:
        workflow: with the job.
        job: or the steps of an action.
        facts: the files around it.
        raw: text of the job.
        depth: of actions that call actions.
    """
    if found := _PREFIX.search(raw):
        return f"`{found[0]}` is about it"
    for step in job.steps:
        if reason := _step(workflow, job, step, facts, depth):
            return reason
    return ""


def _step(workflow: Workflow, job: Job, step: Step, facts: Facts, depth: int) -> str:
    if step.run is not None:
        known = "${{" not in folder_as_written(workflow, job, step)
        folder = folder_of(workflow, job, step) if known else _UNKNOWN
        return _script(step.run.value, facts, folder)
    if step.is_python or not step.uses or _ACTIONS.match(step.uses):
        return ""
    name = facts.action_path(step.uses)
    if name and depth < 3:
        text = facts.project.neighbours[name]
        inner = read_workflow(parse(text))
        if inner is not None and inner.jobs:
            return user(inner, inner.jobs[0], facts, text, depth + 1)
    return f"`{step.uses}` may need it"


def _script(text: str, facts: Facts, folder: str) -> str:
    script = shell(text)
    if script.broken:
        return "a script that is not understood may need it"
    # From there on `python` is the environment's.
    activated = next((c.start for c in script.commands if _activates(c)), len(text))
    for command in script.commands:
        if command.start > activated or command.program in _PROGRAMS:
            continue
        shown = " ".join(word.text for word in command.words[command.first : command.first + 2])
        if command.program == "make":
            if reason := _make([w.text for w in command.arguments], facts, folder):
                return reason
        else:
            return f"`{shown}` may need it"
    return ""


def _activates(command: Command) -> bool:
    return command.program in {"source", "."} and any(
        "venv/" in word.text for word in command.arguments
    )


def _make(arguments: Iterable[str], facts: Facts, folder: str) -> str:
    """Say whether a Makefile calls a Python that is not uv's."""
    shown = " ".join(["make", *arguments])
    paths = (posixpath.join(folder, n) for n in ("Makefile", "makefile", "GNUmakefile"))
    text = next((t for p in paths if (t := facts.project.neighbours.get(p))), "")
    if not text:
        return f"`{shown}` may need it"
    for part in parts(text):
        line = text[part.start : part.end]
        found = _PYTHON.search(line) if part.sort in {"recipe", "variable", "directive"} else None
        if found and not re.search(r"\buvx? ", line[: found.start()]):
            return f"`{found[0]}` in the Makefile may need it"
    return ""
