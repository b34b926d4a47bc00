import os

import nox

nox.options.sessions = os.environ["SESSIONS"].split()


@nox.session
def lint(session):
    session.run("ruff", "check")


@nox.session
def tests(session):
    session.run("pytest")
