"""The faces benchmark on a data folder made here, with a stand-in finder and a teacher whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faces import AIM
from benchmarks.runner import default_data, main
from tests.conftest import STAND_INS
from tests.training.red_squares import take_places, write_data


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    take_places(monkeypatch, "benchmarks.faces", tmp_path)
    write_data(tmp_path / "data")
    return tmp_path / "data"


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["faces", "--json", *arguments]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


@pytest.mark.parametrize("quick", [False, True])
def test_only_who_was_held_out_is_measured(data: Path, capsys: pytest.CaptureFixture[str], quick: bool) -> None:
    told = figures(capsys, "--data", str(data), *(["--quick"] if quick else []))
    ours = told["pictures"]["ours"]
    assert (ours["pictures"], ours["faces"], ours["found"]) == (6, 8, 6)
    assert ours["found_interval"][0] < 0.75 < ours["found_interval"][1]
    assert told["clips"]["ours"]["found_share"] == 1
    assert told["clips"]["ours"]["faces"] == told["clips"]["ours"]["pictures"] == 1
    assert told["measured"]["found_pictures"] == told["yunet"]["found_pictures"] == 0.75
    assert told["measured"]["false_boxes_pictures"] == 0
    assert told["measured"]["time_ratio"] == 1.5
    assert set(told["aim"]) == set(told["measured"]) == set(told["yunet"]) == set(AIM)
    groups = told["utkface"]["ours"]
    assert list(groups) == ["all", "age 20-39", "male", "Black"]
    assert {(one["faces"], one["found"]) for one in groups.values()} == {(6, 5)}
    assert told["quick"] is quick


def test_missing_data_is_named_with_the_remedy(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "faces" / "utkface.zip").unlink()
    assert main(["faces", "--data", str(data)]) == 1
    said = capsys.readouterr().err
    assert "faces/utkface.zip" in said
    assert "lfw.zip" not in said
    assert "--data" in said


def test_without_yunet_nothing_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faces", "--data", str(tmp_path)]) == 1
    assert "face_detection_yunet_2023mar.onnx is missing" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "faces").is_dir(), reason="the folder of shared data is not there")
def test_the_shipped_model_stands_beside_yunet(capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick")
    assert told["measured"]["found_clips"] > 0.9
    assert told["yunet"]["found_clips"] > 0.9
    assert set(told["milliseconds"]) == {"ours", "yunet", "yunet_opencv"}
    assert all(ms > 0 for parts in told["milliseconds"].values() for ms in parts.values())
