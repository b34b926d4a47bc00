#!/usr/bin/env python
import os
import subprocess
import sys

VERSION = sys.argv[1]
os.system("poetry build")
subprocess.run(["poetry", "run", "pytest", *sys.argv[2:]], check=True)
subprocess.check_call(("poetry", "install", "--with", "docs,lint"), cwd=".")
subprocess.check_output(
    [
        "poetry",
        "version",
        "-s",
    ],
    text=True,
)
subprocess.run("poetry version %s" % VERSION, shell=True)
subprocess.run("poetry run python -m build_docs {}".format(VERSION).split())
subprocess.run("poetry install " + os.environ["OPTIONS"], shell=True)
subprocess.run([sys.executable, "-m", "pip", "install", "poetry==1.8.3"])
command = ["poetry"]
command.append("lock")
