"""Build the package."""

from invoke.context import Context
from invoke.tasks import task


@task
def lock(ctx: Context) -> None:
    """Lock the dependencies; known versions stay."""
    ctx.run("poetry lock")


@task
def update(ctx: Context, package: str = "") -> None:
    """Update one dependency, or all of them."""
    ctx.run(f"poetry update {package}")


@task
def tree(ctx: Context) -> None:
    """Show the dependencies."""
    ctx.run("poetry show --tree")


@task(default=True)
def build(ctx: Context) -> None:
    """Build the wheel."""
    ctx.run("rm -rf dist/")
    ctx.run("poetry build --format=wheel")
