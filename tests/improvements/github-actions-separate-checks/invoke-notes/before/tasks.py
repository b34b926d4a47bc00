from invoke import task


@task
def build(ctx):
    ctx.run("uv build")


@task
def lint(ctx):
    ctx.run("ruff check .")


@task
def test(ctx):
    ctx.run("pytest")


@task(lint, test)
def check(ctx, strict=False):
    pass


@task(build)
def test_wheel(ctx):
    ctx.run("pytest wheels")


@task(build)
def check_wheel(ctx):
    ctx.run("twine check dist/*")


@task(pre=[test_wheel, check_wheel])
def slow(ctx):
    pass
