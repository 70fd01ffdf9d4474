"""Whose face is shown, by embeddings whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.contract import Reason
from detectors.model_files import ModelSet, load_model
from detectors.refusal import Refusal
from detectors.shown_face import FaceShown, faces_shown
from detectors.specimen import FaceReference, FaceSighting, FaceTrack, Specimen, TrackLooks


def direction(place: int, cosine: float = 1.0) -> NDArray[np.float32]:
    """A unit vector with this cosine to the axis `place`; the rest points to the last axis."""
    vector = np.zeros(128, np.float32)
    vector[place], vector[127] = cosine, (1 - cosine**2) ** 0.5
    return vector


def track_of(count: int) -> FaceTrack:
    marks = np.zeros((5, 2), np.float32)
    return FaceTrack(tuple(FaceSighting(i, i / 4, (0, 0, 80, 80), marks, 0.9) for i in range(count)))


def shows(*tracks: tuple[int, NDArray[np.float32] | None], faces: tuple[FaceReference, ...]) -> Specimen:
    """Tracks with so many sightings, and what the model says of them."""
    looks = tuple(
        TrackLooks(number, np.zeros(1), one[None], np.ones(1, np.float32))
        for number, (_, one) in enumerate(tracks)
        if one is not None
    )
    return Specimen(tracks=tuple(track_of(count) for count, _ in tracks), looks=looks, faces=faces)


@pytest.fixture(scope="module")
def faces(stand_ins: ModelSet) -> tuple[FaceReference, ...]:
    model = load_model("identity", stand_ins.identity)[1].sha256
    return tuple(
        FaceReference(name, direction(place)[None], model) for place, name in enumerate(("Nova Quill", "Ada Wren"))
    )


def test_a_track_is_given_to_the_person_whom_it_is_most_like(
    faces: tuple[FaceReference, ...], stand_ins: ModelSet
) -> None:
    # the stand-in's calibration is 8 cosine - 4: ten to one from a cosine of 0.625 on
    told = faces_shown(
        shows((6, direction(0, 0.9)), (2, direction(1, 0.7)), (2, None), faces=faces), stand_ins.identity
    )
    assert isinstance(told, tuple)
    assert [(one.person, one.sightings) for one in told] == [("Nova Quill", 6), ("Ada Wren", 2)]
    assert [one.others for one in told] == pytest.approx([0.4, 0.8])


@pytest.mark.parametrize(("cosine", "shown"), [(0.63, True), (0.62, False), (-0.5, False)])
def test_less_than_ten_to_one_shows_nobody(
    faces: tuple[FaceReference, ...], stand_ins: ModelSet, cosine: float, shown: bool
) -> None:
    told = faces_shown(shows((5, direction(0, cosine)), faces=faces), stand_ins.identity)
    if shown:
        assert told == (FaceShown("Nova Quill", 5, 0.0),)
    else:
        assert isinstance(told, Refusal)
        assert told.reason is Reason.NO_FACE


def test_what_keeps_anybody_from_saying_so_is_named(faces: tuple[FaceReference, ...], stand_ins: ModelSet) -> None:
    good = shows((5, direction(0)), faces=faces)
    old = tuple(replace(one, model="0" * 64) for one in faces)
    for specimen, reason in (
        (replace(good, faces=()), Reason.NO_REFERENCE),
        (replace(good, faces=old), Reason.NO_REFERENCE),
        (replace(good, tracks=(), looks=()), Reason.NO_FACE),
        (replace(good, looks=()), Reason.NO_FACE),
        (replace(good, looks=None), Reason.NO_MODEL),
    ):
        told = faces_shown(specimen, stand_ins.identity)
        assert isinstance(told, Refusal)
        assert told.reason is reason
        assert told.statement.endswith(".")
