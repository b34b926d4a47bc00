from invoke import Context, task


@task
def poetry(ctx: Context) -> None:
    """Check `poetry.lock`, see `poetry check --help`."""
    ctx.run("poetry check --lock")


@task(pre=[poetry])
def tests(c: Context, workers: str = "auto", marks: str = "") -> None:
    """Run the tests, as `poetry run pytest` does."""
    c.run(f"poetry run pytest -n {workers} -m {marks!r} --cov={c.package.name['x']}", pty=True)
    c.run('poetry run python -c "print(1)"', warn=True)


@task
def locks(c, package=""):
    c.run(f"poetry update {package}")
    c.run("cp poetry.lock backup/ && git add poetry.lock")
    c.run("cd docs && poetry install --with docs && poetry run pdoc harbour")
    c.run(
        "poetry "
        "install "  # everything
        f"--extras {package} --with=lint"
    )
