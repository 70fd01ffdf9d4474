"""Model files and cards: what fits is loaded once, what does not is named with a remedy."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from detectors.calibration import Platt
from detectors.errors import ModelError
from detectors.faces import FaceFinder, letterbox
from detectors.model_files import ModelSet, load_model, read_card
from tests.detectors.media import square_at, written_square


def _copy(stand_ins: ModelSet, folder: Path, role: str) -> Path:
    (source,) = stand_ins.of(role)
    assert source is not None
    shutil.copy(source.with_suffix(".toml"), folder)
    return Path(shutil.copy(source, folder))


def test_a_model_is_loaded_once_for_each_state_of_its_file(stand_ins: ModelSet) -> None:
    first, card = load_model("faces", stand_ins.faces)
    again, _ = load_model("faces", stand_ins.faces)
    assert first is again
    assert card.version == "stand-in"
    assert card.calibration is None


def test_a_changed_card_is_read_anew(tmp_path: Path, stand_ins: ModelSet) -> None:
    path = _copy(stand_ins, tmp_path, "forgery")
    before = load_model("forgery", path)[1]
    card = path.with_suffix(".toml")
    card.write_text(card.read_text().replace('version = "stand-in"', 'version = "calibrated"'))
    os.utime(card, ns=(0, card.stat().st_mtime_ns + 1_000_000_000))
    assert (before.version, load_model("forgery", path)[1].version) == ("stand-in", "calibrated")


def test_the_card_carries_the_calibration(stand_ins: ModelSet) -> None:
    _, card = load_model("forgery", stand_ins.forgery[0])
    assert card.calibration == Platt(a=0.4, b=0.0, max_abs_log10_lr=0.7, samples=100)


def test_a_changed_model_is_refused(tmp_path: Path, stand_ins: ModelSet) -> None:
    path = _copy(stand_ins, tmp_path, "faces")
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=r"faces\.onnx: its SHA-256 is .* its card says .*fetch it again"):
        load_model("faces", path)


def test_a_model_without_a_card_is_refused(tmp_path: Path, stand_ins: ModelSet) -> None:
    path = _copy(stand_ins, tmp_path, "faces")
    path.with_suffix(".toml").unlink()
    with pytest.raises(ModelError, match=r"faces\.toml: the model's card cannot be read .*beside the model"):
        load_model("faces", path)


def test_a_missing_model_names_the_key_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.onnx cannot be read .*models\.forgery"):
        load_model("forgery", tmp_path / "nowhere.onnx")


def test_a_model_of_another_role_is_refused(stand_ins: ModelSet) -> None:
    with pytest.raises(ModelError, match=r"a forgery model takes crop and gives logit; this one takes image"):
        load_model("forgery", stand_ins.faces)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path, stand_ins: ModelSet) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("no model")
    import hashlib

    path.with_suffix(".toml").write_text(
        f'name = "faces"\nversion = "1"\nsha256 = "{hashlib.sha256(b"no model").hexdigest()}"\n'
    )
    with pytest.raises(ModelError, match="is a text file, not an ONNX model"):
        load_model("faces", path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 1", "lacks name, version, sha256"),
        ("name =", "not valid TOML"),
        ('name="a"\nversion="1"\nsha256="x"\n[calibration]\nmethod="platt"\na=1.0', "incomplete"),
        ('name="a"\nversion="1"\nsha256="x"\n[calibration]\nmethod="magic"', "platt"),
        (
            'name="a"\nversion="1"\nsha256="x"\n[calibration]\nmethod="platt"\na=nan\nb=0.0\nmax_abs_log10_lr=1.0',
            "finite",
        ),
    ],
)
def test_a_bad_card_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "card.toml"
    path.write_text(text)
    with pytest.raises(ModelError, match=message):
        read_card(path)


@pytest.mark.parametrize("role", ["faces", "forgery"])
def test_the_shipped_models_fit_their_cards(role: str) -> None:
    session, card = load_model(role)
    assert card.name == role
    assert session.get_inputs()
    assert (card.calibration is not None) == (role == "forgery")


def test_calibration_is_bounded() -> None:
    platt = Platt(a=0.5, b=-0.1, max_abs_log10_lr=0.7)
    assert platt.log10_lr(1.0) == pytest.approx(0.4)
    assert platt.log10_lr(100.0) == 0.7
    assert platt.log10_lr(-100.0) == -0.7
    assert platt.log10_lr(math.nan) == 0.0


def test_letterbox_keeps_the_ratio_and_fills_to_multiples_of_32() -> None:
    image, scale = letterbox(np.full((480, 854, 3), 200, np.uint8))
    assert image.shape == (1, 3, 192, 320)
    assert scale == pytest.approx(320 / 854)
    assert image[0, :, 179, 319].min() > 190
    assert image[0, :, 181:, :].max() == 0


@pytest.mark.parametrize("size", [(240, 320), (720, 960), (900, 500)])
def test_boxes_come_back_in_pixels_of_the_picture(stand_ins: ModelSet, size: tuple[int, int]) -> None:
    import cv2

    picture = cv2.resize(written_square(10), (size[1], size[0]), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    (found,) = FaceFinder(*load_model("faces", stand_ins.faces)).find(picture, frame=3, time_s=0.5)
    left, top = square_at(10)
    wide, high = size[1] / 320, size[0] / 240
    assert found.box == pytest.approx((left * wide, top * high, 80 * wide, 80 * high), abs=4)
    assert found.landmarks.shape == (5, 2)
    assert found.landmarks[2] == pytest.approx(((left + 40) * wide, (top + 40) * high), abs=4)
    assert (found.frame, found.time_s) == (3, 0.5)


def test_no_face_is_an_empty_list(stand_ins: ModelSet) -> None:
    assert FaceFinder(*load_model("faces", stand_ins.faces)).find(np.full((50, 60, 3), 90, np.uint8)) == []


class _ThreeBoxes:
    """A session that answers with two boxes of one face, its mouth, another face, and two that are no boxes."""

    def run(self, names: list[str], inputs: dict[str, object]) -> list[object]:
        boxes = [
            [10, 10, 50, 50],
            [12, 12, 52, 52],
            [20, 35, 40, 47],
            [100, 10, 140, 50],
            [5, 5, 5, 5],
            [math.nan] * 4,
        ]
        return [np.array([0.8, 0.9, 0.75, 0.7, 0.95, 0.99]), np.array(boxes), np.zeros((6, 5, 2))]


def test_overlapping_boxes_are_one_face_and_impossible_ones_none(stand_ins: ModelSet) -> None:
    _, card = load_model("faces", stand_ins.faces)
    found = FaceFinder(_ThreeBoxes(), card).find(np.zeros((320, 320, 3), np.uint8))
    assert [round(face.score, 2) for face in found] == [0.9, 0.7]


class _Answers:
    """A session that answers with these boxes, all points at the upper left corner of theirs."""

    def __init__(self, boxes: list[list[float]], scores: list[float]) -> None:
        self.boxes, self.scores = np.array(boxes, np.float32), np.array(scores, np.float32)

    def run(self, names: list[str], inputs: dict[str, object]) -> list[object]:
        return [self.scores, self.boxes, np.repeat(self.boxes[:, None, :2], 5, 1)]


def test_all_answers_about_a_face_say_where_it_lies_by_the_cube_of_their_score(stand_ins: ModelSet) -> None:
    _, card = load_model("faces", stand_ins.faces)
    near = [
        [10.0, 10.0, 50.0, 50.0],
        [12.0, 12.0, 52.0, 52.0],
        [11.0, 10.0, 51.0, 50.0],
        [30.0, 10.0, 70.0, 50.0],
    ]  # the last is too far off
    scores = [0.8, 0.9, 0.3, 0.7]
    weight = np.array(scores[:3]) ** 3 / (np.array(scores[:3]) ** 3).sum()
    (found, _) = FaceFinder(_Answers(near, scores), card).find(np.zeros((640, 640, 3), np.uint8))
    corners = 2 * weight @ np.array(near[:3])  # the picture is twice the model's input
    assert found.score == pytest.approx(0.9)
    assert found.box == pytest.approx((corners[0], corners[1], 80, 80), abs=1e-3)
    assert found.landmarks == pytest.approx(np.tile(corners[:2], (5, 1)), abs=1e-3)


def test_what_is_no_number_has_no_say(stand_ins: ModelSet) -> None:
    _, card = load_model("faces", stand_ins.faces)
    session = _Answers([[10, 10, 50, 50], [10, 10, math.inf, 50], [10, math.nan, 50, 50]], [0.7, 0.95, 0.9])
    (found,) = FaceFinder(session, card).find(np.zeros((320, 320, 3), np.uint8))
    assert found.box == pytest.approx((10, 10, 40, 40))
