"""The default index of Poetry and uv: the one place that names its address."""

from __future__ import annotations

HOST = "pypi.org"
FORMER_HOST = "pypi.python.org"
HOSTS = frozenset({HOST, FORMER_HOST})
SIMPLE = f"https://{HOST}/simple"
