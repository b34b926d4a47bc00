"""`poetry config pypi-token.x $(TOKEN)` in a recipe.

Every line of a recipe is a shell of its own, so the token goes to the lines that publish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unverse.commands.context import Context
from unverse.commands.script import edit_script
from unverse.commands.table import Translation
from unverse.edits import Edit
from unverse.repo import SourceFile
from unverse.syntax.makefile import Part

_SETTING = re.compile(
    r"[ \t]*[@+-]*[ \t]*poetry config pypi-token\.[\w-]+[ \t]+(?P<token>\S+)[ \t]*\r?\n?"
)
_WHY = "uv takes the token from a variable; each line of a recipe is a shell of its own"


def token_lines(
    file: SourceFile, block: Sequence[Part], context: Context, rule: str
) -> Iterator[Edit]:
    """Move a token from the line that stores it to the lines of its recipe that publish."""
    recipe = [part for part in block if part.sort == "recipe"]
    for index, part in enumerate(recipe):
        setting = _SETTING.fullmatch(file.text, part.start, part.end)
        places = [at for later in recipe[index + 1 :] for at in _publish(file, later, context)]
        if not setting or not places:
            continue
        yield Edit(file.path, part.start, part.end, "", f"{rule}/token", _WHY)
        for at, compound in places:
            text = f"UV_PUBLISH_TOKEN={setting['token']} "
            text = f"export {text}&& " if compound else text
            yield Edit(file.path, at, at, text, f"{rule}/token", _WHY)


def _publish(file: SourceFile, part: Part, context: Context) -> list[tuple[int, bool]]:
    if "publish" not in file.text[part.start : part.end]:
        return []
    result = edit_script(file, part.start, part.end, context, "", dialect="make")
    return [
        (command.words[command.first].start, isinstance(verdict, Translation) and verdict.compound)
        for command, verdict in result.seen
        if verdict.row and verdict.row.form == ("publish",)
    ]
