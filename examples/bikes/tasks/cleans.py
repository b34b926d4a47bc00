"""Remove what can be made again."""

from invoke.context import Context
from invoke.tasks import task


@task
def caches(ctx: Context) -> None:
    """Remove the caches of the tools."""
    ctx.run("rm -rf .coverage .mypy_cache/ .pytest_cache/ .ruff_cache/")
    ctx.run("find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +")


@task
def outputs(ctx: Context) -> None:
    """Remove the outputs of the jobs and the builds."""
    ctx.run("rm -rf dist/ docs/ outputs/*")


@task
def environment(ctx: Context) -> None:
    """Remove the virtual environment."""
    ctx.run("poetry env remove --all", warn=True)
    ctx.run("rm -rf .venv/")


@task(pre=[caches, outputs], default=True)
def all(_: Context) -> None:
    """Remove all but the environment."""
