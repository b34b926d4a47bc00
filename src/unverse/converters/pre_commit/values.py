"""New values in a YAML mapping, written as their neighbours are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from unverse.edits import Edit
from unverse.repo import SourceFile
from unverse.syntax import yaml_model as yaml

_PLAIN = re.compile(r"[\w./^(=+-][\w./^()|\\.*$+=@:~-]*")
_AMBIGUOUS = re.compile(r"(?i)(?:true|false|yes|no|on|off|null|~|[-+.\d_e]+)|.*:$|-\s*")


def quoted(value: str) -> str:
    """Write a string as a YAML scalar, with quotes only where they are needed."""
    if _PLAIN.fullmatch(value) and not _AMBIGUOUS.fullmatch(value):
        return value
    return "'" + value.replace("'", "''") + "'"


def new_pair(
    file: SourceFile, mapping: yaml.Mapping, key: str, value: str, rule: str, why: str
) -> Edit:
    """Return the edit that adds `key: value` below the first pair of a mapping."""
    first = mapping.pairs[0]
    if mapping.flow:
        return Edit(file.path, first.end, first.end, f", {key}: {value}", rule, why)
    line = file.text.rfind("\n", 0, first.start) + 1
    indent = re.sub(r"\S", " ", file.text[line : first.start])
    end = file.text.find("\n", first.end)
    end = len(file.text) if end < 0 else end - file.text[:end].endswith("\r")
    return Edit(file.path, end, end, f"{file.eol}{indent}{key}: {value}", rule, why)


def rewritten(
    file: SourceFile, holder: yaml.Sequence, values: Sequence[str], rule: str, why: str
) -> Iterator[Edit]:
    """Yield the edit that makes `holder` a list of `values`; what stays keeps its spelling."""
    old = [item.value for item in holder.items]
    if [v.value if isinstance(v, yaml.Scalar) else None for v in old] == list(values):
        return
    spelled = {v.value: file.text[v.start : v.end] for v in old if isinstance(v, yaml.Scalar)}
    style = next((v.style for v in old if isinstance(v, yaml.Scalar)), "plain")
    texts = [spelled.get(value) or _like(value, style) for value in values]
    yield Edit(file.path, holder.start, holder.end, _list(file, holder, texts), rule, why)


def _like(value: str, style: str) -> str:
    if style == "double" and '"' not in value and "\\" not in value:
        return f'"{value}"'
    if style == "single":
        return "'" + value.replace("'", "''") + "'"
    return quoted(value)


def _list(file: SourceFile, holder: yaml.Sequence, texts: Iterable[str]) -> str:
    if holder.flow:
        return f"[{', '.join(texts)}]"
    line = file.text.rfind("\n", 0, holder.start) + 1
    indent = re.sub(r"\S", " ", file.text[line : holder.start])
    item = holder.items[0]
    dash = file.text[item.start : item.value.start if item.value else item.end]
    return f"{file.eol}{indent}".join(f"{dash}{text}" for text in texts)
