import nox


@nox.session(python=["3.10", "3.11"])
def tests(session: nox.Session) -> None:
    session.install("uv", "wheel")
    session.run(
        "uv",
        "sync",
        "--locked",
        "--inexact",
        "--group",
        "lint",
        "--group",
        "dev",
        "--no-install-project",
        external=True,
        env={
            "UV_PROJECT_ENVIRONMENT": session.virtualenv.location,
            "UV_PYTHON": session.virtualenv.location,
        },
    )
    session.run(
        "uv",
        "run",
        "--no-sync",
        "pytest",
        env={
            "UV_PROJECT_ENVIRONMENT": session.virtualenv.location,
            "UV_PYTHON": session.virtualenv.location,
            "A": "1",
        },
        external=True,
    )
    session.run("uv", "build", external=True)
    session.run(
        "uv",
        "run",
        "--no-sync",
        "mypy",
        *session.posargs,
        external=True,
        env={
            "UV_PROJECT_ENVIRONMENT": session.virtualenv.location,
            "UV_PYTHON": session.virtualenv.location,
        },
    )


@nox.session(python=False)
def lint(session):
    session.run("uv", "run", "--no-sync", "ruff", "check")


@nox.session(venv_backend="none")
def docs(session):
    session.run_always("uv", "sync", "--locked", "--inexact", "--no-default-groups", "--group", "docs")
