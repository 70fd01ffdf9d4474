"""The benchmark runner and its first subject, in the quick form."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.runner import main
from tests.detectors.media import write_video, written_square

STAND_INS = Path(__file__).parents[1] / "detectors" / "stand_ins"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two clips, one of which shows a face to the stand-in models."""
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    folder = tmp_path / "clips"
    folder.mkdir()
    write_video(folder / "face.mp4", [written_square(i) for i in range(40)])
    write_video(folder / "none.mp4", [written_square(i, side=1) for i in range(40)])
    return tmp_path


def test_scan_counts_tracks_and_compares_with_plain_decoding(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--json", "--quick", "--data", str(data)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["clips"], figures["with_track"], figures["share_with_track"]) == (2, 1, 0.5)
    assert (figures["crashes"], figures["refused"], figures["failed_findings"]) == (0, 0, {})
    assert figures["without_track"] == ["none.mp4"]
    assert figures["ratio_to_decode"] == pytest.approx(figures["ours_s"] / figures["ffmpeg_s"], rel=0.05)
    assert {"decode", "tracks", "forgery"} <= set(figures["stages_s"])


def test_a_clip_that_cannot_be_read_is_refused_not_a_crash(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(data / "clips" / "face.mp4", data / "clips" / "zz.mp4")
    cut = data / "clips" / "zz.mp4"
    cut.write_bytes(cut.read_bytes()[:-200])  # the index at the end is damaged
    assert main(["scan", "--json", "--data", str(data)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["clips"], figures["refused"], figures["crashes"]) == (3, 1, 0)


def test_an_unknown_subject_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed"]) == 2
    error = capsys.readouterr().err
    assert "'speed'" in error
    assert "scan" in error


def test_missing_clips_are_named_with_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.scan.files", lambda _: tmp_path)  # no demo media either
    assert main(["scan", "--data", str(tmp_path)]) == 1
    assert "--data" in capsys.readouterr().err
