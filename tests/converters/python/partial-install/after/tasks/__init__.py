from invoke import Context, task


@task
def lint(c):
    c.run("uv sync --locked --inexact --only-group lint")
    c.run("uv run --no-sync ruff check .")
