import nox

nox.options.sessions = ["lint", "tests"]


@nox.session
def lint(session):
    session.run("ruff", "check")


@nox.session(python=["3.11", "3.12"])
def tests(session):
    session.run("pytest")


@nox.session
def types(session):
    session.run("mypy", ".")


@nox.session
def publish(session):
    session.run("uv", "publish")
