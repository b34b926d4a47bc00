"""Build and run the images."""

from invoke.context import Context
from invoke.tasks import task

from tasks import packages


@task(pre=[packages.build])
def build(ctx: Context, tag: str = "latest") -> None:
    """Build the image from the wheel."""
    ctx.run(f"docker build --tag={ctx.project.name}:{tag} .")


@task
def develop(ctx: Context, tag: str = "dev") -> None:
    """Build the image from the sources."""
    ctx.run(f"docker build --file=Dockerfile.dev --tag={ctx.project.name}:{tag} .")


@task
def compose(ctx: Context) -> None:
    """Start the tracking server and train on it."""
    ctx.run("docker compose up --build")


@task
def run(ctx: Context, tag: str = "latest") -> None:
    """Run the image."""
    ctx.run(f"docker run --rm {ctx.project.name}:{tag}")


@task(pre=[build, run], default=True)
def all(_: Context) -> None:
    """Build the image and run it."""
