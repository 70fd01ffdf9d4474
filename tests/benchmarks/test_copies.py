"""The copies benchmark: real small clips, posted again in every way, and a store of random hashes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import copies
from benchmarks._copy_changes import HARDER, TRANSFORMATIONS
from benchmarks.runner import main
from tests.detectors.media import write_video
from tests.detectors.test_pdq import scene


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two clips of different films, and six photographs of three people."""
    (tmp_path / "clips").mkdir()
    for number in range(2):
        picture = scene(40 + number, 320, 240)
        frames = [np.roll(picture, 2 * step, axis=1) for step in range(16)]
        write_video(tmp_path / "clips" / f"film_{number}.mp4", frames, rate=8)
    (tmp_path / "faces").mkdir()
    with zipfile.ZipFile(tmp_path / "faces" / "lfw.zip", "w") as archive:
        for number in range(6):
            made = cv2.imencode(".webp", scene(60 + number, 250, 250))[1]
            archive.writestr(f"Person_{number // 2}/Person_{number}.webp", io.BytesIO(made.tobytes()).getvalue())
    monkeypatch.setattr(copies, "QUICK_HASHES", 3000)
    return tmp_path


def test_every_copy_of_plain_pictures_is_found_and_no_stranger(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["copies", "--json", "--quick", "--data", str(data)]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["hashes"] == 3000
    assert 0 < told["lookup_ms"] <= told["lookup_p95_ms"] < told["post_ms"]
    assert told["memory_mb"] == pytest.approx(3000 * 40 / 1e6, abs=0.06)
    assert set(told["found"]) == set(TRANSFORMATIONS)
    assert set(told["photographs"]["found"]) == {*TRANSFORMATIONS, *HARDER}
    assert all(one["clips"] == one["found"] == 2 for one in told["found"].values())
    assert told["false_matches"] == {"pairs": 2, "found": 0, "interval": told["false_matches"]["interval"]}
    assert told["photographs"]["pictures"] == 6
    assert all(told["photographs"]["found"][name]["found"] >= 5 for name in TRANSFORMATIONS)
    assert told["photographs"]["found"]["framed"]["found"] == 0
    assert told["photographs"]["false_matches"]["pairs"] == 12
    assert told["photographs"]["false_matches_same_person"]["pairs"] == 3
    assert told["photographs"]["false_matches"]["found"] == 0


def test_without_clips_it_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["copies", "--json", "--quick", "--data", str(tmp_path)]) == 1
    assert "there are no clips" in capsys.readouterr().err
