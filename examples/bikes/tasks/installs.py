"""Install the project."""

from invoke.context import Context
from invoke.tasks import task


@task
def project(ctx: Context) -> None:
    """Install the package with all groups and extras."""
    ctx.run("poetry install --with docs --all-extras")


@task
def hooks(ctx: Context) -> None:
    """Install the hooks of git."""
    ctx.run("poetry run pre-commit install --hook-type=pre-commit")
    ctx.run("poetry run pre-commit install --hook-type=commit-msg")


@task(pre=[project, hooks], default=True)
def all(_: Context) -> None:
    """Install everything."""
