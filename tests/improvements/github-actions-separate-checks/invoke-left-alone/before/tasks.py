from invoke import call, task


@task
def lint(ctx, strict=False):
    ctx.run("ruff check .")


@task
def test(ctx):
    ctx.run("pytest")


@task(pre=[call(lint, strict=True), test])
def all(ctx):
    """Every check, one of them in a way that no name has."""


@task
def docs(ctx):
    ctx.run("mkdocs build")
