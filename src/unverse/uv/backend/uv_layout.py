"""Packages and files in the words of uv_build."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

from unverse.uv.backend.frozen import Frozen, Part
from unverse.uv.backend.patterns import covers, uv_globs, uv_path


class Layout:
    """Where the packages of a project lie, as uv_build sees them.

    Attributes:
        root: `module-root`; None if the files have no common one.
        modules: the outermost folders that are packed whole, relative to the root.
    """

    def __init__(self, frozen: Frozen) -> None:
        self.frozen = frozen
        self.roots = {_root(*pair) for pair in frozen.wheel.items()}
        self.root = next(iter(self.roots)) if len(self.roots) == 1 else None
        self.modules = _outermost(_modules(frozen.of("wheel"), self.root or ""))

    def reasons(self) -> Iterator[str]:
        """Say which files uv_build cannot put where they belong."""
        if self.frozen.build_script:
            yield f"build script `{self.frozen.build_script}`: uv_build runs none"
        if not self.frozen.wheel:
            yield "the wheel holds no file"
        elif None in self.roots:
            moved = (s for t, s in self.frozen.wheel.items() if _root(t, s) is None)
            yield f"{shown(moved)} elsewhere in the wheel (`to`): uv_build moves nothing"
        elif self.root is None:
            roots = sorted(str(root or ".") for root in self.roots)
            yield f"packages in {shown(roots)}: uv_build has one `module-root`"
        else:
            yield from self._uncovered()
        yield from self._scripts()

    def _uncovered(self) -> Iterator[str]:
        out = [target for target in self.frozen.wheel if not covers(self.modules, target)]
        single = [path for path in out if "/" not in path]
        if single:
            yield f"{shown(single)} at the top of the wheel: uv_build packs directories"
        if len(single) < len(out):
            rest = (path for path in out if path not in single)
            yield f"{shown(rest)} in the wheel outside the packages: uv_build adds no file there"
        dotted = [module for module in self.modules if "." in module]
        if dotted:
            yield f"{shown(dotted)}: uv_build takes the dot for a package"

    def _scripts(self) -> Iterator[str]:
        folders = {posixpath.dirname(path) for path in self.frozen.scripts}
        if len(folders) > 1 or "" in folders:
            yield f"script files {shown(self.frozen.scripts)}: uv_build takes one folder of them"

    def table(self, default: str, known: set[str]) -> dict[str, Any]:
        """Return `[tool.uv.build-backend]`; None is what uv assumes by itself."""
        names = [module.replace("/", ".") for module in self.modules]
        excludes = _Excludes(self.frozen, self._paths(), self._shipped())
        table: dict[str, Any] = {
            "module-name": None if names == [default] else names if len(names) > 1 else names[0],
            "module-root": None if self.root == "src" else self.root,
            "namespace": self._namespace() or None,
            "source-include": list(dict.fromkeys(self._source_include(known))),
            "source-exclude": excludes.source,
            "wheel-exclude": list(dict.fromkeys([*excludes.wheel, *self._source_only()])),
        }
        if self.frozen.scripts:
            table["data"] = {"scripts": posixpath.dirname(self.frozen.scripts[0])}
        return table

    def _paths(self) -> list[str]:
        return [posixpath.join(self.root or "", module) for module in self.modules]

    def _shipped(self) -> list[str]:
        """Return where the files lie that uv_build packs."""
        return [*self._paths(), *(part.literal for part in self.frozen.of("sdist"))]

    def _namespace(self) -> bool:
        regular = {"" if path == "." else path for path in self.frozen.inits}
        for path in self._paths():
            inner = path.removeprefix(self.root or "").strip("/").split("/")
            above = {posixpath.join(self.root or "", *inner[:n]) for n in range(len(inner))}
            above = {one.rstrip("/") for one in above}
            stubs = [inner[0].removesuffix("-stubs"), *inner[1:]]
            if path not in regular or above & regular or not all(map(str.isidentifier, stubs)):
                return True
        return False

    def _source_include(self, known: set[str]) -> Iterator[str]:
        for part in self.frozen.of("sdist"):
            inside = part.literal and covers(self._paths(), part.literal)
            if not inside and part.path not in known:
                yield from uv_globs(part.path, part.matches)

    def _source_only(self) -> Iterator[str]:
        """What git ignores in a package, and `include` brings into the sdist alone."""
        for part in self.frozen.of("sdist"):
            inside = part.literal and covers(self._paths(), part.literal)
            if inside and "wheel" not in part.formats and self._ignored(part):
                yield from (f"/{glob}" for glob in uv_globs(part.path, part.matches or ["/"]))

    def _ignored(self, part: Part) -> bool:
        """Whether something lies there that Poetry leaves out of the wheel, but for `exclude`."""
        if any(_overlap(part, path) for path in self.frozen.generated):
            return True
        files = [match for match in part.matches if not match.endswith("/")]
        excluded = any(covers(found, f) for f in files for found in self._excluded())
        return bool(files) and not excluded and set(files).isdisjoint(self.frozen.wheel.values())

    def _excluded(self) -> Iterator[list[str]]:
        for matches in self.frozen.excludes.values():
            yield [match.rstrip("/") for match in matches]


class _Excludes:
    """`exclude`, as far as it keeps something out that uv_build would pack."""

    def __init__(self, frozen: Frozen, modules: list[str], shipped: list[str]) -> None:
        self.source: list[str] = []
        self.wheel: list[str] = []
        in_wheel = frozenset(frozen.wheel.values())
        for pattern, matches in frozen.excludes.items():
            part = Part(frozenset(), False, "", posixpath.normpath(pattern), "", matches)
            if not _touches(part, shipped):
                continue
            found = [match.rstrip("/") for match in matches]
            globs = [f"/{glob}" for glob in uv_globs(part.path, matches)]
            if not any(covers(found, path) for path in frozen.packed):
                self.source += globs
            elif _touches(part, modules) and not any(covers(found, path) for path in in_wheel):
                self.wheel += globs
        included = [part for part in frozen.parts if not part.package]
        generated = (
            path
            for path in frozen.generated
            if covers(modules, path) and not any(_overlap(part, path) for part in included)
        )
        self.source += dict.fromkeys(_folded(generated, frozen.packed))


def _overlap(part: Part, path: str) -> bool:
    """Whether an `include` may find something at or in an ignored path."""
    return covers([part.literal], path) or covers([path.rstrip("/")], part.literal)


def _touches(part: Part, shipped: list[str]) -> bool:
    """Whether a pattern finds, or with a wildcard may find, something that is packed."""
    if part.is_glob:
        return covers(shipped, part.literal) or not part.literal or bool(part.matches)
    return any(covers(shipped, match.rstrip("/")) for match in part.matches)


def _folded(paths: Iterable[str], packed: frozenset[str]) -> Iterator[str]:
    """Name the outermost folder that holds nothing packed, else the file."""
    full = {folder for path in packed for folder in _parents(path)}
    for path in paths:
        empty = [folder for folder in _parents(path) if folder not in full]
        yield f"/{uv_path(empty[0])}/**" if empty else f"/{uv_path(path)}"


def _parents(path: str) -> list[str]:
    """Return the folders of a path, the outermost first."""
    names = path.split("/")[:-1]
    return ["/".join(names[: n + 1]) for n in range(len(names))]


def _root(target: str, source: str) -> str | None:
    if source == target:
        return ""
    return source[: -len(target) - 1] if source.endswith(f"/{target}") else None


def _modules(parts: Iterable[Part], root: str) -> Iterator[str]:
    for part in parts:
        directory = part.directory or part.is_glob
        if directory and part.literal and covers([root], part.literal) and part.literal != root:
            yield posixpath.relpath(part.literal, root or ".")


def _outermost(paths: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(paths))
    return [one for one in found if not covers([p for p in found if p != one], one)]


def shown(paths: Iterable[str]) -> str:
    """Return the first three of them, for a message."""
    listed = list(paths)
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return ", ".join(f"`{path}`" for path in listed[:3]) + more
