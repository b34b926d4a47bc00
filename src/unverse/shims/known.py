"""Made by `python tools/shims.py`: what the tables say of some command lines."""

Known = dict[tuple[str, ...], tuple[tuple[str, ...], str]]
WHOLE: Known = {
    ("poetry", "version"): (("uv", "version"), ""),
    ("poetry", "version", "-s"): (("uv", "version", "--short"), ""),
    ("poetry", "version", "--short"): (("uv", "version", "--short"), ""),
    ("poetry", "lock"): (("uv", "lock"), ""),
    ("poetry", "--version"): (("uv", "--version"), ""),
    ("poetry", "-V"): (("uv", "--version"), ""),
    ("poetry", "check"): (
        ("uv", "lock", "--check"),
        "compares the lock with pyproject.toml; Poetry also looks at the metadata",
    ),
    ("poetry", "env", "info", "-e"): (("uv", "python", "find"), ""),
    ("poetry", "env", "info", "--executable"): (("uv", "python", "find"), ""),
    ("pip", "--version"): (("uv", "--version"), "the version of uv"),
    ("pip", "-V"): (("uv", "--version"), "the version of uv"),
    ("pipx", "--version"): (("uv", "--version"), "the version of uv"),
    ("twine", "--version"): (("uv", "--version"), "the version of uv"),
    ("pyenv", "--version"): (("uv", "--version"), "the version of uv"),
    ("pyenv", "version-name"): (
        ("uv", "python", "find", "--show-version"),
        "the version in full, of the environment if there is one",
    ),
    ("pyenv", "which", "python"): (("uv", "python", "find", "--system"), "the path that uv finds"),
}
LEADING: Known = {("poetry", "run"): (("uv", "run", "--no-sync"), "")}
