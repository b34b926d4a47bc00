"""Core metadata, field by field, by what it says and not by how it is spelled.

https://packaging.python.org/en/latest/specifications/core-metadata/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser

from unverse.proof.artifacts.differences import ArtifactDifference, Kind
from unverse.proof.artifacts.licences import implied, statement
from unverse.proof.artifacts.people import apart, people
from unverse.proof.artifacts.ranges import allowed
from unverse.proof.artifacts.requirements import Line, compare_requirements, read_lines
from unverse.standards.names import canonical

SPELLING = "spelled differently, means the same"
_LICENCE = "License ::"
_PYTHON = re.compile(r"Programming Language :: Python :: \d(\.\d+)?")
_POETRY = "poetry-core"
# Poetry writes this for a constraint with a hole; the author's upper bound is lost in it.
_MANGLED = "!=2.7.*"


@dataclass(frozen=True)
class Metadata:
    """The fields of a METADATA or PKG-INFO file: name in lower case -> values in their order.

    Attributes:
        generator: the backend that wrote it, such as `poetry-core 2.1.3`; empty if unknown.
    """

    fields: Mapping[str, tuple[str, ...]]
    generator: str = ""

    @classmethod
    def parse(cls, text: str, generator: str = "") -> Metadata:
        """Read the text of a METADATA or PKG-INFO file; anything is read as something."""
        message = HeaderParser().parsestr(text.replace("\r\n", "\n"))
        fields: dict[str, list[str]] = {}
        for name, value in message.items():
            fields.setdefault(name.lower(), []).append(str(value).strip())
        body = str(message.get_payload())
        if body.strip():
            fields["description"] = [body]
        return cls({name: tuple(values) for name, values in fields.items()}, generator)

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a field, without empty ones."""
        return tuple(value for value in self.fields.get(name.lower(), ()) if value.strip())

    def one(self, name: str) -> str:
        """Return the first value of a field, empty if there is none."""
        return next(iter(self.all(name)), "")


Found = Iterator[ArtifactDifference]


def compare_metadata(before: Metadata, after: Metadata) -> Found:
    """Yield what differs, also what only is spelled differently; that is explained."""
    seen = set(_APART)
    for compare in _GROUPS:
        yield from compare(before, after)
    for field, same in _SINGLE.items():
        seen.add(field.lower())
        yield from _single(field, before.one(field), after.one(field), same)
    for field, fold in _SETS.items():
        seen.add(field.lower())
        yield from _sets(field, before.all(field), after.all(field), fold)
    for name in sorted((before.fields.keys() | after.fields.keys()) - seen):
        yield from _sets(name.title(), before.all(name), after.all(name), str)


def _difference(field: str, before: str, after: str, explained: str = "") -> ArtifactDifference:
    return ArtifactDifference(Kind.METADATA, field, before, after, explained)


def _single(field: str, before: str, after: str, same: Callable[[str], object]) -> Found:
    if before != after:
        yield _difference(field, before, after, SPELLING if same(before) == same(after) else "")


def _sets(
    field: str, before: Iterable[str], after: Iterable[str], fold: Callable[[str], object]
) -> Found:
    ours, theirs = list(before), list(after)
    if sorted(ours) != sorted(theirs):
        equal = {fold(item) for item in ours} == {fold(item) for item in theirs}
        lost, new = set(ours) - set(theirs), set(theirs) - set(ours)
        yield _difference(field, _joined(lost), _joined(new), SPELLING if equal else "")


def _joined(items: Iterable[str]) -> str:
    return "; ".join(sorted(items))


def _either(texts: Iterable[str]) -> str:
    return " / ".join(filter(None, texts))


def _words(text: str) -> str:
    return " ".join(text.split())


def body_of(text: str) -> str:
    """Return a readme as it is compared: the newlines around it do not count."""
    return text.replace("\r\n", "\n").strip("\n")


def _content_type(text: str) -> tuple[str, frozenset[str]]:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    # Both are what is assumed without them.
    return kind, frozenset(parameters) - {"charset=utf-8", "variant=gfm"}


def _keywords(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def _version(text: str) -> object:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        return text


_SINGLE: Mapping[str, Callable[[str], object]] = {
    "Name": canonical,
    "Version": _version,
    "Summary": _words,
    "Description": body_of,
    "Description-Content-Type": _content_type,
    "Keywords": _keywords,
    "Download-URL": str,
}
_SETS: Mapping[str, Callable[[str], object]] = {"Provides-Extra": canonical}
_APART = frozenset(
    {
        *("metadata-version", "dynamic", "requires-python", "requires-dist", "project-url"),
        *("home-page", "license", "license-expression", "license-file", "classifier"),
        *("author", "author-email", "maintainer", "maintainer-email"),
    }
)


def _format(before: Metadata, after: Metadata) -> Found:
    ours, theirs = before.one("Metadata-Version"), after.one("Metadata-Version")
    if ours != theirs:
        why = "the version of the format, chosen by the backend"
        yield _difference("Metadata-Version", ours, theirs, why)


def _requires_python(before: Metadata, after: Metadata) -> Found:
    ours, theirs = before.one("Requires-Python"), after.one("Requires-Python")
    if ours == theirs:
        return
    if allowed(ours) == allowed(theirs):
        why = SPELLING
    elif _MANGLED in ours and _POETRY in before.generator:
        why = "poetry-core lost the author's own bounds in a set with a hole"
    else:
        why = ""
    yield _difference("Requires-Python", ours, theirs, why)


def _requires_dist(before: Metadata, after: Metadata) -> Found:
    written = before.all("Requires-Dist"), after.all("Requires-Dist")
    if sorted(written[0]) == sorted(written[1]):
        return
    (ours, broken), (theirs, refused) = map(read_lines, written)
    if set(broken) != set(refused):
        yield _mended(set(broken), set(refused), ours, theirs)
    names = {_bare(text) for text in (*broken, *refused)}
    extras = {*before.all("Provides-Extra"), *after.all("Provides-Extra")}
    pythons = before.one("Requires-Python")
    found = [
        item
        for item in compare_requirements(ours, theirs, extras, pythons)
        if item.name not in names
    ]
    for item in found:
        place = f"Requires-Dist of {item.name} ({item.where})"
        yield _difference(place, item.before, item.after, _local(item.before, item.after))
    if not found and not names:
        lost, new = set(written[0]) - set(written[1]), set(written[1]) - set(written[0])
        yield _difference("Requires-Dist", _joined(lost), _joined(new), SPELLING)


def _mended(
    broken: set[str], refused: set[str], ours: tuple[Line, ...], theirs: tuple[Line, ...]
) -> ArtifactDifference:
    """Compare requirements of which one side at least is no PEP 508, by their names."""
    lost, new = broken - refused, refused - broken
    names = {_bare(text) for text in lost | new}
    before = lost | {line.text for line in ours if line.name in names}
    after = new | {line.text for line in theirs if line.name in names}
    there = {_bare(text) for text in lost} <= {line.name for line in theirs}
    why = "the requirement before is no PEP 508" if there and not new else ""
    return _difference("Requires-Dist", _joined(before), _joined(after), why)


def _local(before: str, after: str) -> str:
    if "@ file://" in before and after and "@" not in after:
        return "Poetry published a path of the machine that built it"
    return ""


def _bare(text: str) -> str:
    return canonical(re.split(r"[^\w.-]", text.strip(), maxsplit=1)[0])


def _urls(before: Metadata, after: Metadata) -> Found:
    ours, theirs = _labelled(before), _labelled(after)
    if ours != theirs:
        folded = [{(label.lower(), url) for label, url in urls} for urls in (ours, theirs)]
        lost, new = (
            _joined(", ".join(pair) for pair in one - other)
            for one, other in ((ours, theirs), (theirs, ours))
        )
        yield _difference("Project-URL", lost, new, SPELLING if folded[0] == folded[1] else "")


def _labelled(metadata: Metadata) -> set[tuple[str, str]]:
    pairs = (value.partition(",") for value in metadata.all("Project-URL"))
    found = {(label.strip(), url.strip()) for label, _, url in pairs}
    return found | {("Homepage", url) for url in metadata.all("Home-page")}


def _licence(before: Metadata, after: Metadata) -> Found:
    ours, theirs = _stated(before), _stated(after)
    written = [[m.one("License-Expression"), m.one("License")] for m in (before, after)]
    if ours != theirs:
        yield _difference("License", ours, theirs)
    elif written[0] != written[1]:
        yield _difference("License", _either(written[0]), _either(written[1]), SPELLING)
    files = _files(before), _files(after)
    if files[0] != files[1]:
        # poetry-core named no files before 2.2; whether they are there, the list of files says.
        why = "" if files[0] else "the files are named now (PEP 639)"
        yield _difference("License-File", _joined(files[0]), _joined(files[1]), why)


def _files(metadata: Metadata) -> set[str]:
    return set(metadata.all("License-File"))


def _stated(metadata: Metadata) -> str:
    one = metadata.one
    return statement(one("License-Expression"), one("License"), metadata.all("Classifier"))


def _classifiers(before: Metadata, after: Metadata) -> Found:
    ours, theirs = before.all("Classifier"), after.all("Classifier")
    if ours == theirs:
        return
    lost, new = set(ours) - set(theirs), set(theirs) - set(ours)
    # A classifier that the licence implies says nothing of its own (PEP 639 forbids it).
    told = implied(_stated(before)) if _stated(before) == _stated(after) else frozenset()
    if left := (lost | new) - told:
        why = _newer(before, after) if all(_PYTHON.fullmatch(item) for item in left) else ""
        yield _difference("Classifier", _joined(lost), _joined(new), why)
    elif lost or new:
        why = "implied by the licence"
        yield _difference("Classifier", _joined(lost), _joined(new), why)


def _newer(before: Metadata, after: Metadata) -> str:
    """Explain Pythons that one version of poetry-core knows and another does not."""
    both = before.generator, after.generator
    if before.generator == after.generator or not all(_POETRY in name for name in both):
        return ""
    return f"{both[1]} knows other Pythons than {both[0]}"


def _authors(before: Metadata, after: Metadata) -> Found:
    for field in ("Author", "Maintainer"):
        fields = (field, f"{field}-email")
        written = [[m.one(name) for name in fields] for m in (before, after)]
        ours, theirs = (people(*pair) for pair in written)
        if written[0] == written[1]:
            continue
        if ours == theirs or apart(ours) == apart(theirs):
            why = SPELLING
        elif ours and ours < theirs:
            why = "all of them are listed now, Poetry published only the first"
        else:
            why = ""
        yield _difference(field, _either(written[0]), _either(written[1]), why)


_GROUPS = (
    _format,
    _requires_python,
    _requires_dist,
    _urls,
    _licence,
    _classifiers,
    _authors,
)
