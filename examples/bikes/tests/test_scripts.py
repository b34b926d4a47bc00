"""Test the command line with the configs of the repository."""

import json
import shutil
from pathlib import Path

import pytest

from bikes import jobs, scripts, settings
from bikes.io import configs

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "file", sorted((ROOT / "confs").glob("*.yaml")), ids=lambda file: file.stem
)
def test_configs_are_valid(file: Path) -> None:
    assert settings.Settings.model_validate(configs.load([file])).job.kind == file.stem


def test_environment_completes_the_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIKES_JOB__REGISTRY__TRACKING_URI", "http://mlflow:5000")
    job = settings.Settings.model_validate(configs.load([ROOT / "confs/train.yaml"])).job
    assert isinstance(job, jobs.Train)
    assert job.registry.tracking_uri == "http://mlflow:5000"


def test_generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "confs", tmp_path / "confs")
    monkeypatch.chdir(tmp_path)
    assert scripts.main(["confs/generate.yaml", "-e", "job.days=15"]) == 0
    assert len((tmp_path / "data/test.csv").read_text().splitlines()) == 14 * 24 + 1


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert scripts.main(["--schema"]) == 0
    assert "job" in json.loads(capsys.readouterr().out)["properties"]


def test_no_config(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        scripts.main([])
    assert "no config file" in capsys.readouterr().err
