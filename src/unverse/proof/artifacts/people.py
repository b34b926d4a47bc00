"""Authors and maintainers, who stand in two fields each."""

from __future__ import annotations

from email.utils import getaddresses

Person = tuple[str, str]  # name and mail, either of which may be empty


def people(names: str, mails: str) -> frozenset[Person]:
    """Return the people of `Author` and `Author-email` (or of the two fields of maintainers).

    One name and one bare address are one person (Poetry); `Name <address>` is one by itself
    (uv_build, hatchling), whether or not the name stands in the other field, too. Several names
    without addresses are joined by commas, and a name may hold one, so they are taken apart only
    where the whole is nobody's.
    """
    found = [(" ".join(name.split()), mail.strip()) for name, mail in getaddresses([mails])]
    found = [person for person in found if any(person)]
    whole = " ".join(names.split())
    if not whole:
        return frozenset(found)
    if len(found) == 1 and not found[0][0]:
        return frozenset({(whole, found[0][1])})
    named = {name for name, _ in found}
    if whole in named:
        return frozenset(found)
    parts = [part.strip() for part in whole.split(",")] if named else [whole]
    return frozenset([*found, *((part, "") for part in parts if part and part not in named)])


def apart(group: frozenset[Person]) -> frozenset[Person]:
    """Return the group with names that hold commas taken apart."""
    return frozenset(
        (part.strip(), mail) for name, mail in group for part in (name.split(",") if name else [""])
    )
