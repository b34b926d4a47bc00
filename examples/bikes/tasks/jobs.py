"""Run the jobs of the package."""

from invoke.context import Context
from invoke.tasks import call, task


@task
def run(ctx: Context, name: str) -> None:
    """Run one job by the name of its config."""
    ctx.run(f"poetry run {ctx.project.package} confs/{name}.yaml")


@task
def ui(ctx: Context, port: int = 5000) -> None:
    """Show the runs."""
    ctx.run(f"poetry run mlflow ui --backend-store-uri=sqlite:///outputs/mlflow.db --port={port}")


@task(
    pre=[call(run, name=name) for name in ("train", "evaluate", "infer")],  # type: ignore[arg-type]
    default=True,
)
def all(_: Context) -> None:
    """Train, evaluate and infer."""
