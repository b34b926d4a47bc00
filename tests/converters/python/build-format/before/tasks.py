import subprocess

from invoke import task

FORMAT = "wheel"


@task
def dist(context, kind=FORMAT, folder="dist"):
    context.run(f"poetry build --format={kind} -o {folder}")


def archive(kind):
    subprocess.run(["poetry", "build", "--format", kind], check=True)
