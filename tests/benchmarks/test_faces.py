"""The faces benchmark on a data folder made here, with a stand-in finder and a teacher whose answers are known."""

from __future__ import annotations

import json
import zipfile
from itertools import count
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.faces import AIM
from benchmarks.runner import default_data, main
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from tests.conftest import STAND_INS, square_clip
from training.data import Image, held_out
from training.faces_measure import Peers
from training.faces_split import HELD_OUT
from training.teachers import YuNet


class RedSquares:
    """A teacher that answers with the red square of a picture, and with a face in the corner of bright ones."""

    def __call__(self, rgb: Image) -> NDArray[np.float32]:
        rows, columns = np.nonzero((rgb[..., 0] > 150) & (rgb[..., 1] < 120))
        told = []
        if rows.size:
            x, y, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            points = [[x, y], [right, y], [(x + right) / 2, (y + bottom) / 2], [x, bottom], [right, bottom]]
            told.append([x, y, right - x, bottom - y, *np.ravel(points), 0.9])
        if rgb[2, 2, 2] > 150:
            side = min(rgb.shape[:2]) // 4
            told.append([0, 0, side, side, *([1.0] * 10), 0.8])
        return np.asarray(told, np.float32).reshape(-1, 15)


def picture(gray: int, left: int = 60) -> bytes:
    rgb = np.full((200, 200, 3), gray, np.uint8)
    rgb[60:140, left : left + 80] = (235, 20, 20)
    done, data = cv2.imencode(".webp", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, 101])
    assert done
    return data.tobytes()


def names(kept: bool, form: str, salt: str) -> list[str]:
    """Six names that are, or are not, held out."""
    found: list[str] = []
    for number in count():
        name = form.format(number)
        if held_out(name, HELD_OUT, salt) is kept:
            found.append(name)
        if len(found) == 6:
            return found
    raise AssertionError


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six held-out people: in four pictures the teacher sees the square alone, in two another face, too.

    Pictures of people trained on would add misses.
    """
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    session, card = load_model("faces", STAND_INS / "faces.onnx")
    finder = FaceFinder(session, card)
    peers = Peers(cast(YuNet, RedSquares()), finder, session, tmp_path)
    monkeypatch.setattr("benchmarks.faces.Peers.load", lambda teachers: peers)
    times = {name: {"network": ms, "search": 2 * ms} for name, ms in (("ours", 3.0), ("yunet", 2.0))}
    monkeypatch.setattr("benchmarks.faces.milliseconds", lambda *_: times)
    data = tmp_path / "data"
    (data / "faces").mkdir(parents=True)
    with zipfile.ZipFile(data / "faces" / "lfw.zip", "w") as archive:
        for number, name in enumerate(names(True, "Person_{}", "faces")):
            archive.writestr(f"{name}/{name}_0001.webp", picture(190 if number < 2 else 90))
        for name in names(False, "Person_{}", "faces"):
            archive.writestr(f"{name}/{name}_0001.webp", picture(190))
    with zipfile.ZipFile(data / "faces" / "utkface.zip", "w") as archive:
        for number, name in enumerate(names(True, "30_0_1_{}.webp", "faces")):
            archive.writestr(name, picture(90, left=60 if number else 110))  # one square beside the middle
        for name in names(False, "70_1_2_{}.webp", "faces"):
            archive.writestr(name, picture(90))
    square_clip(data / "clips" / "one.mp4", 20)
    group = names(True, "clip {}", "clips")[0]
    (data / "clips" / "index.csv").write_text(f"file,label,method,group\none.mp4,real,,{group}\n")
    return data


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
