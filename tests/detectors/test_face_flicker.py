"""Flicker of a face against its surroundings, on brightness drawn for it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.contract import ExhibitKind
from detectors.face_flicker import face_flicker
from detectors.glitches import FLICKER_LOG10_LR, Glitches
from detectors.specimen import Clip, FaceSighting, FaceTrack, Frame, Specimen

COUNT, RATE = 120, 25
BOX = (240.0, 90.0, 160.0, 180.0)  # of a frame of 640 x 360, in pixels


def film(seed: int = 0) -> NDArray[np.float64]:
    """A textured picture with a little noise, [120, 36, 64]."""
    random = np.random.default_rng(seed)
    texture = np.kron(random.uniform(60, 180, (6, 8)), np.ones((6, 8)))
    return np.asarray(texture + random.normal(0, 1, (COUNT, 36, 64)))


def face() -> NDArray[np.bool_]:
    """Which cells are the face's."""
    mask = np.zeros((36, 64), bool)
    mask[9:27, 24:40] = True
    return mask


def clip_of(luma: NDArray[np.float64]) -> Clip:
    times = np.arange(COUNT) / RATE
    frames = tuple(Frame(float(time), np.zeros((360, 640, 3), np.uint8)) for time in times[::5])
    small = np.clip(np.rint(luma), 0, 255).astype(np.uint8)
    return Clip(COUNT / RATE, None, False, 640, 360, times, small, frames, None)


def track_of(clip: Clip) -> FaceTrack:
    marks = np.zeros((5, 2), np.float32)
    return FaceTrack(tuple(FaceSighting(i, frame.time_s, BOX, marks, 0.9) for i, frame in enumerate(clip.frames)))


def flickering(luma: NDArray[np.float64], levels: float, where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The film with noise of the brightness of one region, as a match of colours frame by frame leaves it."""
    noise = np.random.default_rng(5).normal(0, levels, COUNT)
    return luma + noise[:, None, None] * where


def test_a_face_that_trembles_in_brightness_flickers_and_counts_a_little() -> None:
    clip = clip_of(flickering(film(), 3.0, face()))
    told = face_flicker(clip, track_of(clip), ())
    assert told is not None
    assert told.flickers
    finding = Glitches().examine(Specimen(clip=clip, tracks=(track_of(clip),)))
    assert finding.log10_lr == FLICKER_LOG10_LR
    assert "flickers against its surroundings" in finding.statement


def test_a_still_face_and_a_flickering_lamp_do_not() -> None:
    quiet = clip_of(film())
    told = face_flicker(quiet, track_of(quiet), ())
    assert told is not None
    assert not told.flickers
    lamp = clip_of(flickering(film(), 3.0, np.ones((36, 64), bool)))
    told = face_flicker(lamp, track_of(lamp), ())
    assert told is not None
    assert not told.flickers


def test_the_outline_of_a_mask_that_jumps_is_told_with_its_time() -> None:
    rows, columns = np.mgrid[:36, :64]
    outline = np.sqrt(((columns - 31.5) / 8) ** 2 + ((rows - 17.5) / 9) ** 2)
    luma = film()
    luma[60:] += 25.0 * ((outline > 0.78) & (outline < 1.15))
    clip = clip_of(luma)
    told = face_flicker(clip, track_of(clip), ())
    assert told is not None
    (jump,) = told.border_jumps
    assert jump == pytest.approx(60 / RATE)
    assert not told.flickers


def test_pairs_across_a_cut_are_left_out_and_a_glimpse_is_not_measured() -> None:
    luma = film()
    luma[60:] = 255 - luma[60:]
    clip = clip_of(luma)
    across, told = face_flicker(clip, track_of(clip), ()), face_flicker(clip, track_of(clip), (60 / RATE,))
    assert across is not None
    assert told is not None
    assert len(told.pulses) == len(across.pulses) - 1
    assert face_flicker(clip, FaceTrack(track_of(clip).sightings[:3]), ()) is None


def test_what_the_face_does_is_shown_by_the_nearest_sampled_frame() -> None:
    clip = clip_of(flickering(film(), 3.0, face()))
    finding = Glitches().examine(Specimen(clip=clip, tracks=(track_of(clip),)))
    (frame,) = [one for one in finding.exhibits if one.kind is ExhibitKind.FRAME]
    assert frame.jpeg is not None
    assert frame.label.startswith("flicker at ")
