#!/usr/bin/env python
import os
import subprocess
import sys

VERSION = sys.argv[1]
os.system("uv build")
subprocess.run(["uv", "run", "pytest", *sys.argv[2:]], check=True)
subprocess.check_call(("uv", "sync", "--locked", "--group", "docs", "--group", "lint"), cwd=".")
subprocess.check_output(
    [
        "uv",
        "version",
        "--short",
    ],
    text=True,
)
subprocess.run("poetry version %s" % VERSION, shell=True)
subprocess.run("poetry run python -m build_docs {}".format(VERSION).split())
subprocess.run("poetry install " + os.environ["OPTIONS"], shell=True)
subprocess.run([sys.executable, "-m", "pip", "install", "uv==0.13.9"])
command = ["poetry"]
command.append("lock")
