"""Lists of files in the configuration of other tools: who owns, ignores or measures the lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "config-lists"
_NAMES = frozenset(
    {
        *("CODEOWNERS", ".gitattributes", ".editorconfig", ".prettierignore", ".eslintignore"),
        *(".markdownlintignore", ".npmignore", ".helmignore", ".gcloudignore", ".slugignore"),
        *(".vercelignore", ".cfignore", ".ignore", ".rgignore", ".ebignore", ".semgrepignore"),
        *(".codespellrc", "_typos.toml", "typos.toml", ".typos.toml", "cspell.json"),
        *(".cspell.json", "cspell.yaml", "cspell.yml", ".gitleaks.toml", ".gitleaksignore"),
        *("sonar-project.properties", ".sonarcloud.properties", ".licenserc.yaml", "REUSE.toml"),
        *("labeler.yml", "labeler.yaml", ".coderabbit.yaml", "codecov.yml", ".codecov.yml"),
        *(".codeclimate.yml", ".yamllint", ".yamllint.yml", ".yamllint.yaml"),
        *(".trivyignore", ".snyk"),
    }
)
_SETTINGS = "poetry.toml is gone; take the line out"


def matches(path: str) -> bool:
    """Say whether the file is such a list."""
    place = PurePosixPath(path)
    return place.name in _NAMES and place.parent.name != "workflows"


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Rename the lock; what else names Poetry there is left to a person."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments

    outcomes: list[Edit | Note] = list(renames(file, NAME))
    for number, line in enumerate(file.text.split("\n"), start=1):
        if "poetry.toml" in line and not line.lstrip().startswith("#"):
            outcomes.append(Note(file.path, number, f"{NAME}/settings", _SETTINGS))
    yield from outcomes
    yield from comments(file, outcomes, NAME)
