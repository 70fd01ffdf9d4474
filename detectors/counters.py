"""Counters of a platform over time, and what can be said of their growth.

Platforms show views, likes and followers from caches that disagree, and take back what they hold for false, so that a
counter may fall, come back, or be hidden for a while. Growth is what rises above all that was shown before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

SHORTEST = timedelta(minutes=30)
"""Shortest time over which growth is told: platforms refresh their counters only every few minutes."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A counter rose by `by`, which is negative where it fell, within so many hours."""

    by: int
    hours: float

    @property
    def per_hour(self) -> float:
        """Mean growth per hour."""
        return self.by / self.hours


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: (time, value) pairs, oldest first, one a time; made by :func:`counter`."""

    points: tuple[tuple[datetime, int], ...]

    @property
    def latest(self) -> int:
        """The value that was shown last.

        Raises:
            IndexError: there is none.
        """
        return self.points[-1][1]

    @property
    def until(self) -> datetime:
        """When it was shown last.

        Raises:
            IndexError: it never was.
        """
        return self.points[-1][0]

    def since(self, start: datetime) -> Rise | None:
        """The growth from zero at `start`, as of a post that was published then; None over too short a time."""
        return self._rise(0, start) if self.points else None

    def lately(self, window: timedelta) -> Rise | None:
        """The growth within the last `window`, or since the first value where that is later; None where too short.

        It is counted from the highest value before, so that a counter that dipped and came back did not grow.
        """
        if len(self.points) < 2:
            return None
        first = max(0, bisect_right(self.points, self.until - window, key=lambda point: point[0]) - 1)
        highest = max(value for _, value in self.points[: first + 1])
        return self._rise(highest, self.points[first][0])

    def fastest(self) -> Rise | None:
        """The growth per hour at its fastest, between two values at least half an hour apart; None without such."""
        highest = list(accumulate((value for _, value in self.points), max))
        best: Rise | None = None
        before = 0
        for place, (at, _) in enumerate(self.points):
            while before + 1 < place and at - self.points[before + 1][0] >= SHORTEST:
                before += 1
            step = at - self.points[before][0]
            if step < SHORTEST:
                continue
            rise = Rise(highest[place] - highest[before], step / timedelta(hours=1))
            if best is None or rise.per_hour > best.per_hour:
                best = rise
        return best

    def _rise(self, value: int, start: datetime) -> Rise | None:
        took = self.until - start
        return Rise(self.latest - value, took / timedelta(hours=1)) if took >= SHORTEST else None


def counter(points: Iterable[tuple[datetime, int | None]]) -> Counter:
    """The values that were shown and can be, in the order of their times; of several at one time the last given."""
    shown = {at: value for at, value in points if value is not None and value >= 0}
    return Counter(tuple(sorted(shown.items())))
