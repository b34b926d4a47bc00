from __future__ import annotations

from locks import flat, poetry_lock, project, uv_entry, uv_lock

from unverse.poetry.freshness import content_hash
from unverse.proof.claims import Verdict
from unverse.proof.lock import compare
from unverse.proof.lock_claims import lock_claims

ROOT = 'dependencies = [{ name = "a" }]'
FILES = [{"file": "a-1.tar.gz", "hash": "sha256:1"}, {"file": "a-1.exe", "hash": "sha256:2"}]
SDIST = 'sdist = {{ url = "https://x/a-1.tar.gz", hash = "sha256:{}" }}'


def test_what_holds() -> None:
    own = project('a = "*"')
    lock = poetry_lock(flat("a", "1", files=FILES), content=content_hash(own.document))
    packages, hashes = lock_claims(
        compare(lock, own, uv_lock(ROOT, uv_entry("a", "1", SDIST.format(1))))
    )
    assert packages.verdict is hashes.verdict is Verdict.HOLDS
    assert packages.evidence == "18 environments, 1 selection of groups and extras, 1 package"
    assert packages.details == ()
    assert hashes.evidence == "1 file with equal hashes, 1 only in poetry.lock"
    assert hashes.details == ("format that uv does not install: 1",)


def test_what_fails() -> None:
    own = project('a = "*"\nb = ">1"')
    lock = poetry_lock(flat("a", "1", files=FILES), flat("b", "1"))
    uv = uv_lock(
        'dependencies = [{ name = "a" }, { name = "b" }]',
        uv_entry("a", "1", SDIST.format(3)),
        uv_entry("b", "2"),
        uv_entry("b", "3"),
    )
    packages, hashes = lock_claims(compare(lock, own, uv))
    assert packages.verdict is hashes.verdict is Verdict.FAILS
    assert packages.details[0] == "uv.lock holds `b` twice in one environment"
    assert packages.details[-1] == "`b>1` of group `main` is locked at 1"
    assert hashes.details[0] == "a-1.tar.gz of a 1 is not in poetry.lock: sha256:3"


def test_a_known_cause_is_told() -> None:
    own = project('a = {version = "*", optional = true}')
    lock = poetry_lock(flat("a", optional=True), content=content_hash(own.document))
    packages, _ = lock_claims(compare(lock, own, uv_lock("", uv_entry("a"))))
    assert packages.verdict is Verdict.HOLDS
    assert packages.evidence.endswith("; 18 environments differ, each for a known cause")
    assert packages.details[0].endswith("Poetry installs more than the requirements ask for")
