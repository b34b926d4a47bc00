from invoke import Context, task


@task
def a(c, output="x", style="google"):
    c.run("poetry export -f requirements.txt -o requirements-of-the-harbour.txt")
    c.run(
        f"poetry run pdoc --docformat={style} --output-directory={output} src/harbour x"
    )
    c.run("poetry run pytest", pty=True)
