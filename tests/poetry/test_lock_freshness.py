from __future__ import annotations

import hashlib
import json

import pytest
from locks import entry, flat, poetry_lock, project

from unverse.poetry.freshness import content_hash, is_fresh, unmet


def digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def test_a_project_of_1_x_counts_absent_keys_as_null() -> None:
    poetry = {"name": "a", "dependencies": {"python": "^3.11"}}
    content = {
        "dependencies": {"python": "^3.11"},
        "source": None,
        "extras": None,
        "dev-dependencies": None,
    }
    assert content_hash({"tool": {"poetry": poetry}}) == digest(content)
    poetry["group"] = {"dev": {}}
    assert content_hash({"tool": {"poetry": poetry}}) == digest(content | {"group": {"dev": {}}})


def test_a_project_of_2_x_counts_what_is_there() -> None:
    document = {
        "project": {"name": "a", "dependencies": ["b"], "requires-python": ">=3.11"},
        "tool": {"poetry": {"source": [{"name": "x"}], "packages": []}},
    }
    content = {
        "project": {"dependencies": ["b"], "requires-python": ">=3.11"},
        "tool": {"poetry": {"source": [{"name": "x"}]}},
    }
    assert content_hash(document) == digest(content)


def test_either_hash_will_do_for_dependency_groups() -> None:
    document = {"project": {"dependencies": []}, "dependency-groups": {"dev": ["a"]}}
    new, old = content_hash(document), content_hash(document, dependency_groups=False)
    assert new != old
    assert is_fresh(poetry_lock(content=new), document)
    assert is_fresh(poetry_lock(content=old), document)
    assert not is_fresh(poetry_lock(content="0"), document)
    assert not is_fresh(poetry_lock(), document)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('a = "^1.2"', ""),
        ('a = "==1.2+cpu"', "`a==1.2+cpu` of group `main` is locked at 1.2.3"),
        ('a = "^2"', "`a>=2,<3` of group `main` is locked at 1.2.3"),
        ('A_b = "*"', "`A_b` of group `main` is not locked"),
        ('b = {version = ">1", extras = ["X"]}', "`b[x]>1` of group `main` is locked at 1.0"),
        ('a = {git = "https://example.org/a"}', "`a` of group `main` is locked at 1.2.3"),
        ('c = {path = "../c"}', ""),
        ('p = ">=1"', "`p>=1` of group `main` is locked at 1.0a1"),
        ('p = ">=1.0a0"', ""),
    ],
)
def test_what_the_lock_does_not_satisfy(line: str, message: str) -> None:
    here = {"type": "directory", "url": "../c"}
    lock = poetry_lock(flat("a", "1.2.3"), flat("b"), flat("c", source=here), flat("p", "1.0a1"))
    assert "; ".join(map(str, unmet(lock, project(line)))) == message


def test_groups_are_looked_at_with_what_they_include() -> None:
    rest = '[tool.poetry.group.a.dependencies]\nx = "*"\n'
    rest += '[tool.poetry.group.b]\ninclude-groups = ["a"]\n'
    found = unmet(poetry_lock(entry("y"), version="2.0"), project("", rest))
    assert [(miss.group, miss.name, miss.locked) for miss in found] == [
        ("a", "x", ()),
        ("b", "x", ()),
    ]
