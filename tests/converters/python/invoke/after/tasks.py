from invoke import Context, task


@task
def poetry(ctx: Context) -> None:
    """Check `uv.lock`, see `uv lock --check --help`."""
    ctx.run("uv lock --check")


@task(pre=[poetry])
def tests(c: Context, workers: str = "auto", marks: str = "") -> None:
    """Run the tests, as `uv run pytest` does."""
    c.run(f"uv run pytest -n {workers} -m {marks!r} --cov={c.package.name['x']}", pty=True)
    c.run('uv run python -c "print(1)"', warn=True)


@task
def locks(c, package=""):
    c.run(f"uv sync --inexact -P {package}" if package else "uv sync --upgrade")
    c.run("cp uv.lock backup/ && git add uv.lock")
    c.run("cd docs && uv sync --locked --group docs && uv run pdoc harbour")
    c.run(
        "poetry "
        "install "  # everything
        f"--extras {package} --with=lint"
    )
