"""Whose face it is: what is said of one track and several people, and of what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.contract import Reason, Status
from detectors.errors import ModelError
from detectors.identity import AGAINST, NAMED_FROM, Identity
from detectors.model_files import bundled, load_model
from detectors.specimen import Clip, FaceReference, FaceSighting, FaceTrack, Frame, Person, Specimen, TrackLooks

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
        tracks=tuple(FaceTrack(tuple(replace(sighting, frame=n, time_s=float(n)) for n in range(6))) for _ in faces),
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


def worth(cosine: float) -> float:
    assert MODEL.calibration is not None
    return MODEL.calibration.log10_lr(cosine)


def a_little_like() -> float:
    """The lowest cosine, in hundredths, that supports a little and not enough to be named, in any model."""
    return next(one for one in (number / 100 for number in range(10, 50)) if 0.1 < worth(one) < NAMED_FROM / 2)


def test_a_like_face_supports_and_never_proves() -> None:
    finding = Identity().examine(specimen(near(HIS, 0.4)))
    assert finding.status is Status.OK
    assert finding.score == pytest.approx(0.4, abs=1e-3)
    assert finding.log10_lr == pytest.approx(worth(0.4), abs=1e-2)
    assert finding.log10_lr > 1
    assert finding.statement.startswith("A face much like Aurelio Vantor's is seen in 60% of the sampled frames")
    assert "a look-alike or a swapped face would match as well" in finding.statement
    assert "Also seen" not in finding.statement


def test_exhibits_show_the_likeness_over_time_and_the_face() -> None:
    made = specimen(near(HIS, 0.8))
    looks = TrackLooks(0, np.array([0.0, 5.0]), np.stack([near(HIS, 0.4), near(HIS, 0.8)]), np.ones(2, np.float32))
    series, span, crop = Identity().examine(replace(made, looks=(looks,))).exhibits
    times, likeness = zip(*series.series, strict=True)
    assert times == (0.0, 5.0)
    assert likeness == pytest.approx((0.4, 0.8), abs=1e-3)
    assert (span.start_s, span.end_s) == (0.0, 5.0)
    assert crop.start_s == 5.0, "the look that is most like"
    assert crop.jpeg is not None
    assert crop.jpeg[:2] == b"\xff\xd8"


def test_another_face_refutes_little() -> None:
    finding = Identity().examine(specimen(near(HIS, 0.0)))
    assert finding.log10_lr == AGAINST
    assert finding.statement.startswith("No face in the clip is like Aurelio Vantor's")


def test_a_face_that_is_a_little_like_is_called_so() -> None:
    finding = Identity().examine(specimen(near(HIS, a_little_like())))
    assert 0 < finding.log10_lr < NAMED_FROM
    assert "is only a little like it" in finding.statement
    assert "It counts" not in finding.statement


def test_why_a_little_likeness_counts_against_is_said() -> None:
    finding = Identity().examine(specimen(near(HIS, a_little_like()), *(unit(seed) for seed in range(10, 17))))
    assert finding.log10_lr == AGAINST
    assert "is only a little like it" in finding.statement
    assert "It counts a little against, because other faces are seen, too." in finding.statement


def test_all_photos_count_and_the_nearest_is_told() -> None:
    face = near(HIS, 0.7)
    photos = np.stack([HIS, near(HIS, 0.5, seed=7)])
    made = specimen(face, faces=(FaceReference("Aurelio Vantor", photos, MODEL.sha256),))
    finding = Identity().examine(made)
    assert finding.score == pytest.approx(float(np.mean(photos @ face)), abs=1e-3)
    assert "to 2 photos, 0.70 to the nearest" in finding.statement


def test_the_better_look_counts_more() -> None:
    looks = TrackLooks(
        0, np.array([0.0, 5.0]), np.stack([near(HIS, 0.8), near(HIS, 0.2)]), np.array([0.9, 0.1], np.float32)
    )
    finding = Identity().examine(replace(specimen(HIS), looks=(looks,)))
    assert finding.score == pytest.approx(0.74, abs=1e-3)


def test_the_most_like_of_several_faces_counts_and_others_are_named() -> None:
    finding = Identity().examine(specimen(near(HERS, 0.9), near(HIS, 0.4)))
    assert finding.score == pytest.approx(0.4, abs=1e-3)
    assert "Also seen is a face like Bea Quill's (60% of the sampled frames, mean cosine 0.90)." in finding.statement


def test_a_chance_likeness_among_many_faces_is_worth_less() -> None:
    alone = Identity().examine(specimen(near(HIS, 0.4)))
    crowd = Identity().examine(specimen(near(HIS, 0.4), *(unit(seed) for seed in range(10, 17))))
    assert crowd.log10_lr == pytest.approx(alone.log10_lr - np.log10(8), abs=0.05)
    assert "It counts for less, because other faces are seen, too." in crowd.statement
    both = Identity().examine(specimen(near(HIS, 0.4), near(HIS, 0.4, seed=5)))
    assert both.log10_lr == pytest.approx(alone.log10_lr, abs=0.05), "two shots of the person are no crowd"


def test_a_prominent_face_counts_more_than_one_in_the_background() -> None:
    made = specimen(near(HIS, 0.4), unit(10))
    small = FaceTrack(tuple(replace(one, box=(0.0, 0.0, 25.0, 25.0)) for one in made.tracks[1].sightings[:3]))
    finding = Identity().examine(replace(made, tracks=(made.tracks[0], small)))
    assert finding.log10_lr > worth(0.4) - 0.15


def test_a_face_that_is_like_two_people_counts_less_for_either() -> None:
    twins = (FaceReference("Aurelio Vantor", HIS[None], MODEL.sha256),
             FaceReference("Twin", near(HIS, 0.95)[None], MODEL.sha256))  # fmt: skip
    alone, beside = (Identity().examine(specimen(near(HIS, 0.7, seed=3), faces=twins[:count])) for count in (1, 2))
    assert beside.log10_lr == pytest.approx(np.log10(2), abs=0.1)
    assert alone.log10_lr > 1.5
    assert "It counts for less, because it is like another person's as well." in beside.statement


def test_who_is_watched_is_asked_even_where_somebody_else_is_seen() -> None:
    finding = Identity().examine(specimen(near(HERS, 0.9)))
    assert finding.log10_lr == AGAINST
    assert finding.statement.startswith("No face in the clip is like Aurelio Vantor's")
    assert finding.statement.endswith("Seen is a face like Bea Quill's (60% of the sampled frames, mean cosine 0.90).")


def test_who_is_seen_is_told_even_where_the_person_is_not_enrolled() -> None:
    made = specimen(near(HERS, 0.9), faces=(FaceReference("Bea Quill", HERS[None], MODEL.sha256),))
    finding = Identity().examine(made)
    assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, Reason.NO_REFERENCE)
    assert "Bea Quill's" in finding.statement


def test_where_nobody_is_named_anybody_enrolled_counts() -> None:
    finding = Identity().examine(specimen(near(HERS, 0.4), person=None))
    assert finding.statement.startswith("A face much like Bea Quill's")
    assert finding.log10_lr == pytest.approx(worth(0.4) - np.log10(2), abs=0.05)
    people = tuple(FaceReference(f"Person {seed}", unit(seed)[None], MODEL.sha256) for seed in range(20, 24))
    several = Identity().examine(specimen(near(unit(20), 0.4), person=None, faces=people))
    assert several.log10_lr == pytest.approx(worth(0.4) - np.log10(4), abs=0.05)
    assert "It counts for less, because it could have been that of any of 4 people." in several.statement


def test_frames_are_counted_once_where_several_tracks_are_like() -> None:
    finding = Identity().examine(specimen(near(HIS, 0.7), near(HIS, 0.7, seed=4)))
    assert "seen in 60% of the sampled frames" in finding.statement


def test_names_are_shown_as_one_line() -> None:
    name = "Bea\nQuill\u202e"
    made = specimen(near(HERS, 0.9), faces=(FaceReference(name, HERS[None], MODEL.sha256),), person=Person(name))
    assert "\n" not in Identity().examine(made).statement
    assert "\u202e" not in Identity().examine(made).statement


def test_what_the_stage_before_could_not_embed_is_a_failure_with_its_reason() -> None:
    """The points of the faces fall together here, so that no look can be cut out."""
    finding = Identity().examine(specimen(HIS, looks=None))
    assert finding.reason is Reason.FACE_TOO_SMALL
    broken = Path("nowhere") / "identity.onnx"
    with pytest.raises(ModelError, match="nowhere"):
        Identity(broken).examine(specimen(HIS, looks=None))
    assert Identity(broken).version == "3"


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
