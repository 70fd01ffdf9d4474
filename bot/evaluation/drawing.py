"""The geometry of the report's two pictures; the template draws them, so that all text is escaped like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.metrics import Bin

SIDE = 240.0
"""Side of a plot from 0 to 1, in units of about a pixel."""

LEFT, TOP, RIGHT, BOTTOM = 34.0, 24.0, 24.0, 38.0
WIDTH, HEIGHT = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM

_MOST_POINTS = 500
"""Corners of a drawn curve: two for each unit of the plot."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of the reliability diagram: its area grows with its weight, with a smallest that can be seen."""

    x: float
    y: float
    radius: float
    description: str


def place(across: float, up: float) -> tuple[float, float]:
    """Where a point with both values from 0 to 1 lies in the picture."""
    return LEFT + across * SIDE, TOP + (1 - up) * SIDE


def polyline(curve: Sequence[tuple[float, float]]) -> str:
    """A curve as the `points` of an SVG polyline, thinned evenly where it has more corners than can be seen."""
    step = max(1, -(-len(curve) // _MOST_POINTS))
    kept = [*curve[::step], *curve[-1:]]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in kept))


def dots(bins: Sequence[Bin]) -> tuple[Dot, ...]:
    """The bins of a reliability diagram as dots."""
    drawn = []
    for one in bins:
        x, y = place(one.stated, one.observed)
        text = f"stated {one.stated:.0%}, observed {one.observed:.0%}, {one.count} clips"
        drawn.append(Dot(x, y, max(3.0, 18 * one.weight**0.5), text))
    return tuple(drawn)
