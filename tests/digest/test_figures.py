"""The geometry of the figures: what is drawn is what was measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.figures import HEIGHT, WIDTH, Bar, chart, describe, meter, outline, signed
from bot.digest.model import Score

VALUES = st.floats(-50, 50, allow_nan=False)


def test_bars_stand_on_the_zero_line_at_their_time_and_height() -> None:
    drawn = chart(Score(((0.0, 2.0), (5.0, -1.0), (10.0, 0.0)), mean=1.0, label="s"), duration_s=20.0)
    up, down, flat = drawn.bars
    half = drawn.zero - drawn.top
    assert [up.height, up.y, down.height, down.y] == pytest.approx([half, drawn.top, half / 2, drawn.zero])
    assert (up.positive, down.positive) == (True, False)
    assert flat.height == 0
    span = drawn.right - drawn.left - up.width
    assert [bar.x - drawn.left for bar in drawn.bars] == pytest.approx([0, span / 4, span / 2])
    assert drawn.mean == pytest.approx(drawn.zero - half / 2)
    assert (drawn.highest, drawn.lowest, drawn.start, drawn.end) == ("+2", "−2", "0:00", "0:20")


@given(
    st.lists(st.tuples(st.floats(0, 1e5, allow_nan=False), VALUES), min_size=2, max_size=240).map(sorted),
    st.none() | VALUES,
    st.none() | st.floats(0, 1e5),
)
def test_everything_is_drawn_within_the_frame(
    points: list[tuple[float, float]], mean: float | None, duration: float | None
) -> None:
    drawn = chart(Score(tuple(points), mean, "s"), duration)
    assert len(drawn.bars) == len(points)
    for bar in drawn.bars:
        assert drawn.left - 1e-6 <= bar.x
        assert bar.x + bar.width <= drawn.right + 1e-6
        assert drawn.top - 1e-6 <= bar.y
        assert bar.y + bar.height <= drawn.bottom + 1e-6
    assert drawn.mean is None or drawn.top <= drawn.mean <= drawn.bottom
    assert 0 < drawn.left < drawn.right < WIDTH
    assert 0 < drawn.top < drawn.zero < drawn.bottom < HEIGHT


def test_small_scores_look_small() -> None:
    drawn = chart(Score(((0.0, 0.1), (1.0, -0.1)), None, "s"), None)
    assert drawn.highest == "+2"
    assert all(bar.height < (drawn.zero - drawn.top) / 10 for bar in drawn.bars)
    assert drawn.mean is None


def test_the_sentence_for_those_who_cannot_see_it() -> None:
    assert describe(Score(((1.0, -0.456), (62.0, 1.2)), 0.372, "s")) == (
        "2 looks from 0:01 to 1:02: lowest −0.46, highest +1.20, mean +0.37; positive leans to synthetic."
    )


@pytest.mark.parametrize(("value", "shown"), [(1.2, "+1.20"), (-0.35, "−0.35"), (0, "0.00"), (-0.001, "0.00")])
def test_signed_values(value: float, shown: str) -> None:
    assert signed(value) == shown


def test_a_meter_goes_to_the_side_that_is_supported() -> None:
    assert meter(None) is None
    assert meter(0.0) is None
    right, left, full = meter(2.0), meter(-1.0), meter(9.0)
    assert right is not None
    assert left is not None
    assert full is not None
    assert (right.x, right.width, right.positive) == (50, 25, True)
    assert (left.x, left.width, left.positive) == (37.5, 12.5, False)
    assert full.x + full.width == 100


def test_bars_of_one_sign_are_one_path_in_their_order() -> None:
    bars = (Bar(1, 2, 3, 4.25, True), Bar(5, 6, 3, 1, False), Bar(9, 2.04, 3, 4, True))
    assert outline(bars, positive=True) == "M1.0 2.0h3.0v4.2h-3.0zM9.0 2.0h3.0v4.0h-3.0z"
    assert outline(bars, positive=False) == "M5.0 6.0h3.0v1.0h-3.0z"
    assert outline(bars[::2], positive=False) == ""
