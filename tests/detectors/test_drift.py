"""Whether a face stays itself: a stretch that is another face is found and shown, and counts for nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.contract import ExhibitKind, Reason, Status
from detectors.drift import Drift, least_like
from detectors.errors import ModelError
from detectors.model_files import bundled
from detectors.specimen import Clip, FaceSighting, FaceTrack, Frame, Specimen, TrackLooks
from tests.conftest import STAND_INS

FRAMES = 12


def unit(seed: int) -> NDArray[np.float64]:
    vector = np.random.default_rng(seed).normal(size=128)
    return np.asarray(vector / np.linalg.norm(vector))


def faces(*people: int, spread: float = 0.3) -> NDArray[np.float32]:
    """One look a number: the same number is the same person, turned a little."""
    made = [unit(person) + spread * unit(1000 + place) for place, person in enumerate(people)]
    return np.stack([one / np.linalg.norm(one) for one in made]).astype(np.float32)


def looks(embeddings: NDArray[np.float32], quality: NDArray[np.float32] | None = None, track: int = 0) -> TrackLooks:
    count = len(embeddings)
    good = np.ones(count, np.float32) if quality is None else quality
    return TrackLooks(track, np.arange(count, dtype=np.float64), embeddings, good)


def specimen(*several: NDArray[np.float32], **changes: object) -> Specimen:
    """A clip of a frame a second, each of its own shade, with one track for each set of embeddings."""
    clip = Clip(
        duration_s=float(FRAMES), declared_s=None, truncated=False, width=90, height=90,
        times_s=np.arange(FRAMES * 1.0),
        luma=np.zeros((FRAMES, 36, 64), np.uint8),
        frames=tuple(Frame(float(n), np.full((90, 90, 3), 20 * n, np.uint8)) for n in range(FRAMES)), audio=None,
    )  # fmt: skip
    sighting = FaceSighting(0, 0.0, (10, 10, 50, 50), np.zeros((5, 2), np.float32), 0.9)
    made = Specimen(
        clip=clip,
        tracks=tuple(
            FaceTrack(tuple(replace(sighting, frame=n, time_s=float(n)) for n in range(len(one)))) for one in several
        ),
        looks=tuple(looks(one, track=number) for number, one in enumerate(several)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_face_that_stays_is_said_to_stay() -> None:
    finding = Drift().examine(specimen(faces(*[1] * 12)))
    assert finding.status is Status.OK
    assert finding.statement.startswith("The face stays like itself over 12 looks at it")
    assert finding.score is not None
    assert finding.score > 0.8
    (series,) = finding.exhibits
    assert len(series.series) == 12
    assert min(value for _, value in series.series) > 0.8


def test_a_slip_is_shown_with_its_time_and_counts_for_nothing() -> None:
    finding = Drift().examine(specimen(faces(1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1)))
    assert finding.log10_lr == 0
    assert finding.statement.startswith("From 4.0 to 6.0 s the face is so unlike the rest of 12 looks at it")
    assert finding.score is not None
    assert finding.score < 0.3
    series, span, slipped, usual = finding.exhibits
    assert (span.kind, span.start_s, span.end_s) == (ExhibitKind.RANGE, 4.0, 6.0)
    assert slipped.start_s in (4.0, 5.0, 6.0)
    assert usual.start_s not in (4.0, 5.0, 6.0)
    assert (slipped.kind, usual.kind) == (ExhibitKind.CROP, ExhibitKind.CROP)
    assert all(value < 0.3 for time, value in series.series if 4 <= time <= 6)
    assert all(value > 0.7 for time, value in series.series if not 4 <= time <= 6)


def test_a_face_that_changes_for_good_is_found_as_well() -> None:
    found = least_like(looks(faces(*[1] * 5, *[2] * 7)))
    assert found is not None
    assert list(np.flatnonzero(found.inside)) in (list(range(5)), list(range(6, 12)), list(range(7, 12)))
    assert found.cosine < 0.3


def test_one_odd_look_is_no_stretch() -> None:
    found = least_like(looks(faces(*[1] * 6, 2, *[1] * 5)))
    assert found is not None
    assert found.cosine > 0.5


def test_looks_that_show_little_are_left_out() -> None:
    embeddings = faces(1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1)
    quality = np.array([1.0] * 4 + [0.1] * 3 + [1.0] * 5, np.float32)
    found = least_like(looks(embeddings, quality))
    assert found is not None
    assert len(found.inside) == 9
    assert found.cosine > 0.8


def test_the_worst_of_several_tracks_is_told() -> None:
    finding = Drift().examine(specimen(faces(*[1] * 12), faces(3, 3, 3, 3, 4, 4, 4, 4)))
    assert "rest of 8 looks" in finding.statement


def test_what_is_seldom_seen_beside_a_face_is_left_out() -> None:
    made = specimen(faces(*[1] * 12), faces(3, 3, 3, 4, 4, 4))
    small = tuple(replace(one, box=(0.0, 0.0, 20.0, 20.0)) for one in made.tracks[1].sightings)
    finding = Drift().examine(replace(made, tracks=(made.tracks[0], FaceTrack(small))))
    assert finding.statement.startswith("The face stays like itself over 12 looks at it")


def test_without_a_calibration_nothing_is_called_a_slip(tmp_path: Path) -> None:
    shutil.copy(STAND_INS / "identity.onnx", tmp_path)
    card = (STAND_INS / "identity.toml").read_text("utf-8")
    (tmp_path / "identity.toml").write_text(card.partition("[calibration]")[0], "utf-8")
    slipped = specimen(faces(1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1))
    assert len(Drift(STAND_INS / "identity.onnx").examine(slipped).exhibits) == 4
    finding = Drift(tmp_path / "identity.onnx").examine(slipped)
    assert "has no calibration that could say whether it is another one" in finding.statement
    assert len(finding.exhibits) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clip": None}, Reason.NO_VIDEO),
        ({"tracks": (), "looks": ()}, Reason.NO_FACE),
        ({"looks": ()}, Reason.TOO_FEW_FRAMES),
        ({"looks": (looks(faces(1, 1, 1, 1, 1)),)}, Reason.TOO_FEW_FRAMES),
        ({"looks": (looks(faces(*[1] * 12), np.full(12, 0.1, np.float32)),)}, Reason.TOO_FEW_FRAMES),
    ],
)
def test_what_cannot_be_compared_is_said(changes: dict[str, object], reason: Reason) -> None:
    finding = Drift().examine(specimen(faces(*[1] * 12), **changes))
    assert (finding.status, finding.reason, finding.log10_lr) == (Status.NOT_APPLICABLE, reason, 0.0)
    assert finding.statement.endswith(".")


def test_a_still_has_no_time_to_drift_in() -> None:
    made = specimen(faces(*[1] * 12))
    assert made.clip is not None
    finding = Drift().examine(replace(made, clip=replace(made.clip, is_still=True)))
    assert finding.reason is Reason.STILL_IMAGE


def test_without_a_model_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = bundled("identity").with_name("absent.onnx")
    monkeypatch.setattr("detectors.drift.bundled", lambda role: absent)
    assert Drift().examine(specimen(faces(*[1] * 12))).reason is Reason.NO_MODEL


def test_a_model_that_is_broken_is_an_error_and_not_a_version() -> None:
    broken = Drift(Path("nowhere") / "identity.onnx")
    assert broken.version == "2"
    with pytest.raises(ModelError, match="nowhere"):
        broken.examine(specimen(faces(*[1] * 12), looks=None))
