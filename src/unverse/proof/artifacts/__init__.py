"""What a project publishes: its sdist and its wheel, built before and after, and compared.

artifact     an sdist or a wheel as it is compared
building     making them, with `uv build`
comparing    what differs between two of them; `metadata` and its helpers field by field
sides        a project in one state: built clean, with litter, and from its own sdist
claims       what all of this amounts to
"""

from unverse.proof.artifacts.artifact import Artifact, Entry, Format, read_artifact
from unverse.proof.artifacts.building import Built, build
from unverse.proof.artifacts.claims import artifact_claims
from unverse.proof.artifacts.comparing import compare
from unverse.proof.artifacts.differences import ArtifactDifference, Kind, is_explained
from unverse.proof.artifacts.sides import Bench, Side, compare_litter, compare_sides
from unverse.proof.artifacts.trees import TreeChanges

__all__ = [
    "Artifact",
    "ArtifactDifference",
    "Bench",
    "Built",
    "Entry",
    "Format",
    "Kind",
    "Side",
    "TreeChanges",
    "artifact_claims",
    "build",
    "compare",
    "compare_litter",
    "compare_sides",
    "is_explained",
    "read_artifact",
]
