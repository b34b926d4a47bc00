from invoke import task


@task
def install(ctx):
    ctx.run("if [ -f poetry.lock ]; then poetry install; fi")
    ctx.run("[ -f poetry.lock ] || exit 1")
    ctx.run("git add poetry.lock")
