"""The rows of the tools that install Poetry: their examples, and what edits are called after."""

from __future__ import annotations

from unverse.commands.table import Example, Kind, Row

INSTALLER: Kind = "installer"
_PINNED = "uv==0.13.9"
_UV = "https://astral.sh/uv/install.sh"
_EXAMPLES: dict[str, tuple[tuple[str, str | None], ...]] = {
    "pip": (
        ("pip install poetry", "pip install uv"),
        ("pip install --upgrade pip poetry", "pip install --upgrade pip uv"),
        ("pip install 'poetry==1.8.3' tox", f"pip install {_PINNED} tox"),
        ("python -m pip install poetry==$V", f"python -m pip install {_PINNED}"),
        ("pip install poetry poetry-plugin-export", "pip install uv"),
        ("pip install poetry-plugin-export", ""),
        ("pip install poetry-plugin-sort", None),
    ),
    "pipx": (
        ("pipx install poetry", "pipx install uv"),
        ("pipx install invoke poetry", "pipx install invoke uv"),
        ("pipx install --python 3.12 poetry==1.8", f"pipx install --python 3.12 {_PINNED}"),
        ("pipx inject poetry poetry-plugin-export", ""),
        ("pipx inject poetry poetry-plugin-sort", None),
    ),
    "uv": (
        ("uv tool install poetry", ""),
        ("uv pip install --system poetry x", "uv pip install --system x"),
    ),
    "curl": (("curl -sSL https://install.python-poetry.org", f"curl -LsSf {_UV}"),),
    "wget": (("wget -qO- https://install.python-poetry.org", f"wget -qO- {_UV}"),),
    "python": (("python3 install-poetry.py --version 1.8", "sh install-poetry.py"),),
    "brew": (("brew install poetry", "brew install uv"),),
    "apt": (("apt install -y python3-poetry", None),),
    "apt-get": (("apt-get install -y python3-poetry", None),),
    "yum": (("yum install poetry", None),),
    "dnf": (("dnf install poetry", "dnf install uv"),),
    "apk": (("apk add --no-cache git poetry", "apk add --no-cache git uv"),),
    "pacman": (("pacman -S python-poetry", "pacman -S uv"),),
    "conda": (("conda install -c conda-forge poetry", "conda install -c conda-forge uv"),),
    "mamba": (("mamba install poetry=1.8", "mamba install uv"),),
    "choco": (("choco install poetry", "choco install uv"),),
    "scoop": (("scoop install poetry", "scoop install uv"),),
    "asdf": (
        ("asdf plugin add poetry", "asdf plugin add uv"),
        ("asdf install poetry 1.8.3", "asdf install uv 0.13.9"),
        ("asdf global poetry latest", "asdf global uv latest"),
    ),
    "mise": (
        ("mise use poetry@1.8", "mise use uv@0.13.9"),
        ("mise use poetry", "mise use uv"),
    ),
}
UNINSTALLER = Row(
    "pip",
    ("uninstall",),
    operands="any",
    kind="setting",
    reason="Poetry is not there to be uninstalled",
    examples=(
        Example("pip uninstall -y poetry", ""),
        Example("pip uninstall -y poetry wheel", "pip uninstall -y wheel"),
    ),
)
_ROWS = tuple(
    Row(
        tool,
        (),
        operands="any",
        kind=INSTALLER,
        reason="brings uv instead of Poetry",
        examples=tuple(Example(before, after) for before, after in examples),
    )
    for tool, examples in _EXAMPLES.items()
)
ROWS = (*_ROWS, UNINSTALLER)
_BY_TOOL = {row.tool: row for row in _ROWS}
_SAME = {"pip3": "pip", "micromamba": "mamba"}


def row_of(tool: str) -> Row:
    """Return the row of a tool."""
    return _BY_TOOL[_SAME.get(tool, tool)]
