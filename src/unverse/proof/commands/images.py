"""What a stage of an image had besides its commands, and must not lose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.proof.commands.difference import Difference, Subject
from unverse.proof.commands.unit import Unit

_KEPT = {
    "user": "the user that it runs as",
    "expose": "a port",
    "volume": "a volume",
    "entrypoint": "its entry point",
    "cmd": "what it starts",
    "healthcheck": "its health check",
}
# Programs of an environment hold the path of their interpreter.
_PROGRAMS = re.compile(r"(?P<source>\S*venv/bin)\S*\s+(?P<target>/\S+)")


def differences(before: Unit, after: Unit) -> Iterator[Difference]:
    """Yield what the stage has lost, and copies that cannot work."""
    for name, what in _KEPT.items():
        old, new = before.properties.get(name, ""), after.properties.get(name, "")
        if old and old != new:
            now = f"`{new}` now" if new else "gone"
            message = f"{after.label}: {what} (`{name.upper()} {old}`) is {now}"
            yield Difference(Subject.STEPS, before.label, None, None, message)
    for copy in after.properties.get("copies", "").split("\n"):
        match = _PROGRAMS.search(copy)
        moved = match and not match["target"].rstrip("/").endswith(
            match["source"].rsplit("/", 2)[-2] + "/bin"
        )
        if match and moved and copy not in before.properties.get("copies", ""):
            message = (
                f"{after.label}: `COPY {copy}`: the programs still look for `{match['source']}`"
            )
            yield Difference(Subject.STEPS, before.label, None, None, message)
