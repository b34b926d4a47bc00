"""Writes what MLflow's store holds into a folder: `report.md`, and the plots of each run beside it.

    uv run python .github/report.py build/report

The workflow `smoke` shows it at the run and on the pull request.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import mlflow
from mlflow.entities import Run


def report(folder: Path) -> str:
    """Copy the plots into the folder and describe the runs in Markdown, oldest run first."""
    runs = mlflow.search_runs(
        search_all_experiments=True, order_by=["start_time"], output_format="list"
    )
    return "\n\n".join(["## Smoke run", *(_section(run, folder) for run in runs), ""])


def _section(run: Run, folder: Path) -> str:
    lines = [f"### {run.info.run_name}: {run.info.status.lower()}"]
    scores = {name: value for name, value in run.data.metrics.items() if "/" not in name}
    if scores:
        rows = [f"| {name} | {_short(scores[name])} |" for name in sorted(scores)]
        lines.append("\n".join(["| metric | value |", "| --- | ---: |", *rows]))
    plots = [_copied(run, plot, folder) for plot in _plots(run)]
    if plots:
        lines.append("Plots: " + ", ".join(f"`{plot}`" for plot in plots))
    return "\n\n".join(lines)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:.5g}"


def _plots(run: Run) -> list[str]:
    artifacts = mlflow.MlflowClient().list_artifacts(run.info.run_id)
    return [artifact.path for artifact in artifacts if artifact.path.endswith(".png")]


def _copied(run: Run, plot: str, folder: Path) -> str:
    source = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=plot)
    name = f"{run.info.run_name}-{plot}"
    shutil.copy(source, folder / name)
    return name


def main() -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; made when it is missing")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(report(folder), encoding="utf-8")


if __name__ == "__main__":
    main()
