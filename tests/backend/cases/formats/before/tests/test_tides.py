def test() -> None:
    assert True
