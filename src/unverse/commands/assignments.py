"""Variables that are set for one command alone: `TWINE_USERNAME=u twine upload dist/*`."""

from __future__ import annotations

from collections.abc import Callable

from unverse.commands.invocation import Invocation
from unverse.commands.table import Untranslatable


def rename(
    found: Invocation, prefix: str, variable: Callable[[str, str], str | None]
) -> Untranslatable | None:
    """Rename the variables with a prefix.

    `variable` gives for a name and a raw value the new text, `UV_X=value`; empty if uv needs
    nothing of the kind, None if it has none.
    """
    for index, word in enumerate(found.command.assignments):
        name, _, value = word.text.partition("=")
        if not name.startswith(prefix):
            continue
        new = variable(name, value)
        if new is None:
            return Untranslatable(f"`{name}`: uv has no such variable")
        found.assignments[index] = new
    return None
