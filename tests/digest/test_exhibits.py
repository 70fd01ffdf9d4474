"""Pictures, scores and quotations out of stored findings, also where what is stored is not what it should be."""

from __future__ import annotations

from typing import Any

import pytest

from bot.digest import exhibits
from bot.digest.exhibits import Budget
from bot.digest.model import Picture
from bot.pipeline.convert import stored_finding
from detectors.disclosure import Disclosure
from detectors.exhibits import jpeg
from detectors.specimen import ProfileText, Specimen
from storage import Store, StoredFinding
from tests.digest.scene import NOW, face, forgery, seen_faces

ENOUGH = 10_000_000


def finding(*shown: dict[str, Any], detector: str = "forgery", status: str = "ok") -> StoredFinding:
    return StoredFinding(1, detector, "1", "synthesis", status, "A statement.", score=0.5, exhibits=shown)


def pictures(store: Store, *findings: StoredFinding, budget: int = ENOUGH) -> tuple[tuple[Picture, ...], int]:
    return exhibits.pictures(findings, store.evidence, Budget(budget), frames=4, crops=1)


@pytest.fixture
def stored(store: Store) -> tuple[StoredFinding, ...]:
    return tuple(stored_finding(1, one, store.evidence, NOW) for one in (forgery(1.0, 0.5), seen_faces(1)))


def test_frames_come_in_order_of_time_and_cut_outs_after(store: Store, stored: tuple[StoredFinding, ...]) -> None:
    shown, left_out = pictures(store, *stored)
    assert [(one.at_s, one.box is None) for one in shown] == [
        (0.8, False),
        (3.4, False),
        (6.9, False),
        (10.2, False),
        (4.7, True),
    ]
    assert left_out == 0
    assert {(one.width, one.height) for one in shown} == {(202, 360), (224, 224)}


def test_pictures_beyond_the_budget_are_left_out_and_counted(store: Store, stored: tuple[StoredFinding, ...]) -> None:
    whole, _ = pictures(store, *stored)
    budget = len(whole[0].jpeg) + len(whole[1].jpeg)
    shown, left_out = pictures(store, *stored, budget=budget)
    assert sum(len(one.jpeg) for one in shown) <= budget
    assert (len(shown), left_out) == (2, 3)


def test_one_picture_named_twice_is_shown_once(store: Store, stored: tuple[StoredFinding, ...]) -> None:
    shown, left_out = pictures(store, *stored, *stored)
    assert (len(shown), left_out) == (5, 0)


def test_a_picture_that_changed_or_went_is_not_shown(store: Store) -> None:
    good, changed, gone = (store.evidence.keep_bytes(jpeg(face(number)[0]), ".jpg").sha256 for number in range(3))
    path = store.evidence.path(changed)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(jpeg(face(9)[0]))
    store.evidence.delete(gone)
    frames = [{"kind": "frame", "label": "f", "jpeg_sha256": one} for one in (good, changed, gone, "../../etc/passwd")]
    shown, left_out = pictures(store, finding(*frames))
    assert [one.jpeg for one in shown] == [jpeg(face(0)[0])]
    assert left_out == 3


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + 40 * b"x", b"\xff\xd8\xff\xe0"])
def test_what_is_no_jpeg_is_not_shown_as_one(store: Store, data: bytes) -> None:
    sha256 = store.evidence.keep_bytes(data, ".jpg").sha256
    assert pictures(store, finding({"kind": "frame", "label": "f", "jpeg_sha256": sha256})) == ((), 1)


def test_a_picture_of_any_size_does_not_fill_the_page(store: Store) -> None:
    large = jpeg(face(1)[0]) + bytes(exhibits.LARGEST_PICTURE)
    sha256 = store.evidence.keep_bytes(large, ".jpg").sha256
    assert pictures(store, finding({"kind": "crop", "label": "c", "jpeg_sha256": sha256})) == ((), 1)


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ([0.1, 0.2, 0.3, 0.4], (0.1, 0.2, 0.3, 0.4)),
        ([-0.1, 0.9, 0.3, 0.4], (0.0, 0.9, 0.3, 0.1)),
        ([0.1, 0.2, 0.3], None),
        ([0.1, 0.2, 0, 0.4], None),
        (["0.1", 0.2, 0.3, 0.4], None),
        ("left", None),
        (None, None),
    ],
)
def test_a_face_box_stays_within_its_picture(store: Store, box: Any, shown: Any) -> None:
    sha256 = store.evidence.keep_bytes(jpeg(face(1)[0]), ".jpg").sha256
    (picture,), _ = pictures(store, finding({"kind": "frame", "label": "f", "jpeg_sha256": sha256, "box": box}))
    assert picture.box == (None if shown is None else pytest.approx(shown))


def test_a_score_is_in_order_of_time_and_leaves_out_what_is_no_number() -> None:
    series = [[3, 1.5], [1, -0.5], [2, "x"], [4], [-1, 1.0], [5, True]]
    score = exhibits.score([finding({"kind": "series", "label": "a score", "series": series})])
    assert score is not None
    assert score.points == ((1.0, -0.5), (3.0, 1.5))
    assert (score.lowest, score.highest, score.mean) == (-0.5, 1.5, 0.5)


@pytest.mark.parametrize("series", [[], [[1, 2]], None, "x", [[1, "x"], [2, "y"]]])
def test_no_score_is_drawn_from_less_than_two_values(series: Any) -> None:
    assert exhibits.score([finding({"kind": "series", "label": "s", "series": series})]) is None


def test_a_series_of_another_detector_or_of_a_failed_finding_is_not_the_forgery_score() -> None:
    shown = {"kind": "series", "label": "s", "series": [[0, 1], [1, 1]]}
    assert exhibits.score([finding(shown, detector="glitches"), finding(shown, status="failed")]) is None
    assert exhibits.score([finding(shown)]) is not None


def test_a_long_score_is_thinned_and_keeps_its_peaks() -> None:
    series = [[float(at), 9.0 if at == 777 else -8.0 if at == 1500 else 0.1] for at in range(3000)]
    score = exhibits.score([finding({"kind": "series", "label": "s", "series": series})])
    assert score is not None
    assert len(score.points) == 240
    assert (777.0, 9.0) in score.points
    assert (1500.0, -8.0) in score.points
    assert list(score.points) == sorted(score.points)


def quoted(store: Store, profile: ProfileText) -> list[tuple[str, set[str], str, bool]]:
    """What is quoted of a profile, through the real detector: place, kinds, words, whether denied."""
    made = Disclosure().examine(Specimen(profile=profile))
    found = exhibits.quotes([stored_finding(1, made, store.evidence, NOW)])
    return [(one.place, set(one.kind.split("; ")), one.text, one.denied) for one in found]


def test_declarations_are_quoted_plainest_first_and_once(store: Store) -> None:
    profile = ProfileText(handle="deepsomeone", bio="Parody. All deepfake.", caption="fun #parody")
    assert quoted(store, profile) == [
        ("bio", {"deepfake", "parody or satire"}, "Parody. All deepfake.", False),
        ("caption", {"parody or satire"}, "fun #parody", False),
        ("handle", {"a hint in the handle"}, "deepsomeone", False),
    ]


def test_a_denial_is_marked(store: Store) -> None:
    denial = ("bio", {"parody or satire"}, "This is not a parody", True)
    assert quoted(store, ProfileText(bio="This is not a parody")) == [denial]
    assert quoted(store, ProfileText(bio="Hello")) == []


def glitches(*exhibits: dict[str, Any]) -> StoredFinding:
    changes = {"kind": "series", "label": "change", "series": [[0.1 * at, float(at % 7)] for at in range(90)]}
    return finding(changes, *exhibits, detector="glitches")


def test_where_no_face_was_scored_the_strip_shows_how_the_picture_runs() -> None:
    freeze = {"kind": "range", "label": "freeze: one frame is repeated 7 times", "start_s": 3.5, "end_s": 3.8}
    slip = {"kind": "range", "label": "the face may be another one", "start_s": 1.0, "end_s": 2.0}
    told = exhibits.strip([glitches(freeze), finding(slip, detector="drift")], 9.5)
    assert told is not None
    assert told.score is None
    assert len(told.changes) == 90
    assert [(one.kind, one.start_s, one.end_s) for one in told.marks] == [
        ("other face", 1.0, 2.0),
        ("freeze", 3.5, 3.8),
    ]
    assert told.end_s == 9.5


@pytest.mark.parametrize("start", [None, "x", -1.0, float("nan")])
def test_a_stretch_without_a_place_in_time_is_not_marked(start: Any) -> None:
    told = exhibits.strip([glitches({"kind": "range", "label": "freeze", "start_s": start})], None)
    assert told is not None
    assert told.marks == ()


def test_nothing_measured_is_no_strip() -> None:
    assert exhibits.strip([finding({"kind": "text", "label": "x", "text": "y"})], 10.0) is None


def test_the_contact_sheet_begins_with_the_face_that_was_compared_and_has_one_glitch(store: Store) -> None:
    def kept(seed: int, kind: str, at: float, **more: Any) -> dict[str, Any]:
        sha256 = store.evidence.keep_bytes(jpeg(face(seed)[0]), ".jpg").sha256
        return {"kind": kind, "label": f"{kind} {seed}", "start_s": at, "jpeg_sha256": sha256, **more}

    faces = finding(*(kept(at, "frame", float(at), box=[0.1, 0.1, 0.2, 0.2]) for at in range(8)), detector="faces")
    glitch = finding(kept(20, "frame", 3.5), kept(21, "frame", 5.5), detector="glitches")
    likeness = finding(kept(30, "crop", 2.5), detector="identity")
    shown, left_out = pictures(store, faces, finding(kept(40, "crop", 1.0)), glitch, likeness)
    assert [(one.kind, one.at_s) for one in shown] == [
        ("likeness", 2.5), ("frame", 0.0), ("glitch", 3.5), ("frame", 4.0), ("frame", 7.0),
    ]  # fmt: skip
    assert left_out == 0


def test_copies_are_named_once_and_only_followed_where_they_are_addresses() -> None:
    addresses = ("https://a.example/1", "javascript:alert(1)", "https://a.example/1")
    shown = ({"kind": "text", "label": "same pictures elsewhere", "field": "address", "text": one} for one in addresses)
    assert [one.href for one in exhibits.copies([finding(*shown, detector="copies")])] == ["https://a.example/1", None]
