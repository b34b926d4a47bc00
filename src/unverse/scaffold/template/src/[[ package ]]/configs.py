"""Configuration: YAML files, environment and overrides become one checked, frozen object."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

    type Keys = tuple[int | str, ...]

# `MY_FORECAST__job__limit=200` sets `job.limit`; the rest of the key keeps its case.
PREFIX = f"{__package__.upper()}__"


class Frozen(BaseModel):
    """Base of every part of the configuration: exact types, no unknown key, no change."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, protected_namespaces=()
    )


def merged(
    files: Sequence[Path], overrides: Sequence[str], environ: Mapping[str, str]
) -> dict[str, Any]:
    """Merge files from left to right, then the environment, then the overrides.

    A mapping whose `KIND` is changed starts anew: the keys of one kind mean nothing to another.

    Args:
        files: YAML files; `${oc.env:NAME,default}` is read from the environment.
        overrides: `key.of.a.value=YAML`, one each.
        environ: variables, of which those that start with `PREFIX` count.

    Raises:
        ConfigError: a file is missing or no YAML mapping, or a key or value cannot be read.
    """
    config = OmegaConf.create()
    for path in files:
        config = _merge(config, _loaded(path), str(path))
    for override in [*_from_environment(environ), *overrides]:
        config = _overridden(config, override)
    try:
        container = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None)
        raise ConfigError(f"{key}: {_reason(error)}" if key else _reason(error)) from error
    return cast("dict[str, Any]", container)


def parsed[T: BaseModel](cls: type[T], data: Mapping[str, Any], source: str) -> T:
    """Check merged data and make it an object.

    Args:
        cls: class of the object.
        data: what `merged` returned.
        source: where the data is from, for messages.

    Raises:
        ConfigError: one line per problem, `source: key.path: what is wrong`.
    """
    try:
        # As JSON, for there a path is a string and a tuple is a list even under `strict`.
        return cls.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        schema = cls.model_json_schema()
        problems = error.errors(include_url=False, include_input=False)
        lines = [f"{source}: {_problem(each, data, schema)}" for each in problems]
        raise ConfigError("\n".join(lines)) from None


def _loaded(path: Path) -> DictConfig:
    try:
        config = OmegaConf.load(path)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, OmegaConfBaseException) as error:
        raise ConfigError(f"{path}: cannot be read: {_reason(error)}") from error
    if not isinstance(config, DictConfig):
        raise ConfigError(f"{path}: is a list, not a mapping of keys to values")
    return config


def _merge(config: DictConfig, other: DictConfig, source: str) -> DictConfig:
    try:
        _renew(config, "", _plain(other))
        result = OmegaConf.merge(config, other)
    except OmegaConfBaseException as error:
        raise ConfigError(f"{source}: {_reason(error)}") from error
    assert isinstance(result, DictConfig)  # noqa: S101 - a merge of mappings
    return result


def _from_environment(environ: Mapping[str, str]) -> Iterable[str]:
    for name in sorted(environ):
        if name.startswith(PREFIX):
            yield f"{name.removeprefix(PREFIX).replace('__', '.')}={environ[name]}"


def _overridden(config: DictConfig, override: str) -> DictConfig:
    key, equals, text = override.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"`{override}`: an override has the form `key=value`")
    try:
        _renew(config, key, _plain(OmegaConf.from_dotlist([f"value={text}"]))["value"])
        config.merge_with_dotlist([override])
    except (OmegaConfBaseException, yaml.YAMLError, IndexError, TypeError, ValueError) as error:
        raise ConfigError(f"`{key}`: cannot be overridden: {_reason(error)}") from error
    return config


def _plain(config: DictConfig) -> dict[str, Any]:
    return cast("dict[str, Any]", OmegaConf.to_container(config))


def _renew(config: DictConfig, key: str, value: object) -> None:
    """Empty each mapping whose KIND is about to change."""
    if isinstance(value, dict):
        for name, inner in value.items():
            _renew(config, f"{key}.{name}".removeprefix("."), inner)
    path, _, last = key.rpartition(".")
    old = OmegaConf.select(config, path) if path and last == "KIND" else None
    if isinstance(old, DictConfig) and old.get("KIND", value) != value:
        OmegaConf.update(config, path, {}, merge=False)


def _problem(error: ErrorDetails, data: object, schema: dict[str, Any]) -> str:
    where = ".".join(map(str, _keys(error["loc"], data)))
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            known = _names(schema, error["loc"][:-1])
            return f"{where}: unknown key{_hint(str(error['loc'][-1]), known)}"
        case "missing":
            return f"{where}: missing"
        case "union_tag_not_found":
            return f"{where}.KIND: missing"
        case "union_tag_invalid":
            known = [name.strip("'") for name in context["expected_tags"].split(", ")]
            hint = _hint(context["tag"], known) or f", known are {', '.join(known)}"
            return f"{where}.KIND: unknown kind `{context['tag']}`{hint}"
        case _:
            message = error["msg"].removeprefix("Value error, ")
            return f"{where}: {message[0].lower()}{message[1:]}"


def _keys(loc: Keys, data: object) -> list[int | str]:
    """Drop the kinds that pydantic adds to a location: they are no keys of the file."""
    keys: list[int | str] = []
    for position, key in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(data, dict) and (key in data or last):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int):
            data = data[key]
        else:
            continue
        keys.append(key)
    return keys


def _names(schema: dict[str, Any], loc: Keys) -> list[str]:
    """Keys that the JSON Schema knows at a location."""
    definitions = schema.get("$defs", {})
    nodes = _options(schema, definitions)
    for step in loc:
        children = [_child(node, step) for node in nodes]
        nodes = [option for each in children for option in _options(each, definitions)]
    return [name for node in nodes for name in node.get("properties", {})]


def _options(node: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """The node that is meant, or those of them that an optional value may be."""
    if "$ref" in node:
        return _options(definitions[node["$ref"].rpartition("/")[2]], definitions)
    inner = [_options(each, definitions) for each in node.get("anyOf", ())]
    return [found for each in inner for found in each] or [node]


def _child(node: dict[str, Any], step: int | str) -> dict[str, Any]:
    kinds = node.get("discriminator", {}).get("mapping", {})
    if step in kinds:
        return {"$ref": kinds[step]}
    # `additionalProperties: false` of a class, or the schema of the values of a mapping.
    others = node.get("items") or node.get("additionalProperties") or {}
    found: dict[str, Any] = node.get("properties", {}).get(step) or others
    return found


def _hint(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean `{close[0]}`" if close else ""


def _reason(error: Exception) -> str:
    """Say in one line what OmegaConf or YAML say in several."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    first = str(error).strip().partition("\n")[0]
    return first.removeprefix("KeyError raised while resolving interpolation: ").strip('"')
