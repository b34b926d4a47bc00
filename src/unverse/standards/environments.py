"""A finite universe of environments, and sets of them as bits of an integer.

Questions about markers (where does it hold, do two exclude each other, is one always true) become
`&`, `|` and `==` on integers, exact for every environment of the universe. The universe holds
every Python minor version that a project allows, every patch version next to one that a marker
names, times the platforms, times the implementations that a marker names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from unverse.standards.markers import Always, And, Atom, Marker, atoms
from unverse.standards.names import canonical

# The newest minor version of CPython that is released or in beta.
NEWEST_MINOR = 15
_VERSIONED = frozenset({"python_version", "python_full_version", "implementation_version"})
_PATCH = re.compile(r"(\d+\.\d+)\.(\d+)")
_LIST = re.compile(r"[\s,|]+")


@dataclass(frozen=True, slots=True)
class Platform:
    """The marker values that an operating system on a machine has."""

    os_name: str
    sys_platform: str
    platform_system: str
    platform_machine: str


PLATFORMS = (
    Platform("posix", "linux", "Linux", "x86_64"),
    Platform("posix", "linux", "Linux", "aarch64"),
    Platform("posix", "darwin", "Darwin", "x86_64"),
    Platform("posix", "darwin", "Darwin", "arm64"),
    Platform("nt", "win32", "Windows", "AMD64"),
    Platform("nt", "win32", "Windows", "ARM64"),
)
_IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy"}

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Universe:
    """Environments, numbered; bit `i` of a mask stands for `environments[i]`."""

    environments: tuple[Environment, ...]
    _atoms: dict[Atom, int] = field(default_factory=dict, compare=False, repr=False)
    _values: dict[str, dict[str, int]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def build(
        cls,
        requires_python: str,
        markers: Iterable[Marker] = (),
        platforms: Iterable[Platform] = PLATFORMS,
    ) -> Universe:
        """Make the universe of the Pythons in `requires_python` (PEP 440) for these markers."""
        named = [atom for marker in markers for atom in atoms(marker)]
        implementations = _implementations(named)
        pythons = _pythons(requires_python, named)
        return cls(
            tuple(
                _environment(python, platform, implementation)
                for python in pythons
                for platform in platforms
                for implementation in implementations
            )
        )

    @property
    def all(self) -> int:
        """The mask of every environment."""
        return (1 << len(self.environments)) - 1

    def mask(self, marker: Marker, extras: frozenset[str] = frozenset()) -> int:
        """Return the environments in which `marker` holds with these (normalised) extras on."""
        if isinstance(marker, Always):
            return self.all if marker.value else 0
        if isinstance(marker, Atom):
            return self._atom(marker, extras)
        if isinstance(marker, And):
            found = self.all
            for part in marker.parts:
                found &= self.mask(part, extras)
            return found
        found = 0
        for part in marker.parts:
            found |= self.mask(part, extras)
        return found

    def _atom(self, atom: Atom, extras: frozenset[str]) -> int:
        if atom.variable == "extra":
            holds = (canonical(atom.value) in extras) == (atom.operator in {"==", "in"})
            return self.all if holds else 0
        if atom not in self._atoms:
            self._atoms[atom] = sum(
                mask for value, mask in self._of(atom.variable).items() if _holds(atom, value)
            )
        return self._atoms[atom]

    def _of(self, variable: str) -> dict[str, int]:
        """Return value -> mask of one variable: few values, so few comparisons."""
        if variable not in self._values:
            masks: dict[str, int] = {}
            for bit, environment in enumerate(self.environments):
                value = environment.get(variable, "")
                masks[value] = masks.get(value, 0) | 1 << bit
            self._values[variable] = masks
        return self._values[variable]

    def members(self, mask: int) -> Iterator[Environment]:
        """Yield the environments of a mask in their order."""
        return (env for bit, env in enumerate(self.environments) if mask >> bit & 1)


def describe(environment: Environment) -> str:
    """Name an environment in a few words, such as `Python 3.12.0 on linux x86_64`."""
    name = {"cpython": "Python", "pypy": "PyPy"}[environment["implementation_name"]]
    place = f"{environment['sys_platform']} {environment['platform_machine']}"
    return f"{name} {environment['python_full_version']} on {place}"


def _environment(python: str, platform: Platform, implementation: str) -> Environment:
    return {
        "os_name": platform.os_name,
        "sys_platform": platform.sys_platform,
        "platform_system": platform.platform_system,
        "platform_machine": platform.platform_machine,
        "platform_release": "",
        "platform_version": "",
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_name": implementation,
        "implementation_version": python,
        "platform_python_implementation": _IMPLEMENTATIONS[implementation],
    }


def _implementations(named: Iterable[Atom]) -> tuple[str, ...]:
    variables = {"implementation_name", "platform_python_implementation"}
    return tuple(_IMPLEMENTATIONS) if any(a.variable in variables for a in named) else ("cpython",)


def _pythons(requires_python: str, named: Iterable[Atom]) -> tuple[str, ...]:
    """Return the full versions to look at, ascending."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    allowed = SpecifierSet(requires_python)
    candidates = {"2.7.0", *(f"3.{minor}.0" for minor in range(NEWEST_MINOR + 1))}
    texts = [requires_python, *(a.value for a in named if a.variable in _VERSIONED)]
    for minor, patch in _PATCH.findall(" ".join(texts)):
        near = range(max(int(patch) - 1, 0), int(patch) + 2)
        candidates.update(f"{minor}.{number}" for number in near)
    return tuple(sorted((c for c in candidates if allowed.contains(c)), key=Version))


def _holds(atom: Atom, value: str) -> bool:
    """Say whether a comparison holds for the environment's `value` of its variable."""
    if atom.variable in _VERSIONED:
        return _version_holds(atom, value)
    if atom.operator in {"in", "not in"}:
        found = atom.value in value if atom.reverse else value in atom.value
        return found == (atom.operator == "in")
    return _compare(atom.operator, value, atom.value)


def _version_holds(atom: Atom, value: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, Specifier

    if atom.operator in {"in", "not in"}:
        # Poetry and uv both read a list of versions; taken as a text, 3.1 would be in "3.10".
        return (value in _LIST.split(atom.value)) == (atom.operator == "in")
    try:
        return Specifier(atom.operator + atom.value).contains(value, prereleases=True)
    except InvalidSpecifier:
        return _compare(atom.operator, value, atom.value)


def _compare(operator: str, left: str, right: str) -> bool:
    if operator in {"==", "==="}:
        return left == right
    if operator == "!=":
        return left != right
    if operator in {"<", "<="}:
        return left < right or (operator == "<=" and left == right)
    return left > right or (operator in {">=", "~="} and left == right)
