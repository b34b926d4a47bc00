"""`poetry env remove`: only the environment that is meant goes."""

from __future__ import annotations

import pytest
from launchers import Shimmed, program

pytestmark = pytest.mark.slow  # processes


@pytest.mark.parametrize(
    ("named", "goes"),
    [
        ("--all", True),
        ("3.12", True),
        ("python3.12", True),
        ("bikes-O3eWbxRl-py3.12", True),
        ("3.7", False),
        ("/usr/bin/python3.1", False),
    ],
)
def test_the_python_counts(shimmed: Shimmed, named: str, goes: bool) -> None:
    config = program(shimmed.project / ".venv" / "pyvenv.cfg", "uv = 0.13\nversion_info = 3.12.4\n")
    result = shimmed.run("poetry", "env", "remove", named)
    assert (result.returncode, config.exists()) == ((0, False) if goes else (64, True))
