"""Faces of whole clips, on clips made here of faces that the stand-in models can tell apart."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.identity_clips import given_to, on_clips, rows_of
from benchmarks.runner import CannotRun, Options, main
from detectors.calibration import Platt
from detectors.specimen import FaceReference, TrackLooks
from tests.conftest import STAND_INS
from tests.detectors.media import Picture, write_video

FRAMES = 36

CLIPS = {
    "ffpp_orig_1.mp4": "real",
    "ffpp_orig_2.mp4": "real",
    "somebody.mp4": "real",
    "ffpp_Face2Face_1_9.mp4": "fake",  # shows 1
    "ffpp_Deepfakes_2_1.mp4": "fake",  # shows 1 on 2
    "ffpp_Deepfakes_2_9.mp4": "fake",  # shows nobody who is enrolled on 2
    "ffpp_NeuralTextures_9_1.mp4": "fake",  # shows nobody who is enrolled
}
FACES = {
    "ffpp_orig_1.mp4": 1,
    "ffpp_orig_2.mp4": 2,
    "somebody.mp4": 3,
    "ffpp_Face2Face_1_9.mp4": 1,
    "ffpp_Deepfakes_2_1.mp4": 1,
    "ffpp_Deepfakes_2_9.mp4": 9,
    "ffpp_NeuralTextures_9_1.mp4": 9,
}


def face(person: int, frame: int) -> Picture:
    """A red square with this person's pattern of brighter reds, which moves slowly."""
    picture = np.full((240, 320, 3), 90, np.uint8)
    cells = np.random.default_rng(person).integers(0, 2, (6, 6)).astype(np.uint8)
    pattern = cv2.resize(cells, (96, 96), interpolation=cv2.INTER_NEAREST)
    square = np.where(pattern[..., None] > 0, np.array([240, 120, 120]), np.array([240, 20, 20])).astype(np.uint8)
    left = 60 + frame
    picture[60:156, left : left + 96] = square
    return picture


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "clips"
    folder.mkdir()
    for name in CLIPS:
        write_video(folder / name, [face(FACES[name], frame) for frame in range(FRAMES)], rate=12)
    lines = ["file,label,group", *(f"{name},{label}," for name, label in CLIPS.items()), "absent.mp4,real,"]
    (folder / "index.csv").write_text("\n".join(lines))
    return folder.parent


@pytest.fixture(scope="module")
def figures(data: Path) -> dict[str, Any]:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
        assert main(["identity_clips", "--json", "--data", str(data)]) == 0
    told: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return told


def test_tracks_are_given_to_whom_they_show(figures: dict[str, Any]) -> None:
    assert (figures["people"], figures["clips"], figures["without_face"]) == (3, 7, [])
    same, other = figures["right"]["same_clip"], figures["right"]["other_clip"]
    assert (same["hits"], same["of"]) == (3, 3)
    assert (other["hits"], other["of"]) == (2, 2)
    assert figures["right"]["wrong_person"] == 0
    nobody = figures["nobody"]
    assert nobody["of"] == 4, "each genuine clip without its own person, and the one that shows a stranger"
    assert nobody["share"] == nobody["hits"] / 4
    assert figures["below_a_swap"]["of"] == 2
    assert figures["cllr"] < 0.5


def test_drift_is_measured_on_whole_clips_and_on_made_slips(figures: dict[str, Any]) -> None:
    drift = figures["drift"]
    assert drift["slips_found"]["of"] == 8, "two swaps lie over an enrolled person, and four slips are made of each"
    assert drift["genuine_called"]["of"] == 3
    assert drift["genuine_called"]["hits"] == 0
    assert drift["genuine_least"] > 0.9
    assert drift["auc_slips"] > 0.9


def test_moving_faces_are_asked_for_as_well(figures: dict[str, Any]) -> None:
    still, moving = figures, figures["moving"]
    assert moving["clips"] == still["clips"]
    assert moving["right"]["same_clip"] == still["right"]["same_clip"], "there is a sharp look among neighbours"
    assert moving["nobody"]["of"] == still["nobody"]["of"]
    assert moving["cllr"] != still["cllr"]
    assert moving["drift"]["genuine_least"] < still["drift"]["genuine_least"]


def test_whose_face_a_name_tells(data: Path) -> None:
    found = {row.file: (row.genuine, row.face, row.below) for row in rows_of(data / "clips")}
    assert set(found) == set(CLIPS), "what is not there is left out"
    assert found["ffpp_orig_1.mp4"] == (True, "1", "")
    assert found["ffpp_Face2Face_1_9.mp4"] == (False, "1", "")
    assert found["ffpp_Deepfakes_2_1.mp4"] == (False, "1", "2")
    assert found["somebody.mp4"] == (True, "somebody.mp4", "")


def test_a_track_is_given_to_the_most_like_and_to_nobody_where_none_is() -> None:
    axes = np.eye(3, dtype=np.float32)
    people = {name: FaceReference(name, axes[[place]], "") for place, name in enumerate("ab")}
    calibration = Platt(8.0, -4.0, 1.5)
    one = TrackLooks(0, np.zeros(1), np.array([[0.6, 0.8, 0.0]], np.float32), np.ones(1, np.float32))
    assert given_to(one, people, calibration) == "b"
    assert given_to(one, {"a": people["a"]}, Platt(8.0, -4.8, 1.5)) is None


def test_without_clips_the_remedy_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identity_clips", "--data", str(tmp_path)]) == 1
    assert "--data" in capsys.readouterr().err
    with pytest.raises(CannotRun):
        rows_of(tmp_path)


def test_another_subject_is_told_why_there_are_none(tmp_path: Path) -> None:
    from rich.progress import Progress

    assert "--data" in str(on_clips(Options(True, tmp_path, Progress(disable=True)))["skipped"])
