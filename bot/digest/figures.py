"""The geometry of the page's figures; templates draw it, so that all text in them is escaped like any other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.digest.formats import clip_time, plural
from bot.digest.model import Score

WIDTH, HEIGHT = 340, 148
"""The frame of a chart, in units of about a pixel."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 2.0, 20.0, 22.0

FULL_SUPPORT = 4.0
"""log10 at which a meter is full: the judge's bound on a sum, beyond which the words do not grow."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One value as a bar from the zero line: up, towards synthetic, where `positive`."""

    x: float
    y: float
    width: float
    height: float
    positive: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A score over time in a frame of :data:`WIDTH` by :data:`HEIGHT` units."""

    bars: tuple[Bar, ...]
    left: float
    right: float
    top: float
    bottom: float
    zero: float
    mean: float | None
    limit: int
    start: str
    end: str
    description: str


@dataclass(frozen=True, slots=True)
class Meter:
    """Support to the right or left of the middle of a line of 100 units."""

    x: float
    width: float
    positive: bool


def chart(score: Score, duration_s: float | None) -> Chart:
    """Lay out a score: bars, because between two looks nothing was measured that a line could claim.

    The scale is the same up and down, a whole number and at least 2, so that small scores look small.
    """
    left, right, top, bottom = _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM
    zero = (top + bottom) / 2
    limit = max(2, math.ceil(max(abs(score.lowest), abs(score.highest))))
    last = score.points[-1][0]
    end = max(last, duration_s or 0.0) or 1.0
    width = min(10.0, max(1.5, (right - left) / (1.6 * len(score.points))))
    bars = []
    for time, value in score.points:
        height = abs(value) / limit * (zero - top)
        middle = left + width / 2 + time / end * (right - left - width)
        bars.append(Bar(middle - width / 2, zero - height if value > 0 else zero, width, height, value > 0))
    mean = None
    if score.mean is not None and abs(score.mean) <= limit:
        mean = zero - score.mean / limit * (zero - top)
    return Chart(
        bars=tuple(bars),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        zero=zero,
        mean=mean,
        limit=limit,
        start=clip_time(0),
        end=clip_time(end),
        description=describe(score),
    )


def describe(score: Score) -> str:
    """A score in one sentence, for those who cannot see it drawn."""
    first, last = score.points[0][0], score.points[-1][0]
    mean = "" if score.mean is None else f", mean {signed(score.mean)}"
    return (
        f"{plural(len(score.points), 'look')} from {clip_time(first)} to {clip_time(last)}: "
        f"lowest {signed(score.lowest)}, highest {signed(score.highest)}{mean}; positive leans to synthetic."
    )


def signed(value: float) -> str:
    """A score or weight with its sign and two digits: "+1.20", "−0.35", "0.00"."""
    text = f"{abs(value):.2f}"
    if text == "0.00":
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def meter(log10_lr: float | None) -> Meter | None:
    """How far support goes to either side; None where there is nothing to show."""
    if log10_lr is None or abs(log10_lr) < 0.005:
        return None
    width = min(1.0, abs(log10_lr) / FULL_SUPPORT) * 50
    return Meter(50 if log10_lr > 0 else 50 - width, width, log10_lr > 0)
