"""What a backend needs in pyproject.toml, or why it cannot build the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from unverse.poetry.model import Project
from unverse.standards.names import canonical
from unverse.syntax.toml import Key
from unverse.uv.backend.frozen import Frozen
from unverse.uv.pyproject.dependencies import main_requirement

PLUGIN = "poetry-dynamic-versioning"


@dataclass(frozen=True, slots=True)
class Repair:
    """Files of the project that a first build had too much or too little."""

    wheel_extra: tuple[str, ...] = ()
    wheel_missing: tuple[str, ...] = ()
    sdist_extra: tuple[str, ...] = ()
    sdist_missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.wheel_extra, self.wheel_missing, self.sdist_extra, self.sdist_missing))


@dataclass(frozen=True, slots=True)
class Source:
    """The pyproject.toml that poetry-core would build.

    Attributes:
        project: the table `[project]`.
        readmes: the readmes in their order if there are several.
        requirements: what `dependencies` say if these are `dynamic`, else nothing.
        optional: the same for `optional-dependencies`.
        versioning: the table of poetry-dynamic-versioning if that sets the version.
    """

    project: Mapping[str, Any]
    readmes: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versioning: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any], project: Project) -> Source:
        """Read the migrated document; `project` is what Poetry read before."""
        table = document.get("project", {})
        dynamic = table.get("dynamic", ())
        tool = document.get("tool", {})
        readme = tool.get("poetry", {}).get("readme", ())
        main = project.dependencies if "dependencies" in dynamic else ()
        extras = project.extras if "optional-dependencies" in dynamic else ()
        return cls(
            table,
            tuple(readme) if "readme" in dynamic else (),
            tuple(main_requirement(project, d) for d in main if project.is_mandatory(d)),
            {
                extra: tuple(
                    main_requirement(project, d) for d in main if canonical(extra) in d.in_extras
                )
                for extra in extras
            },
            tool.get(PLUGIN, {}) if "version" in dynamic else None,
        )

    def static(self) -> dict[str, Any]:
        """Return the keys of `[project]` as any backend but poetry-core needs them."""
        found: dict[str, Any] = {}
        for key in ("authors", "maintainers"):
            people = [dict(person) for person in self.project.get(key, ())]
            for person in people:
                if "name" in person:  # as poetry-core publishes it
                    person["name"] = normalize("NFC", person["name"])
                if "email" in person:  # Poetry took `Name <<mail>>` for it, hatchling fails
                    person["email"] = person["email"].strip("<> ")
            found[key] = people
        return found | ({"dependencies": list(self.requirements)} if self.requirements else {})

    def extras(self) -> dict[Key, Mapping[str, Any]]:
        """Return `[project.optional-dependencies]` if Poetry's table said them until now."""
        listed = {extra: list(texts) for extra, texts in self.optional.items()}
        return {("project", "optional-dependencies"): listed} if listed else {}


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of a backend.

    Attributes:
        requires: of `[build-system]`.
        backend: the `build-backend`.
        tables: path -> key -> value; values are text, truth, lists of text or tables of text.
        project: keys of `[project]` with their new values; those of `dynamic` become static.
        dynamic: what `[project]` leaves to the backend.
    """

    requires: tuple[str, ...]
    backend: str
    tables: Mapping[Key, Mapping[str, Any]]
    project: Mapping[str, Any] = field(default_factory=dict)
    dynamic: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a backend cannot build what Poetry built: one line each, with the files or fields."""

    reasons: tuple[str, ...]


_GNU = re.compile(r"((?:A|L)?GPL-\d\.\d|GFDL-\d\.\d)(\+?)")


def expression(text: str) -> str:
    """Return a licence as an SPDX expression, empty if it is none (PEP 639).

    `GPL-3.0` is deprecated, and uv_build refuses it: it meant `GPL-3.0-only`.
    """
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        found: str = canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return ""
    words = (_GNU.fullmatch(word) for word in found.split())
    return " ".join(
        f"{gnu[1]}{'-or-later' if gnu[2] else '-only'}" if gnu else word
        for word, gnu in zip(found.split(), words, strict=True)
    )


def licence(frozen: Frozen, project: Mapping[str, Any], *, spdx: bool) -> Any:
    """Return `license` for `[project]`, None if it can stay as it is.

    Args:
        frozen: gives what was published.
        project: the table `[project]`.
        spdx: whether a text that is an SPDX expression has to become one.
    """
    written = project.get("license")
    published = frozen.field("License-Expression") or frozen.field("License")
    found = expression(published)
    if isinstance(written, str):
        return found or {"text": written}
    if spdx and found:
        return found
    # poetry-core publishes `MIT` for `MIT License` and the like.
    text = written.get("text") if isinstance(written, Mapping) else None
    return {"text": published} if text and published and text != published else None


def classifiers(frozen: Frozen, *, licences: bool) -> list[str]:
    """Return what METADATA lists, in its order, with or without those of the licence."""
    listed = frozen.metadata.get("Classifier", ())
    return [one for one in listed if licences or not one.startswith("License ::")]
