"""Format the code."""

from invoke.context import Context
from invoke.tasks import task

FOLDERS = "src/ tasks/ tests/"


@task
def imports(ctx: Context) -> None:
    """Sort the imports."""
    ctx.run(f"poetry run ruff check --select=I --fix {FOLDERS}")


@task
def sources(ctx: Context) -> None:
    """Format the sources."""
    ctx.run(f"poetry run ruff format {FOLDERS}")


@task(pre=[imports, sources], default=True)
def all(_: Context) -> None:
    """Format everything."""
