"""From five points and a picture to a unit vector: alignment against known transforms, embedding, averaging."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.errors import ModelError
from detectors.face_embedding import ARCFACE_TEMPLATE, FaceEmbedder, align, average, similarity
from detectors.model_files import ModelSet, load_model
from tests.detectors.onnx_bytes import likeness


def picture(seed: int, side: int = 112) -> NDArray[np.uint8]:
    """A smooth pattern, different for each seed."""
    random = np.random.default_rng(seed)
    rough = random.integers(0, 256, (6, 6, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(rough, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def placed(face: NDArray[np.uint8], scale: float, degrees: float, at: tuple[float, float], size: int) -> tuple[
    NDArray[np.uint8], NDArray[np.float32]
]:  # fmt: skip
    """A picture in which an aligned face lies turned and scaled, and where its five points are there."""
    angle = np.radians(degrees)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = np.hstack([turn, np.array(at)[:, None]])
    large = cv2.warpAffine(face, matrix, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(large, np.uint8), np.asarray(ARCFACE_TEMPLATE @ turn.T + at, np.float32)


@pytest.mark.parametrize(
    ("scale", "degrees", "at", "size"),
    [(1.0, 0.0, (0.0, 0.0), 112), (0.7, 25.0, (90.0, 40.0), 250), (1.9, -40.0, (20.0, 200.0), 500)],
)
def test_a_face_comes_back_from_where_it_was_put(
    scale: float, degrees: float, at: tuple[float, float], size: int
) -> None:
    face = picture(1)
    rgb, points = placed(face, scale, degrees, at, size)
    back = align(rgb, points)
    assert back.shape == (112, 112, 3)
    middle = np.s_[12:100, 12:100]
    assert np.abs(back[middle].astype(int) - face[middle]).mean() < 2.5


def test_a_large_face_is_averaged_not_sampled() -> None:
    """Stripes finer than a pixel of the aligned face must become gray, not stripes of another width."""
    side = 112 * 9
    rgb = np.zeros((side, side, 3), np.uint8)
    rgb[:, ::2] = 200
    back = align(rgb, ARCFACE_TEMPLATE * 9)
    assert np.abs(back[8:-8, 8:-8].astype(int) - 100).max() <= 4


def test_a_large_face_lies_where_a_small_one_does() -> None:
    face = picture(2)
    for times in (3, 8):
        large = np.asarray(cv2.resize(face, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)
        back = align(large, (ARCFACE_TEMPLATE + 0.5) * times - 0.5)
        assert np.abs(back[4:-4, 4:-4].astype(int) - face[4:-4, 4:-4]).mean() < 1.5


def test_the_transform_is_that_of_least_squares() -> None:
    """No small change of turn, scale or shift brings noisy points nearer to the template."""
    random = np.random.default_rng(3)
    points = ARCFACE_TEMPLATE * 1.7 + random.normal(0, 4, (5, 2))
    best = similarity(points, ARCFACE_TEMPLATE)

    def distance(matrix: NDArray[np.float64]) -> float:
        return float(((points @ matrix[:, :2].T + matrix[:, 2] - ARCFACE_TEMPLATE) ** 2).sum())

    assert best[0, 0] == best[1, 1]
    assert best[0, 1] == -best[1, 0]
    for step in (1e-3, -1e-3):
        for change in (
            [[1, 0, 0], [0, 1, 0]],
            [[0, -1, 0], [1, 0, 0]],
            [[0, 0, 50], [0, 0, 0]],
            [[0, 0, 0], [0, 0, 50]],
        ):
            assert distance(best + step * np.array(change, np.float64)) > distance(best)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (np.zeros((5, 2)), "fall together"),
        (np.full((5, 2), np.nan), "needs 5 points"),
        (np.zeros((4, 2)), "needs 5 points"),
    ],
)
def test_points_that_are_no_face_are_refused(points: NDArray[np.float64], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        align(picture(1), points.astype(np.float32))


def test_a_face_beyond_the_border_repeats_it() -> None:
    rgb = np.full((60, 60, 3), 77, np.uint8)
    for away in (0.0, 500.0):
        assert (align(rgb, ARCFACE_TEMPLATE * 4 + away) == 77).all()


def test_embeddings_have_unit_length_and_know_a_pattern_again(stand_ins: ModelSet) -> None:
    embedder = FaceEmbedder(stand_ins.identity)
    crops = np.stack([picture(seed) for seed in range(6)])
    brighter = np.clip(crops.astype(int) + 9, 0, 255).astype(np.uint8)
    one, two = embedder(crops), embedder(brighter)
    assert one.shape == (6, 128)
    assert one.dtype == np.float32
    assert np.linalg.norm(one, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = one @ two.T
    assert np.diag(cosines).min() > 0.97
    assert cosines[~np.eye(6, dtype=bool)].max() < 0.9
    assert embedder.card.calibration is not None


def test_a_foreign_model_is_fed_as_its_card_says_and_brought_to_unit_length(
    tmp_path: Path, stand_ins: ModelSet
) -> None:
    path = tmp_path / "foreign.onnx"
    path.write_bytes(likeness())
    path.with_suffix(".toml").write_text(
        f'name = "foreign"\nversion = "1"\nsha256 = "{hashlib.sha256(likeness()).hexdigest()}"\n'
        '[input]\nlayout = "NCHW"\nsize = [112, 112]\ncolours = "RGB"\nscale = 1.0\n[output]\nname = "fc1"\n'
    )
    crops = np.stack([picture(seed) for seed in range(3)])
    assert FaceEmbedder(path)(crops) == pytest.approx(FaceEmbedder(stand_ins.identity)(crops), abs=0.02)


def test_a_face_without_any_pattern_has_no_embedding(stand_ins: ModelSet) -> None:
    with pytest.raises(ValueError, match="zero or not a number"):
        FaceEmbedder(stand_ins.identity)(np.full((1, 112, 112, 3), 90, np.uint8))


@pytest.mark.parametrize("shape", [(112, 112, 3), (2, 3, 112, 112), (0, 112, 112, 3)])
def test_what_is_no_aligned_face_is_refused(stand_ins: ModelSet, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="face"):
        FaceEmbedder(stand_ins.identity)(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("", r"an identity model takes crop and gives embedding; this one takes data and gives fc1, .* lacks size"),
        (
            '[input]\nlayout="NCHW"\nsize=[112, 112]\ncolours="RGB"\nscale=255.0\n[output]\nname="other"',
            r'output\.name must be "fc1"',
        ),
        ('[input]\nlayout="NCHW"\nsize=[160, 160]\ncolours="RGB"\nscale=255.0', r"size is \[160, 160\].* 112 x 112"),
        ('[input]\nlayout="NHWC"\nsize=[112, 112]\ncolours="RGB"\nscale=255.0\n[output]\nname="fc1"', "cannot be run"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(tmp_path: Path, card: str, message: str) -> None:
    path = tmp_path / "foreign.onnx"
    path.write_bytes(likeness())
    head = f'name = "foreign"\nversion = "1"\nsha256 = "{hashlib.sha256(likeness()).hexdigest()}"\n'
    path.with_suffix(".toml").write_text(head + card)
    with pytest.raises(ModelError, match=message):
        FaceEmbedder(path)


def test_a_model_of_another_role_is_refused(tmp_path: Path, stand_ins: ModelSet) -> None:
    (source,) = stand_ins.forgery
    assert source is not None
    shutil.copy(source, tmp_path)
    shutil.copy(source.with_suffix(".toml"), tmp_path)
    with pytest.raises(ModelError, match="an identity model takes crop and gives embedding; this one takes crop and"):
        load_model("identity", tmp_path / "forgery.onnx")


def test_the_average_points_between_the_looks() -> None:
    looks = np.eye(4, dtype=np.float32)[:2]
    assert average(looks) == pytest.approx([0.5**0.5, 0.5**0.5, 0, 0], abs=1e-6)
    assert average(looks, np.array([3.0, 4.0])) == pytest.approx([0.6, 0.8, 0, 0], abs=1e-6)
    assert average(looks, np.array([0.0, 2.0])) == pytest.approx([0, 1, 0, 0])


@pytest.mark.parametrize(
    ("looks", "weights", "message"),
    [
        (np.zeros((0, 4), np.float32), None, "no looks"),
        (np.array([[1, 0], [-1, 0]], np.float32), None, "cancel"),
        (np.eye(2, dtype=np.float32), [1.0], "weight"),
        (np.eye(2, dtype=np.float32), [1.0, -1.0], "weight"),
        (np.eye(2, dtype=np.float32), [0.0, 0.0], "weight"),
        (np.eye(2, dtype=np.float32), [np.nan, 1.0], "weight"),
    ],
)
def test_looks_that_have_no_average_are_refused(
    looks: NDArray[np.float32], weights: list[float] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        average(looks, None if weights is None else np.array(weights))
