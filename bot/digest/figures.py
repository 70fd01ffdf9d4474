"""The geometry of the page's figures; templates draw it, so that all text in them is escaped like any other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.digest.formats import clip_time, plural, short_count
from bot.digest.model import Measure, Score, Strip

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
    """Values over time in a frame of :data:`WIDTH` by :data:`HEIGHT` units; `highest` and `lowest` label its scale."""

    bars: tuple[Bar, ...]
    left: float
    right: float
    top: float
    bottom: float
    zero: float
    mean: float | None
    highest: str
    lowest: str
    start: str
    end: str
    description: str


@dataclass(frozen=True, slots=True)
class Meter:
    """Support to the right or left of the middle of a line of 100 units."""

    x: float
    width: float
    positive: bool


def chart(score: Score, duration_s: float | None, *, least: float = 2.0) -> Chart:
    """Lay out values: bars, because between two looks nothing was measured that a line could claim.

    The scale is a whole number where values are large and one decimal where they are small, and holds zero; values of
    both signs get the same scale up and down, so that a lean to one side is seen as it is. With `least` above zero the
    scale is of both signs and goes at least so far, so that small scores look small.
    """
    left, right, top, bottom = _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM
    largest = max(abs(score.lowest), abs(score.highest)) or 1.0
    limit = max(least, float(math.ceil(largest)) if largest > 1 else math.ceil(largest * 10) / 10)
    signed_both = least > 0 or score.lowest < 0
    zero = (top + bottom) / 2 if signed_both else bottom
    last = score.points[-1][0]
    end = max(last, duration_s or 0.0) or 1.0
    width = min(10.0, max(1.5, (right - left) / (1.6 * len(score.points))))
    bars = []
    for time, value in score.points:
        height = abs(value) / limit * (zero - top)
        middle = left + width / 2 + time / end * (right - left - width)
        bars.append(Bar(middle - width / 2, zero - height if value > 0 else zero, width, height, value > 0))
    mean = None
    if score.mean is not None and (-limit if signed_both else 0) <= score.mean <= limit:
        mean = zero - score.mean / limit * (zero - top)
    scale = f"{limit:g}"
    return Chart(
        bars=tuple(bars),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        zero=zero,
        mean=mean,
        highest=f"+{scale}" if signed_both else scale,
        lowest=f"−{scale}" if signed_both else "0",
        start=clip_time(0),
        end=clip_time(end),
        description=told(score),
    )


def outline(bars: Sequence[Bar], *, positive: bool) -> str:
    """The bars of one sign as the outline of one path, empty where there are none.

    A series has up to 240 bars and a page several series: one path is a fraction of the text of so many elements.
    """
    return "".join(
        f"M{bar.x:.1f} {bar.y:.1f}h{bar.width:.1f}v{bar.height:.1f}h-{bar.width:.1f}z"
        for bar in bars
        if bar.positive == positive
    )


def told(score: Score) -> str:
    """Values over time in one sentence, for those who cannot see them drawn."""
    first, last = score.points[0][0], score.points[-1][0]
    return (
        f"{plural(len(score.points), 'value')} from {clip_time(first)} to {clip_time(last)}: "
        f"lowest {signed(score.lowest)}, highest {signed(score.highest)}."
    )


STRIP_WIDTH = 640
"""Units of a strip's line of time; it is drawn as wide as its place."""

_SHADES = 4
"""Steps of colour to either side: more cannot be told apart in a strip that is a few pixels high."""

_NARROWEST = 5.0
_NUMBER_ROOM = 22.0
"""Units from one number to the next, so that they can be read apart on a phone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a heat strip; `shade` goes from -4 (leans to genuine) over 0 to 4 (leans to synthetic)."""

    x: float
    width: float
    shade: int

    @property
    def name(self) -> str:
        """The style's name for the shade."""
        return f"s{self.shade}" if self.shade >= 0 else f"g{-self.shade}"


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a glitch lies on the line of time, with the number that the legend below explains."""

    x: float
    width: float
    number: int
    words: str
    numbered: bool
    """Whether there is room for its number above the line."""


@dataclass(frozen=True, slots=True)
class StripChart:
    """A strip laid out: cells of the score, the outline of the changes from frame to frame, marks of glitches."""

    cells: tuple[Cell, ...]
    outline: str
    ticks: tuple[Tick, ...]
    ticks_left_out: int
    end: str
    description: str


def strip(told: Strip) -> StripChart:
    """Lay out what was measured over the time of a clip.

    Each look at the face colours the line of time half-way to the looks beside it, and no farther than a second:
    a stretch without a look stays empty. Shades count whole logits, so that small scores stay pale.
    """
    scale = STRIP_WIDTH / told.end_s
    marks = told.marks[:MOST_TICKS]
    ticks: list[Tick] = []
    free = 0.0
    for number, one in enumerate(marks, 1):
        x = min(one.start_s * scale, STRIP_WIDTH - _NARROWEST)
        width = max(_NARROWEST, (min(one.end_s, told.end_s) - one.start_s) * scale)
        words = f"{one.label}, at {one.start_s:.1f} s"
        ticks.append(Tick(x, width, number, words, x + width / 2 >= free))
        if ticks[-1].numbered:
            free = x + width / 2 + _NUMBER_ROOM
    return StripChart(
        cells=() if told.score is None else tuple(_cells(told.score, told.end_s, scale)),
        outline=_outline(told.changes, scale),
        ticks=tuple(ticks),
        ticks_left_out=len(told.marks) - len(marks),
        end=clip_time(told.end_s),
        description=_described(told),
    )


MOST_TICKS = 8
"""Marks that are numbered and explained; the case page names all."""


def _cells(score: Score, end_s: float, scale: float) -> Iterator[Cell]:
    times = [at for at, _ in score.points]
    for place, (at, value) in enumerate(score.points):
        before = (times[place - 1] + at) / 2 if place else 0.0
        after = (times[place + 1] + at) / 2 if place + 1 < len(times) else end_s
        start, end = max(before, at - 1.0), min(after, at + 1.0)
        shade = max(-_SHADES, min(_SHADES, round(value)))
        yield Cell(start * scale, max(1.0, (end - start) * scale), shade)


def _outline(changes: Sequence[tuple[float, float]], scale: float) -> str:
    """The changes as an area from a base line of 100 units up to 0, in proportion to the 95th of a hundred."""
    if len(changes) < 2:
        return ""
    values = sorted(value for _, value in changes)
    usual = values[min(len(values) - 1, len(values) * 95 // 100)] or values[-1] or 1.0
    points = [f"{at * scale:.1f},{100 - 100 * min(1.0, max(0.0, value) / usual):.0f}" for at, value in changes]
    return " ".join([f"{changes[0][0] * scale:.1f},100", *points, f"{changes[-1][0] * scale:.1f},100"])


def _described(told: Strip) -> str:
    parts = []
    if told.score is not None:
        parts.append(describe(told.score))
    elif told.changes:
        parts.append("No face was scored; shown is how the picture runs.")
    if told.marks:
        parts.append(
            "Marked: " + "; ".join(f"{one.label} at {one.start_s:.1f} s" for one in told.marks[:MOST_TICKS]) + "."
        )
    else:
        parts.append("No glitch is marked.")
    return " ".join(parts)


GROWTH_WIDTH, GROWTH_HEIGHT = 240, 56
"""The frame of a chart of growth."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A count over time: a line through its measurements in a frame of 240 by 56 units, from zero upwards."""

    line: str
    area: str
    dots: tuple[tuple[float, float], ...]
    description: str


def growth(measure: Measure | None, noun: str) -> Growth | None:
    """Lay out how a count grew; None where it was measured at one time only, for one point is no line.

    The scale begins at zero where the count at least doubled, else below its smallest value, so that slow growth shows
    too; the numbers beside the chart say how much it was.
    """
    if measure is None or len({at for at, _ in measure.series}) < 2:
        return None
    points = measure.series
    start, span = points[0][0], (points[-1][0] - points[0][0]).total_seconds()
    values = [value for _, value in points]
    low, high = min(values), max(values)
    floor = 0.0 if high >= 2 * low else max(0.0, low - (high - low) * 0.5)
    room = (high - floor) or 1.0
    placed = tuple(
        (
            4 + (at - start).total_seconds() / span * (GROWTH_WIDTH - 8),
            GROWTH_HEIGHT - 4 - (value - floor) / room * (GROWTH_HEIGHT - 10),
        )
        for at, value in points
    )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    return Growth(
        line=line,
        area=f"{placed[0][0]:.1f},{GROWTH_HEIGHT - 4} {line} {placed[-1][0]:.1f},{GROWTH_HEIGHT - 4}",
        dots=placed if len(placed) <= 12 else placed[-1:],
        description=(
            f"{plural(len(points), 'measurement')}: from {short_count(points[0][1])} "
            f"to {short_count(points[-1][1])} {noun}s."
        ),
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
