import nox_poetry as nox
from nox_poetry import Session


@nox.session
def tests(session: Session) -> None:
    session.install("pytest", ".")
