from invoke import task


@task
def settings(ctx):
    ctx.run("poetry config virtualenvs.in-project true")
