"""Config files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from omegaconf import OmegaConf


def load(files: Sequence[str | Path], extras: Sequence[str] = ()) -> dict[str, Any]:
    """Merge YAML files and `key=value` strings; the later ones win.

    Args:
        files: paths of YAML files.
        extras: dotted keys with their values, such as `job.model.trees=50`.

    Returns:
        Plain Python values with all interpolations resolved.

    Raises:
        TypeError: a file does not hold a mapping.
    """
    parts = [OmegaConf.load(file) for file in files]
    for file, part in zip(files, parts, strict=True):
        if not OmegaConf.is_dict(part):
            raise TypeError(f"not a mapping: {file}")
    merged = OmegaConf.merge(*parts, OmegaConf.from_dotlist(list(extras)))
    return cast(dict[str, Any], OmegaConf.to_container(merged, resolve=True))
