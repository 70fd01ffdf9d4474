"""Nobody stands on both sides of the check of calibrate, and each piece lies under the label of its clip."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from benchmarks.calibration import PIECES, _cut, _half
from benchmarks.runner import default_data, main
from tests.detectors.media import write_video, written_square
from training.data import ClipRow


def _rows() -> list[ClipRow]:
    return [ClipRow(f"{number}.mp4", number % 3 == 0, f"g{number // 2}", "") for number in range(20)]


def test_nobody_is_in_both_halves_and_everybody_in_one() -> None:
    first, second = (_half(_rows(), which) for which in (0, 1))
    assert {row.group for row in first}.isdisjoint(row.group for row in second)
    assert {row.file for row in (*first, *second)} == {row.file for row in _rows()}


def test_pieces_follow_each_other_and_lie_under_their_label(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", [written_square(number) for number in range(40)], rate=10)
    _cut(tmp_path / "a.mp4", tmp_path / "out", ClipRow("a.mp4", True, "ffpp:1-2", "x"), 10)
    pieces = sorted((tmp_path / "out" / "fake").rglob("*.mp4"))
    assert len(pieces) == PIECES
    assert {piece.parent.name for piece in pieces} == {"ffpp_1-2"}
    for piece in pieces:
        with av.open(str(piece)) as container:
            assert sum(1 for _ in container.decode(video=0)) == 10


def test_a_missing_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibration", "--json", "--data", str(tmp_path)]) == 1
    assert "there are no labelled clips" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "clips").is_dir(), reason="the folder of shared data is not there")
def test_a_calibration_on_real_clips_serves_people_whom_it_did_not_see(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibration", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["measured"]["cllr_gained"] >= figures["aim"]["cllr_gained"]
    assert figures["calibrated"]["left_out"] == 0
