"""The folders of cases are data, though some hold tests."""

from __future__ import annotations

collect_ignore_glob = ["*/*/before/*", "*/*/after/*"]
