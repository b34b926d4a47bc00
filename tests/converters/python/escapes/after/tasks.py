from invoke import Context, task


@task
def a(c):
    c.run("uv run python -c \"print('\\n')\"")
    c.run("poetry run pytest \x2d\x2dfoo")
    c.run(r"uv run grep '\d' x")
    c.run("""
        set -e
        uv sync --locked
        uv run pytest
    """)
