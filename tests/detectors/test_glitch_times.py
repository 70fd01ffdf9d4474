"""Faults at known times in a scene that moves all along, and what looks like one and is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from detectors.glitch_times import GlitchKind, timing
from tests.detectors.moving import Luma, clip, head

RATE = 30.0
AT = 90
"""The frame at which each fault begins, three seconds in."""


def kinds(luma: list[Luma], rate: float = RATE, times_s: list[float] | None = None) -> list[tuple[GlitchKind, float]]:
    return [(one.kind, one.start_s) for one in timing(clip(luma, rate, times_s)).glitches]


def test_a_clip_that_runs_smoothly_has_no_glitch() -> None:
    told = timing(clip(head(240)))
    assert told.glitches == ()
    assert told.benign == ()


@pytest.mark.parametrize("count", [3, 8, 15])
@pytest.mark.parametrize("held", [False, True])
def test_a_freeze_is_found_where_it_begins(count: int, held: bool) -> None:
    frames = head(240)
    after = AT + 1 + (count if held else 0)
    (found,) = timing(clip(frames[: AT + 1] + [frames[AT]] * count + frames[after:])).glitches
    assert found.kind is GlitchKind.FREEZE
    assert found.start_s == pytest.approx(AT / RATE, abs=0.05)
    assert found.end_s - found.start_s == pytest.approx(count / RATE, abs=0.05)
    assert f"repeated {count} times" in found.how
    assert ("then it jumps" in found.how) == held


@pytest.mark.parametrize(("every", "named"), [(2, "second"), (3, "third")])
def test_a_stutter_is_found_where_it_begins(every: int, named: str) -> None:
    frames = head(240)
    for index in range(AT, AT + 18):
        frames[index] = frames[AT + (index - AT) // every * every]
    (found,) = timing(clip(frames)).glitches
    assert found.kind is GlitchKind.STUTTER
    assert found.start_s == pytest.approx(AT / RATE, abs=0.2)
    assert found.end_s == pytest.approx((AT + 18) / RATE, abs=0.2)
    assert found.how == f"only every {named} frame is new"


def test_frames_at_uneven_times_are_a_stutter() -> None:
    times = np.arange(240) / RATE
    times[AT : AT + 16 : 2] += 0.6 / RATE
    (found,) = timing(clip(head(240), times_s=times.tolist())).glitches
    assert found.kind is GlitchKind.STUTTER
    assert found.start_s == pytest.approx(AT / RATE, abs=0.1)
    assert "early and late" in found.how


@pytest.mark.parametrize("count", [3, 15])
def test_a_hole_in_the_times_is_found(count: int) -> None:
    frames, times = head(240), (np.arange(240) / RATE).tolist()
    del frames[AT + 1 : AT + 1 + count], times[AT + 1 : AT + 1 + count]
    (found,) = timing(clip(frames, times_s=times)).glitches
    assert found.kind is GlitchKind.DROP
    assert found.start_s == pytest.approx(AT / RATE, abs=0.01)
    assert f"{count + 1} times the usual distance" in found.how


def test_a_dropped_run_whose_times_were_closed_up_shows_in_the_motion() -> None:
    frames = head(240)
    del frames[AT + 1 : AT + 7]
    (found,) = timing(clip(frames)).glitches
    assert found.kind is GlitchKind.DROP
    assert found.start_s == pytest.approx(AT / RATE, abs=0.05)
    assert "jumps" in found.how


def test_a_hole_while_the_picture_stands_is_none() -> None:
    """A recorder of screens writes no frame where nothing changes."""
    frames, times = head(120)[:60] + [head(120)[60]] * 60, (np.arange(120) / RATE).tolist()
    del frames[80:100], times[80:100]
    assert kinds(frames, times_s=times) == []


def _repeating(repeated: Sequence[int], slowed: float) -> list[Luma]:
    """Eight seconds of a head that sways so many times slower, in which those frames come twice."""
    frames = head(240, RATE * slowed)
    for index in sorted(repeated, reverse=True):
        frames.insert(index, frames[index])
    return frames


@pytest.mark.parametrize(
    ("slowed", "others", "told"), [(5, (), True), (5, (20, 150, 200), False), (1, (20, 150, 200), True)]
)
def test_a_quiet_freeze_counts_only_where_no_other_frame_repeats(
    slowed: float, others: tuple[int, ...], told: bool
) -> None:
    """Where little moves, a short pause on top of a repeat that a new frame rate leaves looks like a freeze."""
    found = kinds(_repeating([*[AT] * 5, *others], slowed))
    assert [kind for kind, _ in found] == [GlitchKind.FREEZE] * told


def _converted(source: int, target: int) -> tuple[list[Luma], float]:
    frames = head(8 * source, source)
    return [frames[index * source // target] for index in range(8 * target)], float(target)


def _slow() -> tuple[list[Luma], float]:
    """A call at 8 to 11 frames a second."""
    rng, shown = np.random.default_rng(3), []
    for frame in head(80, 10):
        shown += [frame] * int(rng.integers(3, 5))
    return shown, RATE


def _cuts() -> tuple[list[Luma], float]:
    one, two = head(240), head(240, seed=4)
    return one[:70] + two[70:130] + one[130:180] + two[180:], RATE


def _fade() -> tuple[list[Luma], float]:
    """From black, over a dissolve into another scene, to black."""
    one, two, black = head(120), head(120, seed=4), np.zeros_like(head(1)[0])

    def mixed(first: Luma, second: Luma, share: float) -> Luma:
        return np.asarray(np.rint(first * (1 - share) + second * share), np.uint8)

    opening = [mixed(black, frame, index / 20) for index, frame in enumerate(one[:20])]
    middle = [mixed(first, two[index], index / 20) for index, first in enumerate(one[100:])]
    closing = [mixed(frame, black, index / 20) for index, frame in enumerate(two[100:])]
    return [*opening, *one[20:100], *middle, *two[20:100], *closing, *[black] * 10], RATE


def _cards() -> tuple[list[Luma], float]:
    card = [np.full_like(head(1)[0], 20)] * 40
    return [*card, *head(80), *card, *head(80, seed=4), *[head(80, seed=4)[-1]] * 25], RATE


def _slides() -> tuple[list[Luma], float]:
    return [frame for seed in range(8) for frame in head(1, seed=seed) * 35], RATE


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: _converted(24, 30), "about every 5 frames, as after a change of the frame rate"),
        (lambda: _converted(25, 30), "about every 6 frames, as after a change of the frame rate"),
        (lambda: _converted(30, 60), "about every 2 frames, as after a change of the frame rate"),
        (lambda: _converted(25, 60), "as after a change of the frame rate"),
        (lambda: _converted(30, 25), ""),
        (_slow, "recorded at a low rate"),
        (_cuts, "3 cuts are left out"),
        (_fade, ""),
        (_cards, "pictures stand between cuts"),
        (_slides, "pictures stand between cuts"),
    ],
)
def test_what_has_a_pattern_is_no_glitch_and_is_named(made: Callable[[], tuple[list[Luma], float]], said: str) -> None:
    luma, rate = made()
    told = timing(clip(luma, rate))
    assert told.glitches == ()
    assert said in "; ".join(told.benign)


def test_the_varying_rate_of_a_phone_is_no_glitch_and_is_named() -> None:
    """Each frame a little early or late, and half the rate while it is dark."""
    rng = np.random.default_rng(5)
    times = np.arange(240) / RATE + rng.normal(0, 0.0015, 240)
    kept = [index for index in range(240) if not 100 <= index < 160 or index % 2 == 0]
    frames = head(240)
    told = timing(clip([frames[index] for index in kept], times_s=[float(times[index]) for index in kept]))
    assert told.glitches == ()
    assert "the frame rate varies" in "; ".join(told.benign)


def test_many_holes_are_a_rate_that_varies() -> None:
    frames, times = head(300), (np.arange(300) / RATE).tolist()
    kept = [index for index in range(300) if index % 30 > 4]
    assert kinds([frames[index] for index in kept], times_s=[times[index] for index in kept]) == []


def test_a_freeze_stands_out_in_a_clip_that_was_brought_to_another_rate() -> None:
    luma, rate = _converted(24, 30)
    found = kinds(luma[:120] + [luma[120]] * 15 + luma[120:], rate)
    assert [kind for kind, _ in found] == [GlitchKind.FREEZE]
    assert found[0][1] == pytest.approx(4.0, abs=0.1)


def test_a_caption_that_appears_is_no_jump() -> None:
    frames = head(240)
    for frame in frames[100:]:
        frame[30:34, 10:54] = 240
    assert kinds(frames) == []
