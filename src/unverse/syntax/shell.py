"""Shell text -> its simple commands, each word with its place in the text.

Only the parser (tree-sitter-bash) is imported late; the classes cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from unverse.syntax.shell_chains import Chain as Chain
from unverse.syntax.shell_chains import Span as Span
from unverse.syntax.shell_chains import chain_of, whole
from unverse.syntax.shell_documents import HereDocument, here_documents, without
from unverse.syntax.shell_text import Dialect, understood
from unverse.syntax.shell_words import Command as Command
from unverse.syntax.shell_words import Word as Word
from unverse.syntax.shell_wrappers import Unwrapped, executes, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# What runs a command on another machine or in a container.
REMOTE = frozenset({"ssh", "docker", "podman", "docker-compose", "kubectl"})


class Script(NamedTuple):
    """The commands of a text in their order, and where it could not be understood.

    Commands behind the first broken place are left out: an open quote changes what all of them
    are. `limit` is the offset up to which the text is understood. `data` are the here-documents
    that no shell executes.
    """

    commands: tuple[Command, ...]
    broken: tuple[Span, ...] = ()
    limit: int = 0
    data: tuple[Span, ...] = ()


def commands(text: str, dialect: Dialect = "shell", *, folded: bool = False) -> tuple[Command, ...]:
    """Return the simple commands of a text, see `parse`."""
    return parse(text, dialect, folded=folded).commands


# A text is asked about more than once: by the converter, and to check what it becomes.
@lru_cache(maxsize=256)
def parse(text: str, dialect: Dialect = "shell", *, folded: bool = False) -> Script:
    """Find the simple commands of a text; spans refer to the text as given.

    Commands in substitutions, pipelines, conditions, loops, functions, sub-shells and in the text
    given to `bash -c` or as a here-document are among them. Never raises for bad shell.
    """
    code = understood(text, dialect, folded=folded)
    documents = here_documents(code) if "<<" in code else ()
    root = _parser().parse(without(code, documents).encode()).root_node
    broken = tuple((n.start_byte, n.end_byte) for n in _errors(root))
    limit = _trusted(root, text, min(s for s, _ in broken)) if broken else len(text) + 1
    found: dict[int, Command] = {}
    for node, joint in _walk(root, ""):
        if node.end_byte <= limit and node.start_byte < limit:
            for command in _commands_of(node, text, joint, dialect):
                found[command.words[0].start] = command
    data = []
    for document in documents:
        inside = _inside(document, code, text, list(found.values()), dialect)
        found |= {command.words[0].start: command for command in inside or ()}
        data += [(document.start, document.end)] if inside is None else []
    ordered = sorted(found.values(), key=lambda c: c.start)
    return Script(tuple(ordered), broken, limit, tuple(data))


_TARGET = re.compile(r"(?<![\d&<=-])>{1,2}[ \t]*(?P<file>[^\s|&;<>]+)")


def _inside(
    document: HereDocument, code: str, text: str, found: list[Command], dialect: Dialect
) -> list[Command] | None:
    """Return the commands of a here-document; None if it is data for whoever reads it."""
    line = max(code.rfind("\n", 0, document.at), 0)
    before = [c for c in found if line <= c.end <= document.at]
    if not before:
        return None
    last = max(before, key=lambda c: c.start)
    reader = max((c for c in found if c.statement == last.statement), key=lambda c: c.start)
    target = _TARGET.search(code, last.start, code.index("\n", document.at))
    words = [word.text for word in reader.words]
    body = text[document.start : document.end]
    if not executes(reader.program, words, target["file"] if target else "", body):
        return None
    remote = (reader.program,) if reader.program in REMOTE else ()
    inner = (shifted(c, document.start) for c in parse(body, dialect).commands)
    return [c._replace(wrappers=remote + c.wrappers) for c in inner]


def command_of(arguments: Sequence[str | Word]) -> Command:
    """Make a command of an argument list: strings are literal, words keep their place.

    A literal is quoted where the shell would need it; a `Word` gives its raw shell text.
    """
    import shlex

    words: list[Word] = []
    at = 0
    for argument in arguments:
        if isinstance(argument, Word):
            words.append(argument)
        else:
            raw = shlex.quote(argument)
            words.append(Word(at, at + len(raw), raw))
        at = words[-1].end + 1
    return _seen_through(Command(tuple(words)), unwrap([w.text for w in words]))


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


def _errors(node: Node) -> Iterator[Node]:
    if not node.has_error:
        return
    if node.is_error or node.is_missing:
        yield node
        return
    for child in node.children:
        yield from _errors(child)


def _trusted(root: Node, text: str, offset: int) -> int:
    """Return the start of the line on which the outermost statement with the offset begins."""
    starts = (c.start_byte for c in root.children if c.start_byte <= offset < c.end_byte)
    return text.rfind("\n", 0, min((*starts, offset))) + 1


_JOINTS = {"pipeline": "|", "negated_command": "!", "subshell": "("} | dict.fromkeys(
    ("command_substitution", "process_substitution"), "$("
)
_CONDITIONS = frozenset({"if_statement", "while_statement", "elif_clause"})


def _walk(node: Node, joint: str) -> Iterator[tuple[Node, str]]:
    """Yield every command node with what is around it."""
    if node.type == "command":
        yield node, joint
    for child in node.children:
        yield from _walk(child, _joint(node, child, joint))


def _joint(node: Node, child: Node, joint: str) -> str:
    if node.type == "list":
        return joint if all(c.type != "||" for c in node.children) else "||"
    if node.type in _CONDITIONS:
        return "if" if _is_condition(node, child) else ""
    if node.type in {"compound_statement", "do_group", "else_clause", "case_item", "program"}:
        return ""
    return _JOINTS.get(node.type, joint)


def _is_condition(node: Node, child: Node) -> bool:
    done = next((c.start_byte for c in node.children if c.type in {"then", "do_group"}), 0)
    return child.start_byte < done


def _commands_of(node: Node, text: str, joint: str, dialect: Dialect) -> list[Command]:
    words, assignments = [], []
    for child in node.children:
        word = Word(child.start_byte, child.end_byte, text[child.start_byte : child.end_byte])
        if child.type == "variable_assignment":
            assignments.append(word)
        elif child.is_named and not child.type.endswith(("redirect", "comment")):
            words.append(word)
    if not words:
        return []
    command = Command(
        tuple(words),
        assignments=tuple(assignments),
        joint=joint,
        chain=chain_of(node),
        statement=(whole(node).start_byte, whole(node).end_byte),
        substitution=_substitution(node, text),
        pipeline=_pipeline(node, text),
    )
    return _expand(command, dialect)


def _substitution(node: Node, text: str) -> Word | None:
    around = node.parent
    if around is None or around.type != "command_substitution" or around.named_child_count != 1:
        return None
    return Word(around.start_byte, around.end_byte, text[around.start_byte : around.end_byte])


def _pipeline(node: Node, text: str) -> str:
    around = node.parent
    if around is not None and around.type == "redirected_statement":
        around = around.parent
    if around is None or around.type != "pipeline":
        return ""
    return text[around.start_byte : around.end_byte]


def _expand(command: Command, dialect: Dialect) -> list[Command]:
    """See through wrappers, and parse the scripts that are handed on in quotes."""
    unwrapped = unwrap([word.text for word in command.words])
    found = [_seen_through(command, unwrapped)]
    remote = ("ssh",) if "ssh" in (unwrapped.program, *unwrapped.wrappers) else ()
    for index in unwrapped.scripts:
        inner = _quoted(command.words[index], dialect)
        found += [c._replace(wrappers=remote + c.wrappers) for c in inner]
    return found


def _seen_through(command: Command, unwrapped: Unwrapped) -> Command:
    given = tuple(command.words[index] for index in unwrapped.assignments)
    return command._replace(
        first=unwrapped.first,
        rest=unwrapped.rest,
        program=unwrapped.program,
        assignments=command.assignments + given,
        wrappers=unwrapped.wrappers,
    )


def _quoted(word: Word, dialect: Dialect) -> Iterator[Command]:
    quote = word.text[:1]
    inner = word.text[1:-1]
    if quote not in {"'", '"'} or not word.text.endswith(quote) or quote in inner:
        return
    if quote == '"' and "\\" in inner.replace("\\\n", ""):
        return
    for found in parse(inner, dialect).commands:
        yield shifted(found._replace(quote=quote + found.quote), word.start + 1)


def shifted(command: Command, offset: int) -> Command:
    """Return the command with all of its places moved by `offset`."""

    def move(words: tuple[Word, ...]) -> tuple[Word, ...]:
        return tuple(Word(w.start + offset, w.end + offset, w.text) for w in words)

    chain = command.chain
    if chain:
        operands = tuple((start + offset, end + offset) for start, end in chain.operands)
        chain = Chain(chain.start + offset, chain.end + offset, operands, chain.removable)
    inside = command.substitution
    return command._replace(
        words=move(command.words),
        assignments=move(command.assignments),
        chain=chain,
        statement=(command.statement[0] + offset, command.statement[1] + offset),
        substitution=move((inside,))[0] if inside else None,
    )
