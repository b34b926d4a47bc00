from invoke import Context, task


@task
def lint(c):
    c.run("uv sync --locked --inexact --no-default-groups --group lint")
    c.run("uv run --no-sync ruff check .")
