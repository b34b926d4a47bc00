"""Findings in documents: links to headings that are not there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from unverse.proof.findings import Finding
from unverse.syntax.markdown import code, headings

_LINK = re.compile(r"\]\((?P<file>[\w./-]*\.md)?#(?P<anchor>[\w%-]+)\)|href=\"#(?P<html>[\w-]+)\"")
_NAMED = re.compile(r"<a\s+(?:id|name)=[\"']([\w-]+)|\{#([\w-]+)\}|id=[\"']([\w-]+)")
_OURS = re.compile(r"(?i)poetry|(?:^|-)uv(?:-|$)")


def anchors(text: str) -> frozenset[str]:
    """Return the anchors that GitHub and MkDocs give to the headings of a Markdown text."""
    lines = text.split("\n")
    found: dict[str, int] = {}
    names = {group for match in _NAMED.finditer(text) for group in match.groups() if group}
    for number in sorted(headings(text)):
        title = re.sub(r"^[ \t>]*#+[ \t]*|[ \t]*#*[ \t]*\r?$", "", lines[number - 1])
        title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = re.sub(r"[^\w\- ]", "", title.lower()).strip()
        for name in {slug.replace(" ", "-"), re.sub(r"[-\s]+", "-", slug)}:
            count = found.get(name, 0)
            found[name] = count + 1
            names |= {name, f"{name}-{count}", f"{name}_{count}"}
    return frozenset(names)


def dead_links(texts: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Finding]:
    """Yield links that lead nowhere.

    Args:
        texts: the Markdown files as they are.
        before: as they were; a link whose anchor was there is told whatever its name. Without
            them, only a link that names one of the tools is.
    """
    known = {path: anchors(text) for path, text in texts.items()}
    old = {path: anchors(text) for path, text in before.items()}
    for path, text in texts.items():
        inside = [(piece.start, piece.end) for piece in code(text)]
        for match in _LINK.finditer(text):
            if any(start <= match.start() < end for start, end in inside):
                continue
            anchor = (match["anchor"] or match["html"]).lower()
            there = posixpath.join(posixpath.dirname(path), match["file"] or "")
            target = posixpath.normpath(there) if match["file"] else path
            if target not in known or anchor in known[target]:
                continue
            if anchor in old.get(target, ()) or (not before and _OURS.search(anchor)):
                line = text.count("\n", 0, match.start()) + 1
                message = f"no heading of `{target}` is called `#{anchor}` any more"
                yield Finding(path, line, "dead/anchor", message)
