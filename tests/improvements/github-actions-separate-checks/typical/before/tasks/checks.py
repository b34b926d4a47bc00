from invoke.tasks import task


@task
def lock(ctx):
    """Check the lock."""
    ctx.run("uv lock --check")


@task
def type_hints(ctx):
    ctx.run("uv run mypy src/")


@task(name="tests")
def run_tests(ctx, cover=80):
    ctx.run(f"uv run pytest --cov-fail-under={cover}")


@task(pre=[type_hints, run_tests])
def code(ctx):
    """Check the code."""


@task(pre=[lock, code, type_hints], default=True)
def all(_):
    """Run all checks."""
