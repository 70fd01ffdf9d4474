"""Fingerprints of clips, and what is said of copies."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from detectors.contract import Reason, Status
from detectors.copies import OTHER_FACE, Copies
from detectors.fingerprint import MOST, fingerprint
from detectors.pdq import distance, picture_hash
from detectors.specimen import Clip, FaceSighting, FaceTrack, Frame, KnownCopy, KnownPicture, Specimen
from tests.detectors.test_pdq import scene


def clip_of(*pictures: np.ndarray) -> Clip:
    frames = tuple(Frame(float(number), picture) for number, picture in enumerate(pictures))
    return Clip(
        duration_s=float(len(frames)), declared_s=None, truncated=False, width=320, height=240,
        times_s=np.arange(len(frames), dtype=np.float64), luma=np.zeros((len(frames), 36, 64), np.uint8),
        frames=frames, audio=None,
    )  # fmt: skip


def test_a_few_spread_frames_are_hashed_and_flat_ones_are_not() -> None:
    clip = clip_of(*(scene(seed) for seed in range(40)), np.zeros((240, 320, 3), np.uint8))
    hashes = fingerprint(clip)
    assert len(hashes) == MOST - 1, "the last one is black"
    assert [one.time_s for one in hashes] == sorted({one.time_s for one in hashes})
    assert hashes[0].time_s == 0
    assert all(one.face is None for one in hashes)


def test_bars_around_the_picture_are_no_part_of_it() -> None:
    picture = scene(5)
    boxed = np.zeros((400, 320, 3), np.uint8)
    boxed[80:320] = picture
    (one,), (other,) = fingerprint(clip_of(picture)), fingerprint(clip_of(boxed))
    assert distance(one.pdq, other.pdq) <= 4


def test_a_cropped_copy_is_near_an_inner_hash_and_far_from_the_whole() -> None:
    picture = scene(6)
    cropped = np.ascontiguousarray(picture[12:-12, 16:-16])
    (one,), (copy,) = fingerprint(clip_of(picture)), fingerprint(clip_of(cropped))
    assert min(distance(copy.pdq, inner) for inner in one.inner) <= 4
    assert distance(copy.pdq, one.pdq) > 31


def test_a_logo_is_left_out_by_an_inner_hash() -> None:
    for seed in range(8):
        picture = scene(seed)
        marked = picture.copy()
        marked[8:28, 250:310] = 255
        marked[6:26, 10:70] = 0
        (one,), (copy,) = fingerprint(clip_of(picture)), fingerprint(clip_of(marked))
        assert min(distance(mine, other) for mine in copy.inner for other in one.inner) <= 4


def test_a_copy_that_lost_part_of_its_bars_or_wears_a_logo_on_them_is_found() -> None:
    boxed = np.zeros((480, 640, 3), np.uint8)
    boxed[60:420] = scene(9, 640, 360)
    (one,) = fingerprint(clip_of(boxed))
    kept = (one.pdq, *one.inner)
    marked = boxed.copy()
    marked[16:56, 533:619] = 240
    for copy in (np.ascontiguousarray(boxed[24:-24, 32:-32]), marked):
        (other,) = fingerprint(clip_of(copy))
        assert min(distance(mine, theirs) for mine in (other.pdq, *other.inner) for theirs in kept) <= 31


def test_the_face_has_a_hash_of_its_own() -> None:
    picture = scene(7)
    sighting = FaceSighting(0, 0.0, (100.0, 60.0, 80.0, 90.0), np.zeros((5, 2), np.float32), 0.9)
    (with_face,) = fingerprint(clip_of(picture), (FaceTrack((sighting,)),))
    assert with_face.face == picture_hash(np.ascontiguousarray(picture[46:164, 88:192])).bits
    changed = picture.copy()
    changed[70:140, 110:170] = scene(70)[70:140, 110:170]
    (other,) = fingerprint(clip_of(changed), (FaceTrack((sighting,)),))
    assert with_face.face is not None
    assert other.face is not None
    assert distance(with_face.face, other.face) > distance(with_face.pdq, other.pdq)


def known(**changes: object) -> KnownCopy:
    values: dict[str, object] = {
        "url": "https://www.tiktok.com/@other/video/1", "platform": "tiktok", "handle": "other", "official": False,
        "matched": 0.75, "distance": 4, "published_at": datetime(2026, 11, 3, tzinfo=UTC),
    }  # fmt: skip
    return KnownCopy(**(values | changes))  # type: ignore[arg-type]


def test_without_a_lookup_nothing_is_said() -> None:
    finding = Copies().examine(Specimen())
    assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, Reason.NO_LOOKUP)


def test_that_nothing_was_found_is_a_result() -> None:
    finding = Copies().examine(Specimen(copies=()))
    assert finding.status is Status.OK
    assert finding.score == 0
    assert not finding.exhibits


def test_each_copy_is_named_official_ones_first() -> None:
    finding = Copies().examine(Specimen(copies=(known(), known(official=True, handle="star", matched=0.5))))
    assert finding.statement.startswith(
        "2 other posts show the same pictures on 2 accounts: the official account @star"
    )
    assert "75%" in finding.statement
    assert "2026-11-03" in finding.statement
    assert [one.label for one in finding.exhibits] == ["copy of an official clip", "same pictures elsewhere"]
    assert finding.log10_lr == 0


def test_pictures_that_agree_around_another_face_are_no_copy_of_an_official_clip() -> None:
    finding = Copies().examine(Specimen(copies=(known(official=True, face_distance=OTHER_FACE),)))
    assert "the face differs" in finding.statement
    assert finding.exhibits[0].label == "edited copy of an official clip"
    near = Copies().examine(Specimen(copies=(known(official=True, face_distance=OTHER_FACE - 1),)))
    assert near.exhibits[0].label == "copy of an official clip"


def test_many_copies_are_counted_and_what_platforms_say_is_harmless() -> None:
    hostile = known(handle="a\u202eb\x1b[31m", url="https://x.example/\n<script>")
    finding = Copies().examine(Specimen(copies=(hostile, *(known(handle=f"n{number}") for number in range(8)))))
    assert "and 4 more" in finding.statement
    assert not {"\u202e", "\x1b", "\n"} & set(finding.statement + "".join(one.text or "" for one in finding.exhibits))


def test_whose_picture_the_profile_shows_is_told_strongest_rule_first() -> None:
    pictures = (
        KnownPicture("account", "https://x.example/other", None, 2, "tiktok", "other\u202e"),
        KnownPicture("photo", "jane.jpg", "Jane", 9),
        KnownPicture("official", "https://x.example/jane", "Jane", 4, "tiktok", "jane", mirrored=True),
    )
    finding = Copies().examine(Specimen(copies=(), pictures=pictures))
    assert finding.status is Status.OK
    assert finding.statement == (
        "No other post that is kept here shows the same pictures. The profile's picture is that of Jane's official "
        "account @jane on tiktok (rule: picture of an official account; 4 of 256 bits differ, mirrored); the reference "
        "photo jane.jpg of Jane (rule: reference photo; 9 of 256 bits differ); that of @other on tiktok, too "
        "(rule: same picture on another account; 2 of 256 bits differ)."
    )
    assert [(one.label, one.field, one.text) for one in finding.exhibits] == [
        ("picture of an official account", "profile picture", "https://x.example/jane"),
        ("reference photo", "profile picture", "jane.jpg"),
        ("same picture on another account", "profile picture", "https://x.example/other"),
    ]
    assert finding.log10_lr == 0


def test_a_profiles_picture_is_told_where_the_clip_could_not_be_looked_up() -> None:
    picture = KnownPicture("photo", "jane.jpg", "Jane", 0)
    finding = Copies().examine(Specimen(copies=None, pictures=(picture,)))
    assert finding.status is Status.OK
    assert finding.statement.startswith("The pictures were not looked up")
    assert "the reference photo jane.jpg" in finding.statement
    many = tuple(KnownPicture("account", f"https://x.example/{n}", None, n, "tiktok", f"a{n}") for n in range(9))
    told = Copies().examine(Specimen(copies=(), pictures=many))
    assert told.statement.endswith("; and 4 more.")
    assert len(told.exhibits) == 5
