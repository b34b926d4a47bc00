"""Tasks of the project: `poetry run invoke --list`."""

from invoke.collection import Collection

from tasks import (
    checks,
    cleans,
    commits,
    containers,
    docs,
    exports,
    formats,
    installs,
    jobs,
    packages,
)

ns = Collection(
    checks, cleans, commits, containers, docs, exports, formats, installs, jobs, packages
)
