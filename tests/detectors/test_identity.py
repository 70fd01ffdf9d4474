"""Whose face it is: what is said of one track and several people, and of what cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.contract import (
    Clip,
    FaceReference,
    FaceSighting,
    FaceTrack,
    Frame,
    Person,
    Reason,
    Specimen,
    Status,
    TrackLooks,
)
from detectors.identity import AGAINST, Identity
from detectors.model_files import bundled, load_model

MODEL = load_model("identity", None)[1]
PERSON = Person("Aurelio Vantor")


def unit(seed: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(seed).normal(size=128)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def near(one: NDArray[np.float32], cosine: float, seed: int = 99) -> NDArray[np.float32]:
    """A unit vector at this cosine."""
    other = unit(seed)
    other = other - (other @ one) * one
    other /= np.linalg.norm(other)
    return np.asarray(cosine * one + np.sqrt(1 - cosine**2) * other, np.float32)


HIS, HERS = unit(1), unit(2)


def specimen(*faces: NDArray[np.float32], **changes: object) -> Specimen:
    """A clip of ten frames with one track a face, and two enrolled people."""
    blank = np.zeros((90, 90, 3), np.uint8)
    clip = Clip(
        duration_s=10.0, declared_s=None, truncated=False, width=90, height=90, times_s=np.arange(10.0),
        luma=np.zeros((10, 36, 64), np.uint8), frames=tuple(Frame(float(n), blank) for n in range(10)), audio=None,
    )  # fmt: skip
    sighting = FaceSighting(0, 0.0, (10, 10, 50, 50), np.zeros((5, 2), np.float32), 0.9)
    made = Specimen(
        clip=clip,
        tracks=tuple(FaceTrack(tuple(replace(sighting, frame=n) for n in range(6))) for _ in faces),
        looks=tuple(
            TrackLooks(number, np.array([0.0, 5.0]), np.stack([face, face]), np.array([1.0, 0.5], np.float32))
            for number, face in enumerate(faces)
        ),
        person=PERSON,
        faces=(
            FaceReference("Aurelio Vantor", HIS[None], MODEL.sha256),
            FaceReference("Bea Quill", HERS[None], MODEL.sha256),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_like_face_supports_and_never_proves() -> None:
    finding = Identity().examine(specimen(near(HIS, 0.8)))
    assert finding.status is Status.OK
    assert finding.score == pytest.approx(0.8, abs=1e-3)
    assert MODEL.calibration is not None
    assert finding.log10_lr == pytest.approx(MODEL.calibration.log10_lr(0.8), abs=1e-3)
    assert finding.log10_lr > 1
    assert "60% of the sampled frames" in finding.statement
    assert "a look-alike or a swapped face would match as well" in finding.statement
    times, likeness = zip(*finding.exhibits[0].series, strict=True)
    assert times == (0.0, 5.0)
    assert likeness == pytest.approx((0.8, 0.8), abs=1e-3)


def test_another_face_refutes_little() -> None:
    finding = Identity().examine(specimen(near(HIS, 0.0)))
    assert finding.log10_lr == AGAINST
    assert finding.statement.startswith("No face in the clip is like Aurelio Vantor's")


def test_the_most_like_of_several_faces_counts_and_others_are_named() -> None:
    finding = Identity().examine(specimen(near(HERS, 0.9), near(HIS, 0.7)))
    assert finding.score == pytest.approx(0.7, abs=1e-3)
    assert "Also seen is a face like that of Bea Quill." in finding.statement


def test_who_is_watched_is_asked_even_where_somebody_else_is_seen() -> None:
    finding = Identity().examine(specimen(near(HERS, 0.9)))
    assert finding.log10_lr < 0
    assert "Bea Quill" in finding.statement


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clip": None}, Reason.NO_VIDEO),
        ({"faces": ()}, Reason.NO_REFERENCE),
        ({"faces": (FaceReference("Aurelio Vantor", HIS[None], "0" * 64),)}, Reason.NO_REFERENCE),
        ({"faces": (FaceReference("Bea Quill", HERS[None], MODEL.sha256),)}, Reason.NO_REFERENCE),
        ({"tracks": (), "looks": ()}, Reason.NO_FACE),
        ({"looks": ()}, Reason.FACE_TOO_SMALL),
    ],
)
def test_what_cannot_be_compared_is_said(changes: dict[str, object], reason: Reason) -> None:
    finding = Identity().examine(specimen(near(HIS, 0.8), **changes))
    assert (finding.status, finding.reason, finding.log10_lr) == (Status.NOT_APPLICABLE, reason, 0.0)
    assert finding.statement.endswith(".")


def test_without_a_model_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = bundled("identity").with_name("absent.onnx")
    monkeypatch.setattr("detectors.identity.bundled", lambda role: absent)
    finding = Identity().examine(specimen(HIS))
    assert finding.reason is Reason.NO_MODEL
