"""The step that installs Poetry becomes the step that installs uv (rules W1, W2)."""

from __future__ import annotations

import re
from collections.abc import Callable

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Job, Step, text_of
from unverse.converters.workflows.names import uv_name
from unverse.pins import pins
from unverse.syntax.yaml_edit import comments_above, line_end, line_start
from unverse.syntax.yaml_model import Mapping

# Inputs of the installing actions that say nothing to uv, or what it does anyway.
_GONE = frozenset(
    {
        *("version", "poetry-version", "virtualenvs-in-project", "installer-parallel"),
        *("installation-arguments", "poetry-home", "poetry-preview", "preview", "cache-path"),
    }
)
_SHA = re.compile(r"@[0-9a-f]{40}\b")
_MISSED = re.compile(
    r"(?:\$\{\{\s*)?!?\s*steps\.[\w-]+\.outputs\.cache-hit\s*(?:!=\s*['\"]?true['\"]?)?\s*(?:\}\})?"
)
_EXPORT = re.compile(r"poetry-plugin-(export|shell)([=<>~!@].*)?")
Replace = Callable[[Draft, Step, str | None, bool], None]
_RUN_ONLY = ("shell", "working-directory", "env")
_WHY = "uv is installed where Poetry was"


def uses(draft: Draft, ref: str = "") -> str:
    """Return the action with its pin: a commit where the file pins by commits, else a tag."""
    action = pins().setup_uv
    by_commit = _SHA.search(ref) if ref else _SHA.search(draft.text)
    return (
        f"{action.name}@{action.commit} # {action.tag}"
        if by_commit
        else (f"{action.name}@{action.tag}")
    )


def inputs(python: str | None, pinned: bool) -> dict[str, str]:
    """Return the inputs of the new step, as YAML text."""
    made = {}
    if pinned:
        made["version"] = f'"{pins().uv}"'
    if python:
        made["python-version"] = python
    return made


def replace_action(draft: Draft, step: Step, python: str | None, pinned: bool) -> None:
    """Replace the action of a step, and its inputs."""
    node = step.body.get("uses")
    if node is None:
        return
    end = line_end(draft.text, node.end)
    tail = draft.text[node.end : end]
    # A comment behind a commit names its tag.
    comment = re.match(r"[ \t]+#[ \t]*v?\d[\w.]*[ \t]*(?=\r?\n|$)", tail)
    stop = node.end + (comment.end() if comment else 0)
    action = uses(draft, step.uses)
    if "#" in action and step.body.flow:
        action = action.partition(" #")[0]
    draft.replace(node.start, stop, action, "setup-uv", _WHY)
    drop_guard(draft, step)
    new = inputs(python, pinned or bool(step.input("poetry-version")))
    _replace_inputs(draft, step, new, stop)


def note_inputs(draft: Draft, step: Step) -> None:
    """Note the inputs of an installing action that mean something and go."""
    for name in _unknown(step):
        pair = step.inputs.pair(name) if step.inputs else None
        draft.note(pair.start if pair else step.item.start, "setup-uv", _lost(name))


def _unknown(step: Step) -> list[str]:
    names = []
    for pair in step.inputs.pairs if step.inputs else ():
        value = text_of(pair.value).strip().lower()
        if pair.name in {"virtualenvs-create", "virtualenvs-path"}:
            continue  # the job looks at them
        if pair.name in {"plugins", "poetry-plugins"}:
            if all(_EXPORT.fullmatch(word) for word in re.split(r"[\s,]+", value) if word):
                continue
            names.append(pair.name)
        elif pair.name not in _GONE:
            names.append(pair.name)
    return names


def _lost(name: str) -> str:
    if "plugins" in name:
        return "plugins of Poetry: uv has none; what they did has to be done in another way"
    return f"input `{name}` goes with the action: nothing of setup-uv is known to do the same"


def _replace_inputs(draft: Draft, step: Step, new: dict[str, str], after: int) -> None:
    old = step.body.pair("with")
    if old is None or step.inputs is None:
        if old is not None:  # without a value
            draft.drop(step.body, old, "setup-uv", _WHY)
        if new and not step.body.flow:
            draft.insert(after, _with(draft, step, new), "setup-uv", _WHY)
        return
    if not new:
        draft.drop(step.body, old, "setup-uv", "inputs of the action that installed Poetry")
    elif step.inputs.flow:
        text = "{" + ", ".join(f"{name}: {value}" for name, value in new.items()) + "}"
        draft.replace(step.inputs.start, step.inputs.end, text, "setup-uv", _WHY)
    else:
        first = step.inputs.start
        indent = " " * (first - line_start(draft.text, first))
        text = f"{draft.file.eol}{indent}".join(f"{name}: {value}" for name, value in new.items())
        draft.replace(first, step.inputs.end, text, "setup-uv", _WHY)


def _with(draft: Draft, step: Step, new: dict[str, str]) -> str:
    column = step.body.start - line_start(draft.text, step.body.start)
    return _with_at(" " * column, draft.file.eol, new)


def _with_at(indent: str, eol: str, new: dict[str, str]) -> str:
    lines = [f"{indent}with:", *(f"{indent}  {name}: {value}" for name, value in new.items())]
    return "".join(eol + line for line in lines)


def replace_script(draft: Draft, step: Step, python: str | None, pinned: bool) -> None:
    """Turn a step whose script only installs Poetry into one that installs uv."""
    run = step.body.pair("run")
    if run is None:
        return
    column = step.body.start - line_start(draft.text, step.body.start)
    new = inputs(python, pinned)
    if step.body.flow:
        text = _in_flow(draft, new)
    else:
        text = f"uses: {uses(draft)}" + _with_at(" " * column, draft.file.eol, new) * bool(new)
    draft.replace(run.start, run.end, text, "setup-uv", _WHY)
    drop_guard(draft, step)
    for name in _RUN_ONLY:
        pair = step.body.pair(name)
        if pair:
            draft.drop(step.body, pair, "setup-uv", f"`{name}` is for scripts")


def _in_flow(draft: Draft, new: dict[str, str]) -> str:
    # No comment can stand there.
    text = f"uses: {uses(draft).partition(' #')[0]}"
    pairs = ", ".join(f"{name}: {value}" for name, value in new.items())
    return f"{text}, with: {{{pairs}}}" if new else text


def condition(step: Step) -> str:
    """Return the condition under which uv has to be installed where Poetry was.

    Poetry could come out of a cache; uv does not.
    """
    return "" if _MISSED.fullmatch(step.text("if").strip()) else step.text("if")


def drop_guard(draft: Draft, step: Step) -> None:
    """Take away a condition by which Poetry came out of a cache."""
    pair = step.body.pair("if")
    if pair is None or "cache-hit" not in step.text("if"):
        return
    if condition(step):
        message = "uv is in no cache: take the question for the cache out of this condition"
        draft.note(pair.start, "setup-uv", message)
    else:
        draft.drop(step.body, pair, "setup-uv", "uv does not come out of that cache")


def move_step(draft: Draft, step: Step, behind: Step, python: str | None, pinned: bool) -> None:
    """Let the step go, and put one that installs uv behind another one."""
    why = "uv is set up behind the checkout, by which its cache is keyed"
    draft.drop(step.holder, step.item, "order", why)
    start = line_start(draft.text, behind.item.start)
    dash = " " * (behind.item.start - start)
    indent = dash + " " * (behind.body.start - behind.item.start)
    made = [f"uses: {uses(draft)}"]
    if step.text("name"):
        name = step.body.get("name")
        made.insert(0, f"name: {uv_name(draft.raw(name))}" if name else "")
    first, eol = f"{dash}-{indent[len(dash) + 1 :]}", draft.file.eol
    new = inputs(python, pinned)
    text = first + f"{eol}{indent}".join(made) + _with_at(indent, eol, new) * bool(new)
    at = stop(draft, behind.item.end)
    spaced = re.match(r"\r?\n[ \t]*\r?\n", draft.text[at:])
    draft.insert(at, eol * (2 if spaced else 1) + text, "setup-uv", _WHY)


def insert_step(draft: Draft, before: Step, python: str | None, pinned: bool) -> None:
    """Put a step that installs uv before another one, under the same condition."""
    text, eol = draft.text, draft.file.eol
    if before.holder.flow:
        made = _in_flow(draft, inputs(python, pinned))
        draft.insert(before.item.start, f"{{{made}}}, ", "setup-uv", _WHY)
        return
    at = comments_above(draft.stream, before.item.start)
    start = line_start(text, before.item.start)
    dash = " " * (before.item.start - start)
    indent = dash + " " * (before.body.start - before.item.start)
    lines = [f"{dash}-{' ' * (len(indent) - len(dash) - 1)}name: Install uv"]
    asked = before.body.get("if")
    if asked is not None and condition(before):
        lines.append(f"{indent}if: {draft.raw(asked)}")
    lines.append(f"{indent}uses: {uses(draft)}")
    made = eol.join(lines) + _with_at(indent, eol, inputs(python, pinned)) * bool(
        inputs(python, pinned)
    )
    spaced = not text[line_start(text, max(at - 1, 0)) : at].strip() and at > 0
    draft.insert(at, made + eol + (eol if spaced else ""), "setup-uv", _WHY)


def add_input(draft: Draft, step: Step, name: str, value: str | None, why: str = _WHY) -> None:
    """Give an action one more input, if there is a value for it."""
    if value is not None:
        add_inputs(draft, step, {name: value}, why)


def add_inputs(draft: Draft, step: Step, new: dict[str, str], why: str = _WHY) -> None:
    """Give an action more inputs (name -> YAML text); a step in flow style stays as it is."""
    if step.body.flow:
        return
    node = step.body.get("uses")
    if step.body.pair("with") is None and node:
        draft.insert(stop(draft, node.end), _with(draft, step, new), "setup-uv", why)
    elif step.inputs and step.inputs.flow:
        text = "".join(f", {name}: {value}" for name, value in new.items())
        draft.insert(step.inputs.end - 1, text, "setup-uv", why)
    elif step.inputs:
        first = step.inputs.start
        indent = " " * (first - line_start(draft.text, first))
        eol = draft.file.eol
        text = "".join(f"{eol}{indent}{name}: {value}" for name, value in new.items())
        draft.insert(stop(draft, step.inputs.end), text, "setup-uv", why)


def rename_step(draft: Draft, step: Step, new_name: Callable[[str], str] = uv_name) -> None:
    """Let the name of an edited step say uv."""
    node = step.body.get("name")
    if node is None or "poetry" not in draft.raw(node).lower():
        return
    raw = draft.raw(node)
    new = new_name(raw)
    if new != raw:
        draft.replace(node.start, node.end, new, "step-name", "the step is for uv now")


def add_env(draft: Draft, step: Step, variables: dict[str, str]) -> None:
    """Set variables (name -> YAML text) for a step, those that it does not set itself."""
    env = step.body.get("env")
    if isinstance(env, Mapping):
        variables = {name: value for name, value in variables.items() if not env.pair(name)}
    texts = [f"{name}: {value}" for name, value in variables.items()]
    if not texts:
        return
    why, eol = "read by the commands of uv in this step", draft.file.eol
    if isinstance(env, Mapping) and not env.flow:
        indent = " " * (env.start - line_start(draft.text, env.start))
        at = stop(draft, env.end)
        draft.insert(at, "".join(f"{eol}{indent}{text}" for text in texts), "env", why)
    elif isinstance(env, Mapping):
        draft.insert(env.end - 1, "".join(f", {text}" for text in texts), "env", why)
    elif step.body.flow:
        draft.insert(step.body.pairs[-1].end, f", env: {{{', '.join(texts)}}}", "env", why)
    else:
        run = step.body.pair("run") or step.body.pairs[-1]
        indent = " " * (step.body.start - line_start(draft.text, step.body.start))
        lines = ("", f"{indent}env:", *(f"{indent}  {text}" for text in texts))
        end = len(draft.text[: run.end].rstrip())  # a block can hold the end of the file
        draft.insert(stop(draft, end), eol.join(lines), "env", why)


def add_job_env(draft: Draft, job: Job, variables: dict[str, str]) -> None:
    """Set variables (name -> YAML text) for all steps of a job, those that it does not set."""
    env, steps = job.body.pair("env"), job.body.pair("steps")
    why, eol = "read by the commands of uv in this job", draft.file.eol
    if env and isinstance(env.value, Mapping):
        texts = [f"{k}: {v}" for k, v in variables.items() if not env.value.pair(k)]
        first = env.value.start
        if env.value.flow:
            draft.insert(first + 1, "".join(f"{text}, " for text in texts), "env", why)
            return
        indent = " " * (first - line_start(draft.text, first))
        draft.insert(first, "".join(f"{text}{eol}{indent}" for text in texts), "env", why)
    elif env is None and steps and not job.body.flow:
        indent = " " * (steps.start - line_start(draft.text, steps.start))
        lines = (f"{indent}env:", *(f"{indent}  {k}: {v}" for k, v in variables.items()), "")
        draft.insert(line_start(draft.text, steps.start), eol.join(lines), "env", why)


def stop(draft: Draft, offset: int) -> int:
    """Return where the line with an offset ends, before its break."""
    stop = draft.text.find("\n", offset)
    stop = len(draft.text) if stop < 0 else stop
    return stop - draft.text[:stop].endswith("\r")
