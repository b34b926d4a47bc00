"""Commit and release."""

from invoke.context import Context
from invoke.tasks import task


@task
def files(ctx: Context) -> None:
    """Run the hooks on all files."""
    ctx.run("poetry run pre-commit run --all-files", pty=True)


@task(default=True)
def commit(ctx: Context) -> None:
    """Commit with a conventional message."""
    ctx.run("poetry run cz commit", pty=True)


@task
def info(ctx: Context) -> None:
    """Tell the version of the project."""
    ctx.run("poetry version")
    ctx.run("poetry run cz version --project")


@task
def bump(ctx: Context) -> None:
    """Bump the version and write the changelog."""
    ctx.run("poetry run cz bump", pty=True)
