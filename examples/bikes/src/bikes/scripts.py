"""Command line of the package."""

import argparse
import json
import sys
from collections.abc import Sequence

from loguru import logger

from bikes import settings
from bikes.io import configs


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(prog="bikes", description="Run a job from YAML files.")
    result.add_argument("files", nargs="*", help="config files; the last one wins")
    result.add_argument(
        "-e",
        "--extra",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one value, such as job.model.trees=50",
    )
    result.add_argument("--schema", action="store_true", help="print the schema of the configs")
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job that the arguments describe and return the exit code."""
    arguments = parser().parse_args(argv)
    if arguments.schema:
        json.dump(settings.Settings.model_json_schema(), sys.stdout, indent=2)
        return 0
    if not arguments.files:
        parser().error("no config file given")
    values = configs.load(arguments.files, arguments.extra)
    job = settings.Settings.model_validate(values).job
    result = job.run()
    logger.info("{} finished: {}", job.kind, result)
    return 0
