from invoke import Context, task


@task
def lint(c):
    c.run("poetry install --only lint")
    c.run("poetry run ruff check .")
