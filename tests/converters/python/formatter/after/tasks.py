from invoke import Context, task


@task
def a(c, output="x", style="google"):
    c.run(
        "uv export --locked --no-default-groups --no-emit-project --no-annotate"
        " --no-header -o requirements-of-the-harbour.txt"
    )
    c.run(f"uv run pdoc --docformat={style} --output-directory={output} src/harbour x")
    c.run("uv run pytest", pty=True)
