from __future__ import annotations

import re

from unverse.pins import pins


def test_pins_are_full_releases() -> None:
    known = pins()
    assert re.fullmatch(r"\d+\.\d+\.\d+", known.uv)
    assert re.fullmatch(r"v\d+\.\d+\.\d+", known.setup_uv.tag)
    assert re.fullmatch(r"[0-9a-f]{40}", known.setup_uv.commit)
    assert re.fullmatch(r"\d+\.\d+\.\d+", known.copier)
    assert known.image.endswith(f"/uv:{known.uv}")
