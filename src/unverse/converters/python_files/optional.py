"""`f"poetry update {package}"` where `package` may be empty: uv's option needs a value."""

from __future__ import annotations

import ast

from unverse.commands.context import Context
from unverse.commands.script import edit_script
from unverse.converters.python_files.places import Place
from unverse.edits import Edit, Note, splice
from unverse.repo import SourceFile
from unverse.syntax.python import Source, Text

_RULE = "python/optional-argument"
_WHY = "Poetry took an empty argument for none, an option of uv needs its value"


def optional_argument(
    file: SourceFile, source: Source, place: Place, text: Text, context: Context
) -> list[Edit | Note]:
    """Write the command twice if a parameter whose default is `""` decides between two forms.

    Returns:
        nothing if one form does for both.
    """
    if place.node is None or not isinstance(place.node, ast.JoinedStr) or len(text.literals) != 1:
        return []
    for placeholder, field in text.fields.items():
        name = field[1:-1]
        if _may_be_empty(place, name) and f" {placeholder}" in text.text:
            without = text.text.replace(f" {placeholder}", "")
            given, none = _after(file, text.text, context), _after(file, without, context)
            if given and none and given.replace(f" {placeholder}", "") != none:
                return _both(file, source, text, name, given, none)
    return []


def _may_be_empty(place: Place, name: str) -> bool:
    if place.function is None:
        return False
    arguments = place.function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    last = [a.arg for a in positional[len(positional) - len(arguments.defaults) :]]
    defaults = dict(zip(last, arguments.defaults, strict=True))
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    defaults |= {a.arg: default for a, default in named if default is not None}
    default = defaults.get(name)
    return isinstance(default, ast.Constant) and default.value == ""


def _after(file: SourceFile, text: str, context: Context) -> str:
    result = edit_script(SourceFile(file.path, text), 0, len(text), context, "python")
    edits = [outcome for outcome in result.outcomes if isinstance(outcome, Edit)]
    return splice(text, edits) if edits and len(edits) == _edits(result.outcomes) else ""


def _edits(outcomes: tuple[Edit | Note, ...]) -> int:
    return len([outcome for outcome in outcomes if isinstance(outcome, Edit)])


def _both(
    file: SourceFile, source: Source, text: Text, name: str, given: str, none: str
) -> list[Edit | Note]:
    literal = text.literals[0]
    plain = literal._replace(prefix=literal.prefix.replace("f", "").replace("F", ""))
    second = plain if not any(field in none for field in text.fields) else literal
    written = [text.escaped(given, literal), text.escaped(none, second)]
    if None in written:
        return []
    first, other = (
        f"{kind.prefix}{kind.quote}{body}{kind.quote}"
        for kind, body in zip((literal, second), written, strict=True)
    )
    new = f"{first} if {name} else {other}"
    return [Edit(file.path, text.start, text.end, new, _RULE, _WHY)]
