"""Ask poetry-core which files a project's sdist and wheel hold, and where each comes from.

Runs by its path in an environment that holds poetry-core and nothing of unverse:
`python -I origins.py FOLDER` prints one JSON object, which `frozen.read` understands. Every
poetry-core from 1.0 on answers. No code of the project is run.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(folder: Path) -> dict[str, Any]:
    """Return what poetry-core would pack, as plain values."""
    from poetry.core import __version__
    from poetry.core.factory import Factory
    from poetry.core.masonry.builders.sdist import SdistBuilder
    from poetry.core.masonry.builders.wheel import WheelBuilder

    poetry = Factory().create_poetry(folder)
    wheel, sdist = WheelBuilder(poetry), SdistBuilder(poetry)
    scripts = [_relative(path, folder) for path in wheel.convert_script_files()]
    return {
        "poetry-core": __version__,
        "wheel": dict(sorted(_targets(wheel, folder))),
        "sdist": sorted(_relative(file.path, folder) for file in sdist.find_files_to_add()),
        "parts": [
            *_parts(wheel, folder, "wheel"),
            *_parts(sdist, folder, "sdist"),
        ],
        "excludes": {
            str(pattern): _matches(folder.glob(str(pattern)), folder)
            for pattern in poetry.package.exclude
        },
        "scripts": scripts,
        "inits": sorted(_inits(wheel, folder)),
        "build-script": poetry.package.build_script or "",
    }


def _targets(builder: Any, folder: Path) -> Any:
    for file in builder.find_files_to_add():
        inside = getattr(file, "relative_to_target_root", file.relative_to_source_root)()
        yield inside.as_posix(), _relative(file.path, folder)


def _parts(builder: Any, folder: Path, kind: str) -> Any:
    for include in builder._module.includes:
        include.refresh()
        pattern = str(include._include)
        yield {
            "format": kind,
            "package": hasattr(include, "is_stub_only"),
            "root": _relative(include.base, folder),
            "pattern": pattern,
            "target": getattr(include, "target", None) or "",
            "matches": _matches(include.base.glob(pattern), folder),
        }


def _inits(builder: Any, folder: Path) -> set[str]:
    """Return the folders above and at the packages that Python takes for regular packages."""
    found = {
        place
        for include in builder._module.includes
        for element in include.base.glob(str(include._include))
        for place in (element, *element.parents)
        if place.is_relative_to(folder)
    }
    names = ("__init__.py", "__init__.pyi")
    return {
        _relative(place, folder) for place in found if any((place / n).is_file() for n in names)
    }


def _matches(found: Any, folder: Path) -> list[str]:
    """Return paths relative to the project; a directory ends with a slash."""
    return sorted(f"{_relative(path, folder)}{'/' * path.is_dir()}" for path in found)


def _relative(path: Path, folder: Path) -> str:
    """Return a path without following links, unless only its target lies in the project."""
    for base in (folder, folder.resolve()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()


if __name__ == "__main__":
    # On a line of its own: poetry-core may warn.
    sys.stdout.write(f"\n{json.dumps(main(Path(sys.argv[1])))}\n")
