"""Metadata, field by field: what means the same, what is explained, what is a difference."""

from __future__ import annotations

import pytest
from poetry.core.spdx.helpers import license_by_id
from poetry.core.spdx.license import License

from unverse.proof.artifacts.differences import ArtifactDifference
from unverse.proof.artifacts.licences import implied, statement
from unverse.proof.artifacts.metadata import Metadata, compare_metadata

HEAD = "Metadata-Version: 2.4\nName: demo\n"
OLD, NEW = "poetry-core 1.9.1", "poetry-core 2.5.0"
UV = "uv 0.13.6"
MIT = "Classifier: License :: OSI Approved :: MIT License"
APACHE = "Classifier: License :: OSI Approved :: Apache Software License"
PYTHON = "Classifier: Programming Language :: Python ::"


def differences(
    before: str, after: str, generators: tuple[str, str] = (NEW, UV)
) -> list[ArtifactDifference]:
    sides = [
        Metadata.parse(f"{HEAD}{text}\n", g)
        for text, g in zip((before, after), generators, strict=True)
    ]
    return list(compare_metadata(*sides))


SAME = {
    "order of requirements": (
        "Requires-Dist: a\nRequires-Dist: b",
        "Requires-Dist: b\nRequires-Dist: a",
    ),
    "order of classifiers": (f"{PYTHON} 3\n{MIT}", f"{MIT}\n{PYTHON} 3"),
    "an empty summary": ("Summary: ", ""),
    "line endings": ("Summary: x\n\n# Demo\r\n\r\nText\r\n", "Summary: x\n\n# Demo\n\nText\n"),
}

SPELLED = {
    "Requires-Python with a space": ("Requires-Python: >=3.9,<4.0", "Requires-Python: >=3.9, <4"),
    "Requires-Python with a hole": (
        "Requires-Python: >=3.9,<3.14,!=3.10.*",
        "Requires-Python: !=3.10.*, <3.14, >=3.9",
    ),
    "parentheses": ("Requires-Dist: a (>=1,<2)", "Requires-Dist: a<2,>=1"),
    "zeros": ("Requires-Dist: a>=1.0,<2.0.0", "Requires-Dist: a>=1,<2"),
    "compatible release": ("Requires-Dist: a~=1.4", "Requires-Dist: a>=1.4,<2"),
    "name of a requirement": ("Requires-Dist: ruamel.yaml>=1", "Requires-Dist: ruamel-yaml>=1"),
    "order of extras": ("Requires-Dist: a[x,y]", "Requires-Dist: a[y,x]"),
    "the system": (
        'Requires-Dist: a; platform_system == "Windows"',
        'Requires-Dist: a; sys_platform == "win32"',
    ),
    "python_full_version": (
        'Requires-Dist: a; python_version < "3.11"',
        "Requires-Dist: a; python_full_version < '3.11'",
    ),
    "one line for two extras": (
        'Provides-Extra: x\nProvides-Extra: y\nRequires-Dist: a>=1; extra == "x" or extra == "y"',
        "Provides-Extra: x\nProvides-Extra: y\n"
        'Requires-Dist: a>=1; extra == "x"\nRequires-Dist: a>=1; extra == "y"',
    ),
    "a marker on two lines": (
        'Requires-Dist: a>=1,<3; python_version >= "3.9"',
        'Requires-Dist: a<3; python_version >= "3.9"\n'
        'Requires-Dist: a>=1; python_version >= "3.10"\n'
        'Requires-Dist: a>=1; python_version == "3.9"',
    ),
    "an address": (
        "Requires-Dist: a @ https://x.org/a%2Bb.whl",
        "Requires-Dist: a @ https://x.org/a+b.whl",
    ),
    "keywords": ("Keywords: b,a", "Keywords: a, b"),
    "labels of addresses": (
        "Project-URL: homepage, https://x.org",
        "Project-URL: Homepage, https://x.org",
    ),
    "name of an extra": ("Provides-Extra: test_it", "Provides-Extra: test-it"),
    "licence as expression": (f"License: MIT\n{MIT}", "License-Expression: MIT"),
    "case of the licence": ("License: mit", "License-Expression: MIT"),
    "deprecated id": ("License: GPL-3.0", "License-Expression: GPL-3.0-only"),
    "deprecated id with plus": ("License: LGPL-2.1+", "License-Expression: LGPL-2.1-or-later"),
    "licence text": ("License: Some\n         text", "License: Some\n        text"),
    "person": ("Author: Ada\nAuthor-email: a@x.org", "Author-email: Ada <a@x.org>"),
    "person with a comma": (
        "Author: Network, LLC\nAuthor-email: a@x.org",
        'Author-email: "Network, LLC" <a@x.org>',
    ),
    "maintainer": ("Maintainer: Ada\nMaintainer-email: a@x.org", "Maintainer-email: Ada <a@x.org>"),
    "several names": ("Author: Ada, Bob", "Author: Ada,Bob"),
    "charset": (
        "Description-Content-Type: text/markdown",
        "Description-Content-Type: text/markdown; charset=UTF-8",
    ),
    "newlines around the description": ("\n# Demo\n", "\n# Demo\n\n\n"),
}

EXPLAINED = {
    "all authors": (
        "Author: Ada\nAuthor-email: a@x.org",
        "Author-email: Ada <a@x.org>, Bob <b@x.org>",
        "only the first",
    ),
    "licence files named": ("", "License-File: LICENSE", "PEP 639"),
    "classifier of the licence": (
        f"License: Apache-2.0\n{APACHE}",
        "License: Apache-2.0",
        "implied by the licence",
    ),
    "mangled Pythons": (
        "Requires-Python: >=3.9, !=2.7.*, !=3.9.7, !=3.15.*",
        "Requires-Python: >=3.9.2,<3.14,!=3.9.7",
        "lost the author's own bounds",
    ),
    "path": (
        "Requires-Dist: a @ file:///home/ada/a ; extra == 'x'",
        "Requires-Dist: a ; extra == 'x'",
        "a path of the machine",
    ),
    "Poetry's own mistake": (
        "Requires-Dist: a (>=7,<8 || ==9.*)",
        "Requires-Dist: a>=7,<10,!=8.*",
        "no PEP 508",
    ),
}

DIFFERENT = {
    "Summary": ("Summary: one", "Summary: two"),
    "Version": ("Version: 1", "Version: 2"),
    "Requires-Python": ("Requires-Python: >=3.9", "Requires-Python: >=3.10"),
    "Requires-Dist of a": ("Requires-Dist: a>=1", "Requires-Dist: a>=2"),
    "Requires-Dist of b": ("Requires-Dist: a\nRequires-Dist: b", "Requires-Dist: a"),
    "Requires-Dist of c": ("Requires-Dist: c[x]", "Requires-Dist: c"),
    "Requires-Dist of d": (
        'Requires-Dist: d; sys_platform == "win32"',
        'Requires-Dist: d; sys_platform == "emscripten"',
    ),
    "Requires-Dist of e": (
        'Provides-Extra: x\nRequires-Dist: e; extra == "x"',
        "Provides-Extra: x\nRequires-Dist: e",
    ),
    "Requires-Dist of f": (
        "Requires-Dist: f @ https://x.org/1",
        "Requires-Dist: f @ https://x.org/2",
    ),
    "Requires-Dist of g": (
        'Requires-Dist: g; platform_machine == "ppc64le"',
        'Requires-Dist: g; platform_machine == "s390x"',
    ),
    "Requires-Dist of h": (
        'Requires-Dist: h; python_full_version < "3.11.4"',
        'Requires-Dist: h; python_full_version < "3.11.5"',
    ),
    "Requires-Dist of i": ("Requires-Dist: i==1.0", "Requires-Dist: i===1.0"),
    "Requires-Dist": ("Requires-Dist: a>=7", "Requires-Dist: a (>=7,<8 || ==9.*)"),
    "Provides-Extra": ("Provides-Extra: x", ""),
    "Keywords": ("Keywords: a,b", "Keywords: a"),
    "Project-URL": ("Project-URL: Homepage, https://x.org", "Project-URL: Homepage, https://y.org"),
    "License": ("License: MIT", "License-Expression: Apache-2.0"),
    "License-File": ("License-File: LICENSE\nLicense-File: NOTICE", "License-File: LICENSE"),
    "Classifier": (f"{PYTHON} 3.9", f"{PYTHON} 3.10"),
    "Author": ("Author: Ada\nAuthor-email: a@x.org", "Author-email: Bob <b@x.org>"),
    "Maintainer": ("Maintainer: Ada", ""),
    "Description": ("\n# Demo\n", "\n# Another\n"),
    "Description-Content-Type": (
        "Description-Content-Type: text/markdown",
        "Description-Content-Type: text/x-rst",
    ),
    "Platform": ("Platform: any", ""),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same(case: str) -> None:
    before, after = SAME[case]
    assert differences(before, after) == []


@pytest.mark.parametrize("case", SPELLED)
def test_spelled_differently(case: str) -> None:
    before, after = SPELLED[case]
    for pair in ((before, after), (after, before)):
        found = differences(*pair)
        assert found and {item.explained for item in found} <= {
            "spelled differently, means the same",
            "implied by the licence",
        }, found


@pytest.mark.parametrize("case", EXPLAINED)
def test_explained(case: str) -> None:
    before, after, why = EXPLAINED[case]
    (found,) = differences(before, after)
    assert why in found.explained
    assert not all(item.explained for item in differences(after, before)) or "licence" in case


@pytest.mark.parametrize("field", DIFFERENT)
def test_different(field: str) -> None:
    before, after = DIFFERENT[field]
    for pair in (
        ((before, after), (after, before)) if field != "Requires-Dist" else (DIFFERENT[field],)
    ):
        found = [item for item in differences(*pair) if not item.explained]
        assert [item.path_or_field.partition(" (")[0] for item in found] == [field]
        assert str(found[0])


def test_where_a_requirement_differs_is_said() -> None:
    before = 'Requires-Dist: a>=1; python_version < "3.10" and extra == "x"'
    (found,) = differences(before, "", (NEW, NEW))
    assert found.path_or_field == "Requires-Dist of a (extra x, Python 2.7.0 on linux x86_64)"
    assert (found.before, found.after) == (before.partition(": ")[2], "")


def test_requirements_count_where_the_project_can_be_installed() -> None:
    pythons = "Requires-Python: >=3.11,<4.0\n"
    before = pythons + 'Requires-Dist: a ; python_version >= "3.11" and python_version < "4.0"'
    (found,) = differences(before, f"{pythons}Requires-Dist: a")
    assert found.explained == "spelled differently, means the same"
    (found,) = differences(f"{pythons}Requires-Dist: a", f"{pythons}Requires-Dist: b")[:1]
    assert found.path_or_field == "Requires-Dist of a (Python 3.11.0 on linux x86_64)"
    for nobody in (">=3.99", "mangled"):
        pythons = f"Requires-Python: {nobody}\n"
        assert not differences(f"{pythons}Requires-Dist: a", pythons)[0].explained


def test_a_requirement_that_was_none_must_not_vanish() -> None:
    broken = "Requires-Dist: torch (>=2.4.0+cu118,<3.0.0)"
    (found,) = differences(broken, "Requires-Dist: torch<3,>=2.4")
    assert found.explained and found.after == "torch<3,>=2.4"
    (found,) = differences(f"Requires-Dist: a\n{broken}", "Requires-Dist: a")
    assert not found.explained


def test_another_poetry_core_knows_other_pythons() -> None:
    pair = (f"{PYTHON} 3.11", f"{PYTHON} 3.11\n{PYTHON} 3.14")
    (found,) = differences(*pair, (OLD, NEW))
    assert found.explained == "poetry-core 2.5.0 knows other Pythons than poetry-core 1.9.1"
    for generators in ((NEW, NEW), (NEW, UV)):
        assert not differences(*pair, generators)[0].explained
    more = f"{pair[1]}\nClassifier: Typing :: Typed"
    assert not differences(pair[0], more, (OLD, NEW))[0].explained


def test_a_classifier_that_the_licence_does_not_imply_is_missed() -> None:
    (found,) = differences(f"License: MIT\n{APACHE}", "License: MIT")
    assert not found.explained


def test_the_format_is_told_and_explained() -> None:
    sides = [Metadata.parse(f"Metadata-Version: {number}\n") for number in ("2.3", "2.4")]
    (found,) = compare_metadata(*sides)
    assert found.path_or_field == "Metadata-Version" and found.explained


def test_an_unquoted_comma_is_two_people() -> None:
    before = "Author: Network to Code, LLC\nAuthor-email: x@y.org"
    (found,) = differences(before, "Author-email: Network to Code, LLC <x@y.org>")
    assert not found.explained


# Names in poetry-core's list that are no SPDX ids.
_MADE_UP = {"AFPL", "MPL-1.2", "ZPL-1.0"}


@pytest.mark.parametrize(
    "spdx", [*sorted(License.CLASSIFIER_SUPPORTED - _MADE_UP), "ISC", "0BSD", "NTP"]
)
def test_poetry_core_writes_no_classifier_that_the_licence_does_not_imply(spdx: str) -> None:
    assert license_by_id(spdx).classifier in implied(statement("", spdx, ()))
