from __future__ import annotations

import pytest

from unverse.errors import UsageError
from unverse.scaffold.questions import Wish, questions


def test_every_question_that_is_asked_has_a_default() -> None:
    known = questions()
    assert known.asked == (
        "name",
        "description",
        "author",
        "email",
        "licence",
        "python",
        "github",
        "tasks",
        "features",
    )
    assert set(known.usual) < set(known.features)


def test_nothing_said_is_nothing_answered() -> None:
    assert Wish.of([], "", "").answers(questions().usual) == {}


@pytest.mark.parametrize(
    ("data", "added", "removed", "before", "features"),
    [
        ([], "dask", "", ["docs"], ["docs", "dask"]),
        ([], "dask,ray", "docs", ["docs"], ["dask", "ray"]),
        ([], "docs", "", ["docs"], ["docs"]),
        ([], "", "dask", ["docs"], ["docs"]),
        (["features=[]"], "", "", ["docs"], []),
        (["features=[ray, 'explain']"], "", "", ["docs"], ["explain", "ray"]),
        (["features=ray"], "gpu", "", ["docs"], ["ray", "gpu"]),
    ],
)
def test_features(
    data: list[str], added: str, removed: str, before: list[str], features: list[str]
) -> None:
    assert Wish.of(data, added, removed).answers(before) == {"features": features}


def test_an_answer_may_hold_anything() -> None:
    wish = Wish.of(["description=a = b", "name=x", "name=y"], "", "")
    assert wish.answers([]) == {"description": "a = b", "name": "y"}


@pytest.mark.parametrize(
    ("data", "added", "removed", "message"),
    [
        (["nmae=x"], "", "", "no question `nmae`"),
        (["package=x"], "", "", "no question `package`"),
        (["_src_path=x"], "", "", "no question `_src_path`"),
        (["name"], "", "", "has no value"),
        (["features=[dsak]"], "", "", "no feature `dsak`"),
        ([], "dsak", "", "no feature `dsak`"),
        ([], "", "docs,dsak", "no feature `dsak`"),
    ],
)
def test_what_there_is_not(data: list[str], added: str, removed: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        Wish.of(data, added, removed)
    assert caught.value.hint


def test_with_and_without_the_same() -> None:
    with pytest.raises(UsageError, match="`dask` is named by both"):
        Wish.of([], "dask", "dask").answers([])
