from invoke import task


@task
def lint_code(ctx):
    ctx.run("ruff check .")


@task
def test(ctx):
    ctx.run("pytest")


@task(pre=[lint_code, test])
def check(ctx):
    pass
