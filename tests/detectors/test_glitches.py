"""The detector of glitches on small real videos: what it finds, and what it calls by its name instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.clip import decode
from detectors.contract import ExhibitKind, Finding, Reason, Status
from detectors.frame_changes import frame_changes
from detectors.glitches import TIMING_LOG10_LR, Glitches
from detectors.specimen import Specimen
from detectors.stills import stills
from tests.detectors.media import write_video

Picture = NDArray[np.uint8]


def scene(seed: int = 0) -> Picture:
    """A smooth, textured picture, larger than what is filmed of it."""
    noise = np.random.default_rng(seed).uniform(20, 235, (8, 12, 3)).astype(np.float32)
    return np.clip(cv2.resize(noise, (600, 400), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def pan(count: int, seed: int = 0) -> list[Picture]:
    """The scene as a camera sees it that moves all the time, by one to three pixels a frame."""
    whole = scene(seed)
    at = np.cumsum(2 + np.sin(np.arange(count) / 5))
    return [whole[40:280, int(x) : int(x) + 320].copy() for x in at % 270]


def shown(order: Sequence[int], pictures: Sequence[Picture]) -> list[Picture]:
    return [pictures[index] for index in order]


def looked(path: Path) -> Finding:
    return Glitches().examine(Specimen(path=path, clip=decode(path)))


def ranges(finding: Finding) -> list[tuple[str, float, float]]:
    return [
        (one.label.split(":")[0], one.start_s or 0.0, one.end_s or 0.0)
        for one in finding.exhibits
        if one.kind is ExhibitKind.RANGE
    ]


def test_a_smooth_clip_has_none_and_says_so(tmp_path: Path) -> None:
    finding = looked(write_video(tmp_path / "smooth.mp4", pan(100)))
    assert (finding.status, finding.score, finding.log10_lr) == (Status.OK, 0, 0)
    assert finding.statement.startswith("No freeze, stutter or dropped frames")
    strip = [one for one in finding.exhibits if one.kind is ExhibitKind.SERIES]
    assert len(strip) == 1
    assert len(strip[0].series) == 99


def _quiet(count: int) -> list[Picture]:
    """A wall that stands, and before it something of little contrast that circles by half a pixel a frame."""
    rng = np.random.default_rng(3)
    wall = cv2.resize(rng.uniform(80, 120, (12, 16, 3)).astype(np.float32), (320, 240), interpolation=cv2.INTER_CUBIC)
    soft = cv2.resize(rng.uniform(-3, 3, (30, 40)).astype(np.float32), (320, 240), interpolation=cv2.INTER_CUBIC)
    pictures = []
    for index in range(count):
        by = np.array([[1, 0, 3 * np.sin(index / 6)], [0, 1, 3 * np.cos(index / 6)]], np.float64)
        moved = cv2.warpAffine(soft, by, (320, 240), borderMode=cv2.BORDER_REFLECT)
        pictures.append(np.clip(wall + moved[..., None], 0, 255).astype(np.uint8))
    return pictures


def test_a_freeze_in_a_quiet_scene_shows_in_what_was_not_written_anew(tmp_path: Path) -> None:
    order = [*range(60), *[59] * 9, *range(60, 110)]
    clip = decode(write_video(tmp_path / "quiet.mp4", shown(order, _quiet(110)), group=250))
    changes = frame_changes(clip)
    assert np.median(changes.change) < 0.2, "the scene is quiet"
    (still,) = stills(changes)
    assert 59 <= still.frame <= 63, "the encoder writes the picture that stands anew for a while"
    assert still.frame + still.repeats == 68
    assert [kind for kind, _, _ in ranges(Glitches().examine(Specimen(path=tmp_path, clip=clip)))] == ["freeze"]


@pytest.mark.parametrize("count", [3, 8, 15])
def test_a_freeze_is_found_where_it_is_with_a_frame_beside(tmp_path: Path, count: int) -> None:
    order = [*range(50), *[49] * count, *range(50 + count, 110)]
    finding = looked(write_video(tmp_path / "freeze.mp4", shown(order, pan(110))))
    ((kind, start, end),) = ranges(finding)
    assert kind == "freeze"
    assert start == pytest.approx(49 / 25, abs=0.05)
    assert end == pytest.approx((49 + count) / 25, abs=0.05)
    assert finding.log10_lr == TIMING_LOG10_LR
    assert f"repeated {count} times" in finding.statement
    (frame,) = [one for one in finding.exhibits if one.kind is ExhibitKind.FRAME]
    assert frame.jpeg is not None
    assert frame.start_s == pytest.approx(start, abs=0.5)


def test_a_stutter_is_found_as_one_stretch(tmp_path: Path) -> None:
    order = [*range(50), *(50 + index // 3 * 3 for index in range(18)), *range(68, 110)]
    ((kind, start, end),) = ranges(looked(write_video(tmp_path / "stutter.mp4", shown(order, pan(110)))))
    assert kind == "stutter"
    assert start == pytest.approx(2.0, abs=0.2)
    assert end == pytest.approx(2.7, abs=0.2)


def test_frames_that_come_early_and_late_are_a_stutter(tmp_path: Path) -> None:
    times = [index * 40 + (25 if 50 <= index < 64 and index % 2 else 0) for index in range(110)]
    ((kind, start, _),) = ranges(looked(write_video(tmp_path / "uneven.mp4", pan(110), times_ms=times)))
    assert kind == "stutter"
    assert start == pytest.approx(2.0, abs=0.1)


def test_missing_frames_show_as_a_hole_in_the_times(tmp_path: Path) -> None:
    kept = [index for index in range(110) if not 50 <= index < 55]
    times = [index * 40 for index in kept]
    ((kind, start, end),) = ranges(looked(write_video(tmp_path / "hole.mp4", shown(kept, pan(110)), times_ms=times)))
    assert kind == "dropped frames"
    assert start == pytest.approx(1.96)
    assert end == pytest.approx(2.2)


def test_missing_frames_that_were_closed_up_show_as_a_jump(tmp_path: Path) -> None:
    kept = [index for index in range(110) if not 50 <= index < 58]
    ((kind, start, _),) = ranges(looked(write_video(tmp_path / "jump.mp4", shown(kept, pan(110)))))
    assert kind == "dropped frames"
    assert start == pytest.approx(1.96, abs=0.05)


@pytest.mark.parametrize(
    ("order", "rate"),
    [
        ([index * 4 // 5 for index in range(125)], 30),  # 24 to 30
        ([index * 5 // 6 for index in range(120)], 30),  # 25 to 30
        ([index // 2 for index in range(180)], 60),  # 30 to 60
        ([index * 5 // 12 for index in range(220)], 60),  # 25 to 60
        ([index * 6 // 5 for index in range(80)], 25),  # 30 to 25
        ([index // 3 for index in range(180)], 30),  # a screen at ten frames a second
    ],
    ids=["24 to 30", "25 to 30", "30 to 60", "25 to 60", "30 to 25", "low rate"],
)
def test_another_frame_rate_is_no_glitch(tmp_path: Path, order: list[int], rate: int) -> None:
    finding = looked(write_video(tmp_path / "rate.mp4", shown(order, pan(110)), rate=rate))
    assert ranges(finding) == []
    assert finding.score == 0


def test_repeats_all_along_are_named(tmp_path: Path) -> None:
    finding = looked(write_video(tmp_path / "rate.mp4", shown([i * 5 // 6 for i in range(120)], pan(110)), rate=30))
    assert "change of the frame rate" in finding.statement


def test_slides_cards_and_cuts_are_no_glitches(tmp_path: Path) -> None:
    slides = [picture for seed in range(4) for picture in pan(1, seed) * 40]
    finding = looked(write_video(tmp_path / "slides.mp4", slides))
    assert ranges(finding) == []
    assert "slide show" in finding.statement
    card = [np.full((240, 320, 3), 20, np.uint8)] * 30
    assert ranges(looked(write_video(tmp_path / "card.mp4", pan(50) + card + pan(50, 1)))) == []


def test_a_phone_that_slows_down_in_the_dark_is_no_glitch(tmp_path: Path) -> None:
    kept = [index for index in range(110) if not (40 <= index < 80 and index % 2)]
    random = np.random.default_rng(1)
    times = [index * 40 + int(random.integers(0, 4)) for index in kept]
    assert ranges(looked(write_video(tmp_path / "phone.mp4", shown(kept, pan(110)), times_ms=times))) == []


def test_a_fade_to_black_is_no_glitch(tmp_path: Path) -> None:
    pictures = pan(110)
    for index in range(20):
        pictures[-20 - index] = (pictures[-20 - index] * (index / 20)).astype(np.uint8)
    for index in range(20):
        pictures[-20 + index] = np.zeros_like(pictures[0])
    assert ranges(looked(write_video(tmp_path / "fade.mp4", pictures))) == []


def test_what_cannot_be_judged_is_not_applicable(tmp_path: Path) -> None:
    short = looked(write_video(tmp_path / "short.mp4", pan(12)))
    assert (short.status, short.reason) == (Status.NOT_APPLICABLE, Reason.TOO_FEW_FRAMES)
    still = looked(write_video(tmp_path / "still.mp4", [np.full((240, 320, 3), 90, np.uint8)] * 60))
    assert (still.status, still.reason) == (Status.NOT_APPLICABLE, Reason.STILL_IMAGE)
    words = Glitches().examine(Specimen())
    assert (words.status, words.reason) == (Status.NOT_APPLICABLE, Reason.NO_VIDEO)
