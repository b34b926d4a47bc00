"""Options that several of pip's commands share.

Checked against the help of pip 26.3 and of uv 0.13.9.
"""

from __future__ import annotations

from unverse.commands.table import KEPT, Exactness, Option

_APPROXIMATE = Exactness.APPROXIMATE


def _refused(reason: str, *names: str, takes: bool = True) -> Option:
    return Option(names, None, "value" if takes else "nothing", refused=reason)


# https://pip.pypa.io/en/stable/cli/pip/#general-options
GENERAL: tuple[Option, ...] = (
    Option(("--help", "-h"), "--help"),
    Option(("--verbose", "-v"), KEPT),
    Option(("--quiet", "-q"), KEPT),
    Option(("--require-virtualenv", "--require-venv"), reason="uv asks for `--system` otherwise"),
    Option(("--python",), KEPT, "value"),
    Option(("--no-input",), reason="uv does not ask"),
    Option(("--disable-pip-version-check",), reason="uv looks for no new version of itself"),
    Option(("--no-python-version-warning",)),
    Option(("--no-color",), "--color never"),
    Option(("--no-cache-dir",), "--no-cache"),
    Option(("--cache-dir",), KEPT, "value"),
    Option(("--trusted-host",), "--allow-insecure-host", "value"),
    Option(("--cert",), KEPT, "value"),
    Option(("--keyring-provider",), KEPT, "value"),
    Option(("--resume-retries",), None, "value", reason="uv starts a download again"),
    Option(
        ("--isolated",),
        "--no-config",
        exactness=_APPROXIMATE,
        reason="uv still reads its `UV_*` variables",
    ),
    _refused("uv has no such file: redirect its output", "--log"),
    _refused("set HTTPS_PROXY", "--proxy"),
    _refused("unset HTTPS_PROXY", "--no-proxy-env", takes=False),
    _refused("set UV_HTTP_RETRIES", "--retries"),
    _refused("set UV_HTTP_TIMEOUT", "--timeout", "--default-timeout"),
    _refused("set SSL_CLIENT_CERT", "--client-cert"),
    _refused("uv asks nothing about existing files", "--exists-action"),
    _refused("a feature of pip's own", "--use-feature", "--use-deprecated"),
    _refused("use `uv -v`", "--debug", takes=False),
)

# https://pip.pypa.io/en/stable/cli/pip_install/#package-index-options
INDEXES: tuple[Option, ...] = (
    Option(("--index-url", "-i", "--pypi-url"), "--default-index", "value"),
    Option(
        ("--extra-index-url",),
        "--index",
        "value",
        reason="`--index-strategy unsafe-best-match` compares all indexes, as pip does",
    ),
    Option(("--find-links", "-f"), KEPT, "value"),
    Option(("--no-index",), KEPT),
)
# https://pip.pypa.io/en/stable/cli/pip_install/#package-selection-options
SELECTION: tuple[Option, ...] = (
    Option(("--pre",), "--prerelease allow"),
    Option(("--no-binary",), KEPT, "value"),
    Option(("--only-binary",), KEPT, "value"),
    Option(("--uploaded-prior-to",), "--exclude-newer", "value"),
    _refused("uv prefers the newest version, built or not", "--prefer-binary", takes=False),
    _refused("use `--prerelease-package NAME=allow`", "--all-releases"),
    _refused("use `--prerelease-package NAME=disallow`", "--only-final"),
    _refused("use `--refresh-package NAME`, or `--refresh`", "--refresh-package"),
)
# What `install`, `wheel`, `download` and `lock` read and build.
REQUIREMENTS: tuple[Option, ...] = (
    Option(("-r", "--requirement"), "-r", "value"),
    Option(("-c", "--constraint"), "-c", "value"),
    Option(("--build-constraint",), "--build-constraints", "value"),
    Option(("--requirements-from-script",), "-r", "value"),
    Option(("--group",), KEPT, "value"),
    Option(("--no-deps", "--no-dependencies"), "--no-deps"),
    Option(("-e", "--editable"), KEPT, "value"),
    Option(("--config-settings", "--config-setting", "-C"), "-C", "value"),
    Option(("--no-build-isolation",), KEPT),
    Option(("--require-hashes",), KEPT),
    Option(("--use-pep517",), reason="uv builds in no other way"),
    Option(("--no-clean",), reason="uv builds in its cache"),
    _refused("uv builds by PEP 517 alone", "--no-use-pep517", takes=False),
    _refused("use `-C` for what the backend has in its place", "--global-option"),
    _refused("use `-C` for what the backend has in its place", "--build-option"),
    _refused("hashes are checked where they are given", "--no-require-hashes", takes=False),
    _refused("`uv sync --no-install-project`, in a project", "--only-deps", takes=False),
    _refused("uv checks out in its cache", "--src"),
    _refused("uv heeds Requires-Python", "--ignore-requires-python", takes=False),
    _refused("uv does not check them", "--check-build-dependencies", takes=False),
)
# What a terminal or a log shows.
PROGRESS = Option(("--progress-bar",), None, "value", reason="uv shows it at a terminal alone")
ROOT = Option(("--root-user-action",), None, "value", reason="uv does not warn")
