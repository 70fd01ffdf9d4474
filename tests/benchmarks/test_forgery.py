"""The forgery benchmark on a data folder made here, with stand-in models whose right answer is known."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.runner import default_data, main
from tests.conftest import BRIGHT, DARK, STAND_INS, square_clip
from training.forgery_split import HELD_OUT, clip_kept_out, kept_out


def picture(brightness: int) -> bytes:
    """A lossless 160 px crop, which the stand-in model scores (brightness - 128) / 32."""
    done, data = cv2.imencode(".webp", np.full((160, 160, 3), brightness, np.uint8), [cv2.IMWRITE_WEBP_QUALITY, 101])
    assert done
    return data.tobytes()


def groups(collection: str, kept: bool) -> list[str]:
    """Two groups that are, or are not, kept out of training."""
    found: list[str] = []
    for number in count():
        if kept_out(collection, f"g{number}") is kept:
            found.append(f"g{number}")
        if len(found) == 2:
            return found
    raise AssertionError


def write_collection(path: Path, rows: list[tuple[str, str, str, int]]) -> None:
    """A zip with an index; each row is label, group, method and brightness."""
    index = io.StringIO()
    index.write("file,label,group,method,frame\n")
    with zipfile.ZipFile(path, "w") as archive:
        for number, (label, group, method, brightness) in enumerate(rows):
            archive.writestr(f"{number}.webp", picture(brightness))
            index.write(f"{number}.webp,{label},{group},{method},{number}\n")
        archive.writestr("index.csv", index.getvalue())


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One collection and two clips. Crops of training groups would turn every figure round if they were taken."""
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    (first, second), (trained, _) = groups("faceforensics", kept=True), groups("faceforensics", kept=False)
    rows = [("real", first, "original/1", 60), ("real", first, "original/1", 100), ("real", second, "original/2", 120)]
    rows += [("fake", first, f"Swap/{number}", 200) for number in range(4)]
    rows += [("fake", second, f"Hard/{number}", 100) for number in range(4)]
    rows += [("fake", second, "Rare/1", 90)]
    rows += [("fake", trained, f"Swap/t{number}", 10) for number in range(9)]
    (tmp_path / "forgery").mkdir()
    write_collection(tmp_path / "forgery" / "faceforensics.zip", rows)
    clips = tmp_path / "clips"
    square_clip(clips / "dark.mp4", DARK)
    square_clip(clips / "bright.mp4", BRIGHT)
    (clips / "broken.mp4").write_bytes(b"not a clip")
    (clips / "index.csv").write_text(
        "file,label,method,group\ndark.mp4,real,,a\nbright.mp4,fake,Head (of somebody),b\nbroken.mp4,fake,Head,c\n"
    )
    return tmp_path


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["forgery", "--json", *arguments]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


@pytest.mark.parametrize("quick", [False, True])
def test_only_what_was_kept_out_is_measured(data: Path, capsys: pytest.CaptureFixture[str], quick: bool) -> None:
    told = figures(capsys, "--data", str(data), *(["--quick"] if quick else []))
    crops = told["sources"]["faceforensics"]
    # two genuine clips of mean brightness 80 and 120; 4 x 200 beats both, 4 x 100 and 90 beat one
    assert (crops["genuine"], crops["synthetic"]) == (2, 9)
    assert crops["auc"] == pytest.approx((4 * 2 + 4 + 1) / 18, abs=1e-4)
    assert crops["auc_interval"][0] <= crops["auc"] <= crops["auc_interval"][1]
    assert told["families"] == {"faceforensics/Hard": 0.5, "faceforensics/Swap": 1.0}, "one of Rare is no family"
    clips = told["sources"]["clips"]
    assert (clips["genuine"], clips["synthetic"], clips["auc"]) == (1, 1, 1.0)
    assert [line.partition(":")[0] for line in told["without_score"]] == ["broken.mp4"]
    assert told["measured"]["macro_auc"] == pytest.approx((crops["auc"] + 1) / 2, abs=1e-3)
    assert (told["worst_family"], told["measured"]["worst_family_auc"]) == ("faceforensics/Hard", 0.5)
    assert 0 < told["measured"]["ece"] < 1
    assert set(told["aim"]) == set(told["measured"])
    assert told["quick"] is quick


def test_missing_data_is_named_with_the_remedy(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forgery", "--data", str(tmp_path / "nowhere")]) == 1
    assert "--data" in capsys.readouterr().err


def test_a_missing_model_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: data / f"{role}.onnx")
    assert main(["forgery", "--data", str(data)]) == 1
    assert "forgery.onnx" in capsys.readouterr().err


def test_the_split_is_the_same_everywhere_and_keeps_the_share_that_it_says() -> None:
    for collection, share in HELD_OUT.items():
        kept = sum(kept_out(collection, f"{collection}:{number}") for number in range(4000)) / 4000
        assert kept == pytest.approx(share, abs=0.03)
    assert kept_out("faceforensics", "ffpp:159-175") == clip_kept_out("ffpp:159-175")
    assert clip_kept_out("anybody else")


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "forgery").is_dir(), reason="the folder of shared data is not there")
def test_the_shipped_model_is_measured_on_every_source(capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick")
    assert set(told["sources"]) == {*HELD_OUT, "clips"}
    for source in told["sources"].values():
        assert source["genuine"] >= 3
        assert source["synthetic"] >= 3
