"""What a distribution says of its licence, in three places that overlap.

`License-Expression` (PEP 639), `License`, and the classifiers below `License ::`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# `GPL-3.0` alone says less than its two successors; Poetry publishes it as the first.
_DEPRECATED = re.compile(r"\b((?:A|L)?GPL-\d\.\d)(\+?)(?![\w.+-])")
_GNU = re.compile(r"(A|L)?GPL-(\d)\.(\d)-(only|or-later)")
_OSI = "License :: OSI Approved"
# SPDX ids, up to a version, and the last part of the classifier; https://pypi.org/classifiers/.
_LEAVES = (
    (r"MIT(-\d)?", "MIT License"),
    (r"Apache-.*", "Apache Software License"),
    (r"BSD-.*", "BSD License"),
    (r"MPL-1\.0", "Mozilla Public License 1.0 (MPL)"),
    (r"MPL-1\.1", "Mozilla Public License 1.1 (MPL 1.1)"),
    (r"MPL-2\.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    (r"ISC", "ISC License (ISCL)"),
    (r"Unlicense", "The Unlicense (Unlicense)"),
    (r"Zlib", "zlib/libpng License"),
    (r"PSF-2\.0|Python-2\.0.*", "Python Software Foundation License"),
    (r"BSL-1\.0", "Boost Software License 1.0 (BSL-1.0)"),
    (r"EPL-1\.0", "Eclipse Public License 1.0 (EPL-1.0)"),
    (r"EPL-2\.0", "Eclipse Public License 2.0 (EPL-2.0)"),
    (r"EUPL-1\.1", "European Union Public Licence 1.1 (EUPL 1.1)"),
    (r"EUPL-1\.2", "European Union Public Licence 1.2 (EUPL 1.2)"),
    (r"Artistic-.*", "Artistic License"),
    (r"AFL-.*", "Academic Free License (AFL)"),
    (r"CECILL-2\.1", "CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)"),
    (r"CDDL-1\.0", "Common Development and Distribution License 1.0 (CDDL-1.0)"),
    (r"W3C", "W3C License"),
    (r"ZPL-.*", "Zope Public License"),
    (r"AAL", "Attribution Assurance License"),
    (r"APSL-.*", "Apple Public Source License"),
    (r"CPL-1\.0", "Common Public License"),
    (r"EFL-.*", "Eiffel Forum License"),
    (r"Nokia", "Nokia Open Source License"),
)
_NOT_APPROVED = (
    (r"CC0-1\.0", "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication"),
    (r"CECILL-B", "CeCILL-B Free Software License Agreement (CECILL-B)"),
    (r"CECILL-C", "CeCILL-C Free Software License Agreement (CECILL-C)"),
    (r"NPL-.*", "Netscape Public License (NPL)"),
    (r"Aladdin", "Aladdin Free Public License (AFPL)"),
)
# What poetry-core writes for an id without a classifier of its own.
_VAGUE = frozenset({_OSI, "License :: Other/Proprietary License"})


def statement(expression: str, text: str, classifiers: Iterable[str]) -> str:
    """Return the licence as an SPDX expression, or the text as it is if it is none."""
    written = " ".join((expression or text).split())
    if not written:
        found = {spdx for classifier in classifiers for spdx in _ids(classifier)}
        return found.pop() if len(found) == 1 else ""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return _DEPRECATED.sub(_successor, canonicalize_license_expression(written))
    except InvalidLicenseExpression:
        return written


def _successor(match: re.Match[str]) -> str:
    return f"{match[1]}-{'or-later' if match[2] else 'only'}"


def implied(spdx: str) -> frozenset[str]:
    """Return the classifiers that say no more than an SPDX expression does."""
    ids = set(re.split(r"\s+(?:OR|AND|WITH)\s+|[()\s]+", spdx)) - {""}
    return frozenset().union(_VAGUE, *map(_classifiers, ids))


def _classifiers(spdx: str) -> set[str]:
    if gnu := _GNU.fullmatch(spdx):
        return {f"{_OSI} :: {_gnu(gnu)}"}
    tables = ((_OSI, _LEAVES), ("License", _NOT_APPROVED))
    found = ((root, leaf, pattern) for root, table in tables for pattern, leaf in table)
    return {f"{root} :: {leaf}" for root, leaf, pattern in found if re.fullmatch(pattern, spdx)}


def _gnu(match: re.Match[str]) -> str:
    kind, number = match[1] or "", match[2] + (f".{match[3]}" if match[3] != "0" else "")
    name = {"A": "GNU Affero", "L": "GNU Lesser", "": "GNU"}[kind]
    later, plus = (" or later", "+") if match[4] == "or-later" else ("", "")
    short = "" if kind == "A" and not later else f" ({kind}GPLv{number}{plus})"
    return f"{name} General Public License v{number}{later}{short}"


def _ids(classifier: str) -> tuple[str, ...]:
    """Return the SPDX id for which a classifier stands, if there is only one."""
    exact = [p.replace("\\", "") for p, _ in _LEAVES if re.fullmatch(r"[\w-]+(\\\.\w+)?", p)]
    gnu = [
        f"{k}GPL-{n}-{w}" for k in ("", "A", "L") for n in _NUMBERS for w in ("only", "or-later")
    ]
    return tuple(spdx for spdx in ("MIT", *exact, *gnu) if classifier in _classifiers(spdx))


_NUMBERS = ("2.0", "2.1", "3.0")
