"""The forgery benchmark on a data folder made here, with stand-in models whose right answer is known."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks._forgery_peers import LRNET, PEERS, Sequences, normalised
from benchmarks.runner import default_data, main
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from tests.conftest import BRIGHT, DARK, STAND_INS, square_clip
from tests.detectors.media import write_video, written_square
from tests.detectors.onnx_bytes import brightness
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
    ours = crops["ours"]
    assert ours["auc"] == pytest.approx((4 * 2 + 4 + 1) / 18, abs=1e-4)
    assert ours["auc_interval"][0] <= ours["auc"] <= ours["auc_interval"][1]
    assert ours["samples"] == 11
    again = told["sources"]["faceforensics_compressed"]
    assert (again["genuine"], again["synthetic"]) == (2, 9)
    assert again["ours"]["auc"] == pytest.approx(ours["auc"], abs=0.12), "H.264 leaves one brightness nearly as it is"
    assert told["families"] == {"faceforensics/Hard": 0.5, "faceforensics/Swap": 1.0}, "one of Rare is no family"
    clips = told["sources"]["clips"]
    assert (clips["genuine"], clips["synthetic"], clips["ours"]["auc"]) == (1, 1, 1.0)
    assert told["sources"]["clips_compressed"]["ours"]["auc"] == 1.0
    assert [line.split(": ")[:2] for line in told["without_score"]] == [
        ["clips", "broken.mp4"],
        ["clips_compressed", "broken.mp4"],
    ]
    assert told["measured"]["macro_auc"] == pytest.approx((ours["auc"] + 1) / 2, abs=1e-3)
    assert told["macro_auc"] == {"ours": {"auc": told["measured"]["macro_auc"], "sources": 2}}
    assert set(told["peers_missing"]) == {*PEERS, LRNET}
    assert "MesoInception_F2F.onnx" in told["peers_missing"]["MesoInception_F2F"]
    assert (told["worst_family"], told["measured"]["worst_family_auc"]) == ("faceforensics/Hard", 0.5)
    assert 0 < told["measured"]["ece"] < 1
    # the stand-in's ratio is 10 ** (.4 * score): two to one from a brightness of 152 on, and down from 104
    assert told["leaning"]["as_they_are"] == {"genuine_synthetic": 0.0, "synthetic_genuine": 0.5}
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


def test_quality_counts_where_the_card_says_so(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A calibration that says more than two to one of a flat crop, whose detail is -2, whatever its score."""
    for role in ("faces", "forgery"):
        for suffix in (".onnx", ".toml"):
            shutil.copy(STAND_INS / f"{role}{suffix}", tmp_path / f"{role}{suffix}")
    card = tmp_path / "forgery.toml"
    flat = "a = 0.0\nb = 0.0\nquality = { slope = 0.0, offset = -0.8, low = -6.0, middle = -1.5, high = -1.0 }"
    card.write_text(card.read_text().replace("a = 0.4\nb = 0.0", flat))
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: tmp_path / f"{role}.onnx")
    shutil.rmtree(data / "clips")
    told = figures(capsys, "--data", str(data))
    assert told["leaning"]["as_they_are"] == {"genuine_synthetic": 1.0, "synthetic_genuine": 0.0}


def test_a_published_model_is_shown_the_same_faces_and_read_the_right_way(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stand-in in MesoInception's place says of the bright ones, which are synthetic here, that they are real."""
    peers = data / "shared" / "models" / "peers"
    peers.mkdir(parents=True)
    (peers / "MesoInception_F2F.onnx").write_bytes(brightness(shape=("N", 3, 256, 256)))
    (data / "shared" / "data").symlink_to(data)
    told = figures(capsys, "--data", str(data / "shared" / "data"))
    assert set(told["peers_missing"]) == {"classnseg_full", LRNET}
    for source in ("faceforensics", "clips"):
        both = told["sources"][source]
        assert both["MesoInception_F2F"]["samples"] == both["ours"]["samples"]
        assert both["MesoInception_F2F"]["auc"] == pytest.approx(1 - both["ours"]["auc"], abs=1e-4)
    assert set(told["ms_a_face"]) == {"ours", "MesoInception_F2F"}


def test_a_square_of_points_does_not_know_where_and_how_large_the_face_was() -> None:
    random = np.random.default_rng(0)
    face = random.uniform(0, 1, (68, 2))
    frames = np.stack([face * 80 + (number, 2 * number) for number in range(30)])
    taken = normalised(frames)
    assert taken.shape == (30, 136)
    assert taken == pytest.approx(normalised(frames * 3 + 17), abs=1e-5)
    assert taken[0] == pytest.approx(taken[29], abs=1e-5), "a face that only moves stands still"
    assert np.abs(taken).max() == pytest.approx(1 / 1.2, abs=1e-5)


@pytest.mark.skipif(not (default_data().parent / "models" / "peers").is_dir(), reason="published models are not there")
def test_lrnet_needs_thirty_frames_with_a_face(tmp_path: Path) -> None:
    finder = FaceFinder(*load_model("faces", STAND_INS / "faces.onnx"))
    sequences = Sequences(default_data().parent / "models", finder)
    assert sequences.clip(square_clip(tmp_path / "short.mp4", DARK)) is None
    long = write_video(tmp_path / "long.mp4", [written_square(index) for index in range(35)], rate=25)
    assert sequences.clip(long) is not None


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "forgery").is_dir(), reason="the folder of shared data is not there")
def test_the_shipped_model_is_measured_on_every_source(capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick")
    assert set(told["sources"]) == {f"{name}{how}" for name in (*HELD_OUT, "clips") for how in ("", "_compressed")}
    assert told["peers_missing"] == {}
    for source in told["sources"].values():
        assert source["genuine"] >= 3
        assert source["synthetic"] >= 3
