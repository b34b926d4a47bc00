"""Check the project."""

from invoke.context import Context
from invoke.tasks import task


@task
def poetry(ctx: Context) -> None:
    """Check pyproject.toml and poetry.lock."""
    ctx.run("poetry check --lock")


@task
def format(ctx: Context) -> None:
    """Check the format with ruff."""
    ctx.run("poetry run ruff format --check src/ tasks/ tests/")


@task
def type(ctx: Context) -> None:
    """Check the types with mypy."""
    ctx.run("poetry run mypy src/ tasks/ tests/")


@task
def code(ctx: Context) -> None:
    """Check the code with ruff."""
    ctx.run("poetry run ruff check src/ tasks/ tests/")


@task
def tests(ctx: Context, processes: str = "auto", cover: int = 90) -> None:
    """Run the tests with pytest."""
    ctx.run(f"poetry run pytest -n {processes} --cov=src/ --cov-fail-under={cover} tests/")


@task
def security(ctx: Context) -> None:
    """Check the security with bandit."""
    ctx.run("poetry run bandit --recursive --configfile=pyproject.toml src/")


@task(pre=[poetry, format, type, code, tests, security], default=True)
def all(_: Context) -> None:
    """Run all checks."""
