"""Put the outcomes together: whole instructions, renamed variables, the comments above them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from unverse.converters.dockerfile.variables import remove
from unverse.converters.dockerfile.work import NAME, Work
from unverse.converters.lock_names import renames
from unverse.edits import Edit
from unverse.syntax.dockerfile import Instruction, Pair

Spans = dict[Instruction, tuple[int, int]]
_COMMENT = re.compile(r"[ \t]*#")
# A headline of a part of the file.
_BANNER = re.compile(r"(?m)#[ \t]*(?:[#=*-]{3,}|[A-Z][A-Z \t]+\r?$)")
# A comment that says no more than what the line below it does.
_SAYS = re.compile(
    r"(?i)[ \t]*#+[ \t]*(?:\d+[.)][ \t]*)?"
    r"(?:install\w*|set(?:ting)?[ -]?up|copy\w*|add\w*|use\w*|get|configure|setup|update)\b"
    r"(?:[ \t]+(?!version)[\w&/,'.-]+)*?[ \t]+"
    r"(?P<word>poetry)(?P<file>\.lock)?(?P<rest>[^\n]*)"
)
_UNTRUE = re.compile(
    r"(?i)poetry|virtual|\bpip\b|version|\d\.\d|https?:|config|curl|wheel|script|\bPATH\b"
)


def finish(work: Work) -> list[Edit]:
    """Return all edits, disjoint."""
    _remove_variables(work)
    spans = {i: _lines_of(work, i) for i in work.dockerfile.instructions}
    whole = list(_instructions(work, spans))
    kept = [e for e in work.edits if not _within(e, whole)]
    kept += whole
    kept = [_renamed_inside(work, edit) for edit in kept]
    kept += _renames(work, kept)
    kept += _comments(work, kept, spans)
    return [*kept, *(e for e in _lock_names(work) if not _touches(e, kept))]


def _remove_variables(work: Work) -> None:
    """Remove what nobody reads any more; note the rest."""
    for instruction, pairs in work.removed.items():
        dead = []
        for pair in pairs:
            if not (reason := _stays(work, pair)):
                dead.append(pair)
            else:
                work.note(pair.start, "variable", reason)
        if dead:
            remove(work, instruction, dead)


def _stays(work: Work, pair: Pair) -> str:
    """Say why a variable stays, empty if it goes."""
    if not pair.name.startswith("POETRY_"):
        return ""
    if readers := _readers(work, pair.name):
        lines = ", ".join(str(line) for line in readers)
        return f"`{pair.name}` stays: line {lines} still reads it"
    if pair in work.doubtful and not re.search(
        rf"\$\{{?{re.escape(pair.name)}\b", work.dockerfile.shell
    ):
        return work.doubtful[pair]
    return ""


def _readers(work: Work, name: str) -> list[int]:
    """Lines that refer to a variable and stay as they are."""
    pattern = re.compile(rf"\$\{{?{re.escape(name)}\b")
    instructions = [i for i in work.dockerfile.instructions if i not in work.gone]
    changed = [(e.start, e.end) for e in work.edits if not pattern.search(e.text)]
    going = {i: [(p.start, p.end) for p in pairs] for i, pairs in work.removed.items()}
    lines: list[int] = []
    for instruction in instructions:
        dead = changed + going.get(instruction, [])
        lines += (
            work.file.line_at(match.start())
            for match in pattern.finditer(work.dockerfile.shell, instruction.start, instruction.end)
            if not any(start <= match.start() < end for start, end in dead)
        )
    return lines


def _lines_of(work: Work, instruction: Instruction) -> tuple[int, int]:
    text = work.file.text
    start = text.rfind("\n", 0, instruction.start) + 1 or int(text.startswith("\ufeff"))
    newline = text.find("\n", instruction.end)
    return start, newline + 1 if newline >= 0 else len(text)


def _instructions(work: Work, spans: Spans) -> Iterator[Edit]:
    """Yield edits for instructions that go or that get others before or after them."""
    for block in _blocks(work, spans):
        yield _block(work, block, spans)
    why = "uv and its settings come before their first use"
    for instruction in spans:
        before, after = work.before.get(instruction, []), work.after.get(instruction, [])
        if before and instruction not in work.gone:
            text, at = work.file.eol.join([*before, ""]), instruction.start
            yield Edit(work.file.path, at, at, text, f"{NAME}/uv", why)
        if after:
            text, at = work.file.eol.join(["", *after]), instruction.end
            yield Edit(work.file.path, at, at, text, f"{NAME}/variable", why)


def _blocks(work: Work, spans: Spans) -> Iterator[list[Instruction]]:
    """Yield instructions that go and have nothing but comments between them."""
    block: list[Instruction] = []
    for instruction, (start, _) in spans.items():
        if instruction not in work.gone:
            continue
        if block and _between(work.file.text[spans[block[-1]][1] : start], work, instruction):
            block.append(instruction)
            continue
        if block:
            yield block
        block = [instruction]
    if block:
        yield block


def _between(text: str, work: Work, following: Instruction) -> bool:
    """Whether two instructions that go are one block: a comment belongs to what comes instead."""
    if not work.before.get(following):
        return all(_COMMENT.match(line) for line in text.splitlines())
    return not text


def _block(work: Work, block: list[Instruction], spans: Spans) -> Edit:
    start, end = spans[block[0]][0], spans[block[-1]][1]
    lines = _merged([line for i in block for line in work.before.get(i, [])], work.separator)
    rule, why = work.gone[block[0]]
    if not lines:
        start, end = _with_comments(work, start, end, {i.keyword for i in block})
    text = work.file.eol.join([*lines, ""])
    if lines and not work.file.text[start:end].endswith("\n"):
        text = text.removesuffix(work.file.eol)
    return Edit(work.file.path, start, end, text, f"{NAME}/{rule}", why)


def _merged(lines: list[str], separator: str) -> list[str]:
    """Make one ENV of neighbours."""
    done: list[str] = []
    for line in lines:
        if done and line.startswith("ENV ") and done[-1].startswith("ENV "):
            done[-1] += separator + line.removeprefix("ENV ")
        else:
            done.append(line)
    return done


def _with_comments(work: Work, start: int, end: int, keywords: set[str]) -> tuple[int, int]:
    """Take the comment above with an instruction that goes, and a blank line left double.

    Instructions of one kind in a row may share it; of another kind, it would speak of the wrong.
    """
    text = work.file.text
    above = _comment_start(text, start)
    following = text[end:].split("\n", 1)[0].strip()
    alone = not following or following.startswith("#")
    if not alone and not _BANNER.search(text, above, start):
        alone = following.split()[0].upper() not in keywords
    if above < start and (alone or re.search(r"(?i)poetry", text[above:start])):
        start = above
    before_blank = start == 0 or text[:start].endswith(("\n\n", "\n\r\n"))
    if before_blank and not following and end < len(text):
        end = text.index("\n", end) + 1 if "\n" in text[end:] else len(text)
    return start, end


def _comment_start(text: str, at: int) -> int:
    """Return where the block of comment lines directly above begins."""
    while at:
        line = text.rfind("\n", 0, at - 1) + 1
        if not _COMMENT.match(text[line:at]) or _is_directive(text, line):
            break
        at = line
    return at


def _is_directive(text: str, line: int) -> bool:
    return line == 0 and bool(re.match(r"#\s*(?:syntax|escape|check)\s*=", text))


def _within(edit: Edit, whole: Iterable[Edit]) -> bool:
    return any(w.start <= edit.start and edit.end <= w.end and w.start < w.end for w in whole)


def _renamed_inside(work: Work, edit: Edit) -> Edit:
    text = edit.text
    for old, new in work.renamed.items():
        text = re.sub(rf"(\$\{{?){re.escape(old)}\b", rf"\g<1>{new}", text)
    return replace(edit, text=text) if text != edit.text else edit


def _renames(work: Work, made: list[Edit]) -> Iterator[Edit]:
    """Follow renamed variables and folders in what stays as it is."""
    names = ((re.escape(old), new) for old, new in work.renamed.items())
    wanted = [(rf"(?<=\$){old}\b|(?<=\$\{{){old}\b", new) for old, new in names]
    for old, new in work.folders.items():
        if old.startswith("/"):
            wanted.append((rf"(?<![\w/.-]){re.escape(old)}(?![\w.-])", new))
    for pattern, new in wanted:
        for instruction in work.dockerfile.instructions:
            start, end = instruction.start, instruction.end
            for match in re.finditer(pattern, work.dockerfile.shell[start:end]):
                at, stop = start + match.start(), start + match.end()
                if not any(e.start < stop and at < e.end for e in made):
                    why = "it has another name now"
                    yield Edit(work.file.path, at, stop, new, f"{NAME}/variable", why)


def _lock_names(work: Work) -> Iterator[Edit]:
    """Rename poetry.lock in comments."""
    for match in re.finditer(r"(?m)^[ \t]*#.*$", work.file.text):
        yield from renames(work.file, NAME, match.start(), match.end())


def _touches(edit: Edit, others: Iterable[Edit]) -> bool:
    return any(o.start < edit.end and edit.start < o.end for o in others)


def _comments(work: Work, made: list[Edit], spans: Spans) -> Iterator[Edit]:
    """Yield edits of one-line comments that say what the changed line below them did."""
    text = work.file.text
    for start, end in spans.values():
        if not any(start <= e.start < end for e in made):
            continue
        above = _comment_start(text, start)
        comment = text[above:start]
        found = _SAYS.match(comment)
        if not found or comment.count("\n") != 1 or _UNTRUE.search(found["rest"]):
            continue
        if any(e.start < start and above < e.end for e in made):
            continue
        at = above + found.start("word")
        why = "it speaks of the line below"
        yield Edit(work.file.path, at, at + len("poetry"), "uv", f"{NAME}/comment", why)
