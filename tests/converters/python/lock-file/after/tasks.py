from invoke import task


@task
def install(ctx):
    ctx.run("if [ -f uv.lock ]; then uv sync --locked; fi")
    ctx.run("[ -f uv.lock ] || exit 1")
    ctx.run("git add uv.lock")
