"""Variables, inputs and names: what Poetry's commands read, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.commands.variables import variable
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.installers import rename_step
from unverse.converters.workflows.model import Workflow, path, text_of
from unverse.converters.workflows.names import LOCK, uv_name
from unverse.syntax.yaml_model import Mapping, Pair, Scalar, Sequence, scalars

# They go where nothing reads them, and no other place names the folder that they hold.
_IDLE = frozenset({"POETRY_VERSION", "POETRY_VIRTUALENVS_CREATE", "POETRY_VIRTUALENVS_PATH"})
_FOLDER = re.compile(r"(?<=/)pypoetry/?[\"']?$")


def edit_variables(draft: Draft, workflow: Workflow, facts: Facts) -> None:
    """Rename or remove the variables of Poetry, at every level (rule W5)."""
    sources = frozenset(re.sub(r"\W", "_", source.name).upper() for source in facts.project.sources)
    preview = draft.preview()
    found = list(_definitions(draft, workflow))
    for env, pair in found:
        known = variable(pair.name, text_of(pair.value), sources)
        if known is None or draft.goes(pair.start):
            continue
        if known.name:
            _rename(draft, pair.name, known.name)
            _rename_folder(draft, pair)
        elif pair.name == "POETRY_VIRTUALENVS_PATH" and _is_named_elsewhere(draft, found, pair):
            draft.note(pair.start, "variable", f"`{pair.name}`: {known.reason}")
        elif known.name == "" or pair.name in _IDLE:
            _remove(draft, env, pair, preview, sum(p.name == pair.name for _, p in found))
        else:
            draft.note(pair.start, "variable", f"`{pair.name}`: {known.reason}")


def _definitions(draft: Draft, workflow: Workflow) -> Iterator[tuple[Mapping, Pair]]:
    bodies = [workflow.root]
    for job in workflow.jobs:
        container = draft.stream.resolve(job.body.get("container"))
        bodies += [container] if isinstance(container, Mapping) else []
        bodies += [job.body, *(step.body for step in job.steps)]
    for body in bodies:
        env = draft.stream.resolve(body.get("env"))
        for pair in env.pairs if isinstance(env, Mapping) else ():
            if isinstance(env, Mapping) and pair.name.startswith("POETRY_"):
                yield env, pair


def _rename(draft: Draft, old: str, new: str) -> None:
    for match in re.finditer(rf"(?<!secrets\.)(?<!vars\.)\b{old}\b", draft.text):
        why = f"uv's name for `{old}`"
        draft.replace(match.start(), match.end(), new, "variable", why)


def _rename_folder(draft: Draft, pair: Pair) -> None:
    """Let the folder of Poetry's cache be called after uv, where only the variable names it."""
    if pair.name != "POETRY_CACHE_DIR" or pair.value is None:
        return
    match = _FOLDER.search(draft.raw(pair.value))
    if match and len(re.findall(r"\bpypoetry\b", draft.text)) == 1:
        start = pair.value.start + match.start()
        why = "the cache is uv's"
        draft.replace(start, start + len("pypoetry"), "uv", "variable", why)


def _is_named_elsewhere(draft: Draft, found: list[tuple[Mapping, Pair]], pair: Pair) -> bool:
    value = text_of(pair.value)
    defined = sum(text_of(other.value) == value for _, other in found)
    return bool(value) and draft.text.count(value) > defined


def _remove(draft: Draft, env: Mapping, pair: Pair, preview: str, definitions: int) -> None:
    readers = len(re.findall(rf"(?<!secrets\.)(?<!vars\.)\b{pair.name}\b", preview)) - definitions
    if readers > 0:
        reason = "it is still read, though it says nothing to uv: take its readers out with it"
        draft.note(pair.start, "variable", f"`{pair.name}`: {reason}")
    else:
        draft.drop(env, pair, "variable", f"`{pair.name}` says nothing to uv")


def edit_lock_names(draft: Draft, workflow: Workflow) -> None:
    """Write uv.lock for poetry.lock outside of scripts (rule W14)."""
    runs = {id(step.body.get("run")) for job in workflow.jobs for step in job.steps}
    for scalar in scalars(workflow.root):
        if id(scalar) in runs:
            continue
        for match in LOCK.finditer(draft.text, scalar.start, scalar.end):
            draft.replace(
                match.start(), match.end(), "uv", "lock-name", "the lock is called uv.lock"
            )
    for job in workflow.jobs:
        for step in job.steps:
            if step.is_cache and not draft.goes(step.item.start):
                _rename_key(draft, step.inputs)
                rename_step(draft, step)


def _rename_key(draft: Draft, inputs: Mapping | None) -> None:
    for name in ("key", "restore-keys"):
        node = inputs.get(name) if inputs else None
        if not isinstance(node, Scalar):
            continue
        for match in re.finditer(r"\bpoetry\b(?!\\?\.lock)(?!\.outputs)", draft.raw(node)):
            start = node.start + match.start()
            before = draft.text[node.start : start]
            if before.rfind("${{") > before.rfind("}}"):
                continue  # a name in an expression
            why = "a new lock wants a new key"
            draft.replace(start, node.start + match.end(), "uv", "cache-key", why)


def dropped_inputs(draft: Draft, workflow: Workflow, facts: Facts) -> frozenset[str]:
    """Return the inputs of a composite action that nothing reads any more (rule C3).

    An action at the root of a repository is published: others call it.
    """
    declared = workflow.root.get("inputs")
    if not isinstance(declared, Mapping) or "/" not in facts.path:
        return frozenset()
    names = [p.name for p in declared.pairs if re.search(r"(?i)poetry.*version|^poetry$", p.name)]
    edit_variables(draft, workflow, facts)
    preview = draft.preview()
    return frozenset(n for n in names if not re.search(rf"inputs\.{re.escape(n)}\b", preview))


def edit_inputs(draft: Draft, workflow: Workflow, facts: Facts) -> None:
    """Remove inputs for Poetry's version; note those that have to stay."""
    gone = dropped_inputs(draft, workflow, facts)
    preview = draft.preview()
    for place in (workflow.root, *_called(workflow)):
        declared = path(place, "inputs")
        for pair in declared.pairs if isinstance(declared, Mapping) else ():
            if not isinstance(declared, Mapping):
                continue
            if pair.name in gone:
                draft.drop(declared, pair, "poetry-version", "nothing reads it any more")
            elif "poetry" in pair.name.lower():
                read = re.search(rf"inputs\.{re.escape(pair.name)}\b", preview)
                message = f"input `{pair.name}` keeps its name: its callers give it"
                if not read:
                    message = (
                        f"nothing reads input `{pair.name}` now: take it out, here and where "
                        "callers give it"
                    )
                draft.note(pair.start, "input", message)
            elif isinstance(pair.value, Mapping):
                _describe(draft, pair.value)


def _called(workflow: Workflow) -> Iterator[Mapping]:
    for event in ("workflow_call", "workflow_dispatch"):
        node = path(workflow.root, "on", event)
        if isinstance(node, Mapping):
            yield node


def edit_names(draft: Draft, workflow: Workflow, *, tested: bool) -> None:
    """Let an action say what it is now; names that others refer to get a note (rule W16)."""
    if any(job.composite for job in workflow.jobs):
        _describe(draft, workflow.root)
        return
    _keep_name(draft, workflow.root, "workflow")
    for job in workflow.jobs:
        _keep_name(draft, job.body, "job")
        if "poetry" in job.name.lower():
            message = f"job `{job.name}` keeps its name: `needs` and required checks refer to it"
            draft.note(_key(workflow, job.name), "name", message)
        _matrix(draft, job.body, tested=tested)


def _key(workflow: Workflow, name: str) -> int:
    jobs = workflow.root.get("jobs")
    pair = jobs.pair(name) if isinstance(jobs, Mapping) else None
    return pair.start if pair else 0


def _keep_name(draft: Draft, body: Mapping, what: str) -> None:
    node = body.get("name")
    if isinstance(node, Scalar) and "poetry" in node.value.lower():
        reason = "required checks, badges and `workflow_run` can refer to it"
        draft.note(node.start, "name", f"the {what} keeps its name `{node.value}`: {reason}")


def _describe(draft: Draft, body: Mapping) -> None:
    for name in ("name", "description"):
        node = body.get(name)
        if isinstance(node, Scalar) and "poetry" in node.value.lower():
            raw = draft.raw(node)
            new = uv_name(raw)
            draft.replace(node.start, node.end, new, "description", "it is about uv now")
            if "poetry" in new.lower():
                message = f"`{node.value}`: a name that stays, because others can refer to it"
                draft.note(node.start, "name", message)


def _matrix(draft: Draft, body: Mapping, *, tested: bool) -> None:
    matrix = path(body, "strategy", "matrix")
    for pair in matrix.pairs if isinstance(matrix, Mapping) else ():
        if "poetry" in pair.name.lower():
            message = f"the axis `{pair.name}` keeps its name, because expressions refer to it"
            if "version" in pair.name.lower() and not tested:
                message = (
                    f"the axis `{pair.name}` chose Poetry's version: uv does not ask for it, so "
                    "its jobs all do the same now: take it out"
                )
            draft.note(pair.start, "matrix", message)
        elif isinstance(pair.value, Sequence | Scalar):
            continue


def note_references(draft: Draft, workflow: Workflow) -> None:
    """Note the names with Poetry in them that stay: actions of the repository, ids, comments."""
    seen: set[str] = set()
    for job in workflow.jobs:
        for step in job.steps:
            if draft.goes(step.item.start):
                continue
            if step.uses.startswith("./") and "poetry" in step.uses.lower():
                node = step.body.get("uses")
                if node and step.uses not in seen:
                    seen.add(step.uses)
                reason = "other repositories and path filters can name it"
                draft.note(
                    node.start if node else 0, "name", f"`{step.uses}` keeps its folder: {reason}"
                )
            if "poetry" in step.id.lower():
                node = step.body.get("id")
                message = f"step `{step.id}` keeps its id: conditions and outputs refer to it"
                draft.note(node.start if node else 0, "name", message)
    _comments(draft)


def _comments(draft: Draft) -> None:
    for start, end in draft.stream.comments:
        text = draft.text[start:end]
        if "poetry" not in text.lower() or draft.goes(start):
            continue
        new = LOCK.sub("uv", text)
        if "poetry" not in new.lower():
            draft.replace(start, end, new, "comment", "the lock is called uv.lock")
        elif re.fullmatch(
            r"#\s*(?:Install|Set ?up|Setup|Configure)(?: and \w+)? poetry\W*", text, re.I
        ):
            draft.replace(start, end, uv_name(text), "comment", "it is about uv now")
        else:
            draft.note(
                start, "comment", "a comment about Poetry: say what holds for uv, or drop it"
            )
