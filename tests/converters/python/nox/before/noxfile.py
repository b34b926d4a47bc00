import nox


@nox.session(python=["3.10", "3.11"])
def tests(session: nox.Session) -> None:
    session.install("poetry>=1.8", "wheel")
    session.run("poetry", "install", "--with=lint,dev", "--no-root", external=True)
    session.run("poetry", "run", "pytest", env={"A": "1"}, external=True)
    session.run("poetry", "build", external=True)
    session.run(
        "poetry",
        "run",
        "mypy",
        *session.posargs,
        external=True,
    )


@nox.session(python=False)
def lint(session):
    session.run("poetry", "run", "ruff", "check")


@nox.session(venv_backend="none")
def docs(session):
    session.run_always("poetry", "install", "--only", "docs")
