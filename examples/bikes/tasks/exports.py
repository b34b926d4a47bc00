"""Export the lock for other tools."""

from invoke.context import Context
from invoke.tasks import task

REQUIREMENTS = "requirements.txt"


@task(default=True)
def requirements(ctx: Context) -> None:
    """Write the pinned requirements of the package."""
    ctx.run(f"poetry export --without-hashes -f requirements.txt -o {REQUIREMENTS}")
