"""The best looks at a track: spread over it, large and frontal ones first, and few."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.face_embedding import ARCFACE_TEMPLATE, FaceEmbedder
from detectors.looks import MOST_LOOKS, MOST_TRACKS, SMALLEST, frontal, looks_in, looks_of, quality_of
from detectors.specimen import Clip, FaceSighting, FaceTrack, Frame, Specimen

POINTS = np.asarray(ARCFACE_TEMPLATE, np.float32)


@pytest.fixture(scope="module")
def embedder() -> FaceEmbedder:
    return FaceEmbedder()


def film(frames: int) -> Clip:
    random = np.random.default_rng(0)
    return Clip(
        duration_s=float(frames), declared_s=None, truncated=False, width=200, height=160,
        times_s=np.arange(frames, dtype=np.float64), luma=np.zeros((frames, 36, 64), np.uint8),
        frames=tuple(
            Frame(float(n), random.integers(0, 256, (160, 200, 3)).astype(np.uint8)) for n in range(frames)
        ),
        audio=None,
    )  # fmt: skip


def sighting(frame: int, width: float = 80.0, points: NDArray[np.float32] = POINTS) -> FaceSighting:
    return FaceSighting(frame, float(frame), (20.0, 20.0, width, width), points + 20, 0.9)


def turned(by: float) -> NDArray[np.float32]:
    """The points with the nose moved sideways by a share of the eye distance."""
    points = POINTS.copy()
    points[2, 0] += by * (points[1, 0] - points[0, 0])
    return points


def test_a_frontal_face_scores_one_and_a_profile_nothing() -> None:
    assert frontal(POINTS) > 0.95
    assert frontal(turned(0.25)) == pytest.approx(0.5, abs=0.05)
    assert frontal(turned(0.6)) == 0
    tilted = (POINTS - 56) @ np.array([[0.8, 0.6], [-0.6, 0.8]]) + 56
    assert frontal(tilted.astype(np.float32)) == pytest.approx(frontal(POINTS), abs=1e-4), "a tilted head looks at us"


def test_looks_are_spread_over_the_track_and_the_better_of_neighbours_is_taken(embedder: FaceEmbedder) -> None:
    points = [turned(0.0 if frame % 2 else 0.3) for frame in range(2 * MOST_LOOKS)]
    track = FaceTrack(tuple(sighting(frame, points=points[frame]) for frame in range(len(points))))
    (looks,) = looks_of(film(len(points)), (track,), embedder)
    assert list(looks.times_s) == [float(frame) for frame in range(1, 2 * MOST_LOOKS, 2)]
    assert looks.embeddings.shape == (MOST_LOOKS, 128)
    assert np.allclose(np.linalg.norm(looks.embeddings, axis=1), 1, atol=1e-3)
    assert ((looks.quality > 0) & (looks.quality <= 1)).all()


def test_of_neighbours_that_move_the_sharp_one_is_taken(embedder: FaceEmbedder) -> None:
    sharp = film(2 * MOST_LOOKS)
    frames = [
        frame if number % 2 else replace(frame, rgb=np.asarray(cv2.blur(frame.rgb, (31, 31)), np.uint8))
        for number, frame in enumerate(sharp.frames)
    ]
    track = FaceTrack(tuple(sighting(frame) for frame in range(len(frames))))
    (looks,) = looks_of(replace(sharp, frames=tuple(frames)), (track,), embedder)
    assert list(looks.times_s) == [float(frame) for frame in range(1, 2 * MOST_LOOKS, 2)]


def test_small_faces_are_not_looked_at_and_a_crowd_is_bounded(embedder: FaceEmbedder) -> None:
    small = FaceTrack((sighting(0, width=SMALLEST - 1),))
    assert looks_of(film(1), (small,), embedder) == ()
    crowd = tuple(FaceTrack(tuple(sighting(frame) for frame in range(1 + number % 3))) for number in range(12))
    made = looks_of(film(3), crowd, embedder)
    assert len(made) == MOST_TRACKS
    assert [one.track for one in made] == sorted(one.track for one in made)
    assert {one.track for one in made} >= {2, 5, 8, 11}, "those with most sightings"


def test_points_that_fall_together_are_passed_over(embedder: FaceEmbedder) -> None:
    broken = FaceTrack((sighting(0, points=np.zeros((5, 2), np.float32)),))
    assert looks_of(film(1), (broken,), embedder) == ()


def test_a_sharp_large_look_is_better_than_a_small_or_soft_one() -> None:
    sharp = np.random.default_rng(1).integers(0, 256, (112, 112, 3)).astype(np.uint8)
    soft = np.full((112, 112, 3), 90, np.uint8)
    large = sighting(0, width=120)
    assert quality_of(large, sharp) > quality_of(large, soft)
    assert quality_of(large, sharp) > quality_of(sighting(0, width=40), sharp)


def test_looks_that_were_not_made_before_are_made_when_asked_for() -> None:
    track = FaceTrack(tuple(sighting(frame) for frame in range(3)))
    made = Specimen(clip=film(3), tracks=(track,))
    assert [one.track for one in looks_in(made, None)] == [0]
    assert looks_in(Specimen(clip=film(3), tracks=(track,), looks=()), None) == ()
    assert looks_in(Specimen(tracks=(track,)), None) == ()
