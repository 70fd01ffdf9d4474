"""Kept-out portraits, degraded and cut out anew."""

from __future__ import annotations

import zipfile
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.face_embedding import ARCFACE_TEMPLATE
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from tests.conftest import STAND_INS
from tests.training.portraits import names, portrait, webp, write_lfw
from training.data import Image
from training.identity_looks import OwnFinder, Portrait, as_video, cut_out, portraits, shrunk


@pytest.fixture(scope="module")
def finder() -> OwnFinder:
    return OwnFinder(FaceFinder(*load_model("faces", STAND_INS / "faces.onnx")))


def test_only_kept_out_people_with_two_pictures_are_read(tmp_path: Path) -> None:
    mine, others = list(islice(names("lfw", kept=True), 3)), list(islice(names("lfw", kept=False), 3))
    write_lfw(tmp_path, {mine[0]: [1, 1], mine[1]: [2], mine[2]: [3, 3, 3], **{name: [4, 4] for name in others}})
    found = list(portraits(tmp_path))
    assert [one.name for one in found] == sorted([mine[0]] * 2 + [mine[2]] * 3)
    assert {one.name: one.person for one in found} == {
        name: place for place, name in enumerate(sorted({one.name for one in found}))
    }
    assert {one.name for one in portraits(tmp_path, 1)} == {found[0].name}
    assert (found[0].rgb == portrait(1 if found[0].name == mine[0] else 3, 0)).all()


def test_the_last_frame_is_the_picture_and_worse_at_a_lower_rate() -> None:
    rough = np.random.default_rng(0).integers(0, 256, (120, 162, 3)).astype(np.uint8)
    rgb = np.asarray(cv2.GaussianBlur(rough, (0, 0), 2.0), np.uint8)
    fine, coarse = as_video(rgb, 12), as_video(rgb, 40)
    assert fine.shape == rgb.shape

    def apart(other: Image) -> float:
        # colours are halved by the codec, so light is compared
        light = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY).astype(float)[8:-8, 8:-8] for one in (rgb, other)]
        return float(np.abs(light[0] - light[1]).mean())

    assert apart(fine) < 2.0
    assert apart(coarse) > 2 * apart(fine)


def test_an_odd_picture_is_encoded_without_its_last_line() -> None:
    assert as_video(np.full((33, 51, 3), 100, np.uint8)).shape == (32, 50, 3)


def test_a_small_picture_loses_what_is_fine_and_keeps_what_is_coarse() -> None:
    stripes = np.zeros((100, 100, 3), np.uint8)
    stripes[:, ::2] = 200
    assert np.abs(shrunk(stripes, 0.25)[4:-4, 4:-4].astype(int) - 100).max() <= 2
    assert shrunk(stripes, 0.25).shape == stripes.shape
    halves = np.zeros((100, 100, 3), np.uint8)
    halves[:, 50:] = 200
    assert (shrunk(halves, 0.25)[:, 60:] == 200).all()


def test_faces_are_found_anew_in_each_condition_and_the_missing_are_counted(finder: OwnFinder) -> None:
    pictures = [
        Portrait(0, "a", portrait(1)),
        Portrait(1, "b", np.full((80, 80, 3), 90, np.uint8)),
        Portrait(1, "b", portrait(2)),
    ]
    made = cut_out(pictures, {"own": finder})
    assert set(made) == {(condition, "own") for condition in ("clean", "h264", "small")}
    for crops in made.values():
        assert crops.faces.shape == (2, 112, 112, 3)
        assert (crops.person.tolist(), crops.picture.tolist(), crops.not_found) == ([0, 1], [0, 2], 1)
    sharp, blurred = (_edges(made[condition, "own"].faces[0]) for condition in ("clean", "small"))
    assert blurred < 0.8 * sharp


def test_a_face_is_cut_out_by_its_points(finder: OwnFinder) -> None:
    found = finder(portrait(3))
    assert found is not None
    width, points = found
    assert width == pytest.approx(80, abs=5)
    assert points[2] == pytest.approx((80, 76), abs=4), "the nose of the stand-in is in the middle of the square"
    crops = cut_out([Portrait(0, "a", portrait(3))], {"own": finder}, ["clean"])["clean", "own"]
    nose = tuple(int(value) for value in ARCFACE_TEMPLATE[2])
    assert crops.faces[0, nose[1], nose[0], 0] > 200, "red where the square is"


def test_of_several_faces_the_one_in_the_middle_is_taken(finder: OwnFinder) -> None:
    class Two:
        def find(self, rgb: Image) -> list[object]:
            from detectors.specimen import FaceSighting

            points = np.zeros((5, 2), np.float32)
            return [
                FaceSighting(0, 0.0, (0.0, 0.0, 70.0, 70.0), points, 0.9),
                FaceSighting(0, 0.0, (60.0, 60.0, 41.0, 40.0), points, 0.7),
            ]

    found = OwnFinder(Two())(np.zeros((160, 160, 3), np.uint8))  # type: ignore[arg-type]
    assert found is not None
    assert found[0] == 41.0


def _edges(rgb: NDArray[np.uint8]) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.CV_64F).std())


def test_pictures_of_other_kinds_in_the_zip_are_left_alone(tmp_path: Path) -> None:
    name = next(names("lfw", kept=True))
    write_lfw(tmp_path, {name: [1, 1]})
    with zipfile.ZipFile(tmp_path / "faces" / "lfw.zip", "a") as archive:
        archive.writestr("README.md", "words")
        archive.writestr(f"{name}/{name}_0009.webp", webp(portrait(1)))
    assert len(list(portraits(tmp_path))) == 3
