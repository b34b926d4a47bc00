from invoke import Context, task


@task
def a(c):
    """Größe – prüfen 🚢."""
    c.run("uv run ruff check 'Größe'")  # poetry
