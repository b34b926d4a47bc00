"""What the figures were taken with."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from unverse.bench.side import Side


def machine() -> tuple[tuple[str, str], ...]:
    """Return processor, cores, load and system, each with what it is; nobody's host name."""
    cores = os.cpu_count() or 1
    found = [("CPU", f"{_processor()}, {cores} {'core' if cores == 1 else 'cores'}")]
    with suppress(AttributeError, OSError):
        found.append(("load before", f"{os.getloadavg()[0]:.1f}"))
    return (*found, ("OS", _system()))


def pythons(*sides: Side) -> Iterator[tuple[str, str]]:
    """Yield the Python of the environment that each side has made, once if it is the same."""
    found = {side.tool: _python(side.environment) for side in sides}
    versions = {version for version in found.values() if version}
    if len(versions) == 1:
        yield "Python", versions.pop()
        return
    for tool, version in found.items():
        if version:
            yield f"Python with {tool}", version


def _python(environment: Path) -> str:
    """Return the version in pyvenv.cfg; both tools write it, virtualenv with more behind it."""
    with suppress(OSError):
        for line in (environment / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            if name.strip() in {"version_info", "version"}:
                return ".".join(value.strip().split(".")[:3])
    return ""


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.lower().startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "unknown"


def _system() -> str:
    with suppress(OSError, AttributeError):
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"
    return f"{platform.system()} {platform.release()}, {platform.machine()}"
