from invoke import Context, task


@task
def a(c):
    """Größe – prüfen 🚢."""
    c.run("poetry run ruff check 'Größe'")  # poetry
