import subprocess

subprocess.run(["poetry", "install"])
