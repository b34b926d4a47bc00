from invoke.tasks import task


@task(default=True)
def sources(ctx):
    ctx.run("uv run ruff format src/")
