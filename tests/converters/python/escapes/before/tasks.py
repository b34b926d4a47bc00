from invoke import Context, task


@task
def a(c):
    c.run("poetry run python -c \"print('\\n')\"")
    c.run("poetry run pytest \x2d\x2dfoo")
    c.run(r"poetry run grep '\d' x")
    c.run("""
        set -e
        poetry install
        poetry run pytest
    """)
