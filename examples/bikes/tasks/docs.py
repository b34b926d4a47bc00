"""Write the documentation."""

from invoke.context import Context
from invoke.tasks import task


@task
def install(ctx: Context) -> None:
    """Install what the documentation needs."""
    ctx.run("poetry install --with docs")


@task
def serve(ctx: Context, port: int = 8088) -> None:
    """Serve the documentation."""
    ctx.run(f"poetry run pdoc --docformat=google --port={port} src/{ctx.project.package}")


@task(default=True)
def api(ctx: Context, output: str = "docs/") -> None:
    """Write the documentation of the code."""
    ctx.run(
        f"poetry run pdoc --docformat=google --output-directory={output} src/{ctx.project.package}"
    )
