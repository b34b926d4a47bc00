"""The command: configuration files in, one job run, an exit code out."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from . import __doc__ as description
from .errors import ConfigError, ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .jobs.base import Outcome
    from .settings import Settings

NAME = __package__.replace("_", "-")
EPILOG = """\
exit codes: 0 done; 1 the job refuses, its thresholds are not met; 2 bad input, bad
configuration, or a service out of reach; 3 a defect, with its traceback."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: arguments without the name of the command; `sys.argv` if None.

    Returns:
        The exit code.
    """
    # What the libraries make when they are imported stays: to look through it for garbage again and
    # again takes a sixth of a short job.
    gc.set_threshold(50_000)
    arguments = _parser().parse_args(argv)
    try:
        if arguments.schema:
            _print_schema()
        else:
            for outcome in _run(arguments.files, arguments.override, each=arguments.each):
                print(outcome.line(), flush=True)
    except ProjectError as error:
        return _failed(error, arguments.debug)
    except KeyboardInterrupt:
        return 130
    except Exception:
        traceback.print_exc()
        return 3
    return 0


def _run(files: Sequence[Path], overrides: Sequence[str], *, each: bool) -> Iterator[Outcome]:
    """Run one job of all files, or one of each; the first that fails is the last."""
    if not files:
        raise ConfigError("no configuration file: name one of confs/")
    groups = [[file] for file in files] if each else [files]
    # All are read before the first begins: a mistake in the last one costs no work.
    for settings in [_read(group, overrides) for group in groups]:
        yield settings.job.run()


def _read(files: Sequence[Path], overrides: Sequence[str]) -> Settings:
    from .configs import merged, parsed

    data = merged(files, overrides, os.environ)
    # Late, for the jobs import what they compute with.
    from .settings import Settings

    return parsed(Settings, data, " + ".join(map(str, files)))


def _print_schema() -> None:
    from .settings import Settings

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    print(json.dumps(schema | Settings.model_json_schema(), indent=2))


def _failed(error: ProjectError, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    for line in str(error).splitlines():
        print(f"error: {line}", file=sys.stderr)
    return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description=description,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="YAML, merged from left to right")
    add("-e", "--override", action="append", default=[], metavar="KEY=VALUE", help="goes last")
    add("--each", action="store_true", help="a job of each file, in order, not one of all")
    add("--schema", action="store_true", help="print the JSON Schema of the files")
    add("--debug", action="store_true", help="show the traceback of an error")
    add("--version", action="version", version=version(NAME))
    return parser
