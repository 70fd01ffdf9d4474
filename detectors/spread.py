"""The `spread` detector: how far does the post go, how fast, and is that out of the usual?

What is out of the usual is measured by the account itself: by the views that its other posts have, or by its followers
where there are too few others. Nothing is compared with other accounts, whose numbers the store does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.counters import Counter, Rise, counter
from detectors.specimen import ReachHistory, Specimen

GROWTH = "growth: "
"""Begins the label of an exhibit that says why the growth is out of the usual; the reason follows, for the verdict."""

OUT_OF_THE_USUAL = 10.0
"""Times the account's usual views, or its followers, from which a post spreads out of the usual.

A choice, not a measurement: beyond ten times its followers, nine in ten views came from elsewhere even if every
follower looked once; and beyond ten times the median of its other posts, hardly any of these comes near it.
"""

LEAST_OTHERS = 3
"""Other posts from which their median tells what is usual; of fewer, a single hit would make or hide it."""

LEAST_VIEWS = 10_000
"""Views below which nothing is called out of the usual: ten times next to nothing is still next to nothing."""

FAST_PER_HOUR = 10_000
"""Views an hour from which growth is out of the usual whatever the account: the next grade of reach, a hundred thousand
views, is then half a day away."""

DOUBLED = 2.0
"""Times its followers by which an account grows out of the usual within a week."""

LEAST_FOLLOWERS = 1_000
"""Followers that must have come within that week, for the same reason as :data:`LEAST_VIEWS`."""

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_DRAWN = 96
"""Values of a series: enough for a chart; a post that is measured each quarter of an hour for weeks has thousands."""


class Spread:
    """Tells views, likes, followers and their growth, which weigh nothing but raise how pressing a post is."""

    name = "spread"
    version = "1"
    question: ClassVar[Question] = Question.SPREAD
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Say how far the post goes; not applicable where neither views nor likes were ever shown."""
        history = specimen.reach
        seen = None if history is None else _seen(history)
        if history is None or seen is None:
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                "Neither views nor likes of this post were measured.", Reason.NO_HISTORY,
            )  # fmt: skip
        reasons = _reasons(seen)
        return Finding(
            self.name, self.version, self.question, Status.OK, _statement(seen, reasons),
            score=float(seen.counts.latest), unit=seen.unit,
            exhibits=(
                *(Exhibit(ExhibitKind.TEXT, f"{GROWTH}{reason}") for reason in reasons),
                Exhibit(
                    ExhibitKind.SERIES,
                    f"{seen.unit} since {'publication' if history.published_at else 'first seen'}",
                    series=_series(seen.counts, seen.start),
                ),
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seen:
    """A history, measured.

    `counts` are the views, or the likes where views are hidden; `start` is the publication, or the first measurement;
    `usual` is the median of the other posts' views and `others` how many these are.
    """

    unit: str
    counts: Counter
    start: datetime
    whole: Rise | None
    lately: Rise | None
    fastest: Rise | None
    followers: Counter
    gained: Rise | None
    usual: float | None
    others: int

    @property
    def by_usual(self) -> float | None:
        """Times the usual views; None where likes alone are known, or too few other posts."""
        return None if self.usual is None or self.unit != "views" else self.counts.latest / max(1.0, self.usual)

    @property
    def by_followers(self) -> float | None:
        """Views for each follower; None where either is not known."""
        if self.unit != "views" or not self.followers.points:
            return None
        return self.counts.latest / max(1, self.followers.latest)


def _seen(history: ReachHistory) -> _Seen | None:
    """What there is to say; None without any value."""
    unit, counts = "views", counter((point.at, point.views) for point in history.post)
    if not counts.points:
        unit, counts = "likes", counter((point.at, point.likes) for point in history.post)
    if not counts.points:
        return None
    first = counts.points[0][0]
    # a time of publication that lies behind the first measurement is somebody's clock, not a fact
    published = history.published_at if history.published_at is not None and history.published_at <= first else None
    followers = counter((point.at, point.followers) for point in history.account)
    others = [views for views in history.usual_views if views >= 0]
    return _Seen(
        unit=unit,
        counts=counts,
        start=published or first,
        whole=None if published is None else counts.since(published),
        lately=counts.lately(_DAY),
        fastest=counts.fastest(),
        followers=followers,
        gained=followers.lately(_WEEK),
        usual=median(others) if len(others) >= LEAST_OTHERS else None,
        others=len(others),
    )


def _reasons(seen: _Seen) -> list[str]:
    """Why the growth is out of the usual, each in a few words; empty where it is not."""
    reasons = []
    usual, crowd = seen.by_usual, seen.by_followers
    if seen.unit == "views" and seen.counts.latest >= LEAST_VIEWS:
        if usual is not None:
            # the account's own normal explains more than its followers do: some always reach many others
            if usual >= OUT_OF_THE_USUAL:
                reasons.append(f"{_times(usual)} the account's usual views")
        elif crowd is not None and crowd >= OUT_OF_THE_USUAL:
            reasons.append(f"{_times(crowd)} as many views as followers")
    fast = _fast(seen)
    if seen.unit == "views" and fast is not None and fast.per_hour >= FAST_PER_HOUR:
        reasons.append(f"{counted(fast.per_hour)} views an hour")
    gained = seen.gained
    if gained is not None and gained.by >= LEAST_FOLLOWERS:
        before = seen.followers.latest - gained.by
        if seen.followers.latest >= DOUBLED * before:
            reasons.append(f"followers from {counted(before)} to {counted(seen.followers.latest)} in {_long(gained)}")
    return reasons


def _fast(seen: _Seen) -> Rise | None:
    """The growth that counts: of late, or since publication where it was measured once."""
    return seen.lately or seen.whole


def _statement(seen: _Seen, reasons: list[str]) -> str:
    """One sentence of numbers, and whether they are out of the usual."""
    unit = seen.unit if seen.counts.latest != 1 else seen.unit[:-1]
    parts = [f"{counted(seen.counts.latest)} {unit}" + (f" in {_long(seen.whole)}" if seen.whole else "")]
    if seen.unit == "likes":
        parts.append("views are not shown")
    parts += _speed(seen)
    parts += _compared(seen)
    verdict = "; the growth is out of the usual" if reasons else ""
    return f"{', '.join(parts)}{verdict}."


def _speed(seen: _Seen) -> list[str]:
    parts = []
    if seen.whole is not None:
        parts.append(f"{counted(seen.whole.per_hour)} an hour on average")
    late = seen.lately
    if late is None:
        if seen.whole is None:
            parts.append("measured once, so that growth cannot be told")
    elif late.by < 0:
        parts.append(f"{counted(-late.by)} fewer than were shown before")
    else:
        parts.append(f"{counted(late.per_hour)} an hour in the last {_long(late)}")
    fastest = seen.fastest
    if fastest is not None and late is not None and fastest.per_hour > 2 * max(late.per_hour, 1.0):
        parts.append(f"{counted(fastest.per_hour)} an hour at its fastest")
    return parts


def _compared(seen: _Seen) -> list[str]:
    parts = []
    if seen.by_usual is not None and seen.usual is not None:
        usual = f"{counted(seen.usual)}, the median of {seen.others} other posts"
        parts.append(f"{_times(seen.by_usual)} the account's usual ({usual})")
    elif seen.unit == "views":
        parts.append(f"{seen.others or 'no'} other post{'' if seen.others == 1 else 's'} to compare with")
    if seen.followers.points:
        count = seen.followers.latest
        told = f"{counted(count)} follower{'' if count == 1 else 's'}"
        if seen.by_followers is not None and seen.by_followers >= 2:
            told = f"{_times(seen.by_followers)} as many as the account has followers ({counted(count)})"
        parts.append(told)
        gained = seen.gained
        if gained is not None and gained.by:
            way = "gained" if gained.by > 0 else "lost"
            parts.append(f"{counted(abs(gained.by))} of them {way} in {_long(gained)}")
    return parts


def _series(counts: Counter, start: datetime) -> tuple[tuple[float, float], ...]:
    """Seconds from the start and values, at most 96, the first and the last among them."""
    points = counts.points
    if len(points) > _DRAWN:
        points = tuple(points[place * (len(points) - 1) // (_DRAWN - 1)] for place in range(_DRAWN))
    return tuple(((at - start).total_seconds(), float(value)) for at, value in points)


def counted(value: float) -> str:
    """A count for people, cut and not rounded up: "950", "12,300", "5.4 million"."""
    whole = int(value)
    for size, name in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if whole >= size:
            tenths = whole * 10 // size
            return f"{tenths // 10:,}.{tenths % 10} {name}" if tenths % 10 else f"{tenths // 10:,} {name}"
    return f"{whole:,}" if whole or value <= 0 else "less than 1"


def _times(ratio: float) -> str:
    """A ratio for people: "0.4 times", "3.2 times", "40 times"."""
    return f"{ratio:.1f} times" if ratio < 10 else f"{int(ratio):,} times"


def _long(rise: Rise) -> str:
    """How long a rise took: "45 minutes", "6 hours", "3 days"."""
    if rise.hours < 1.5:
        return f"{round(rise.hours * 60)} minutes"
    if rise.hours < 48:
        return f"{round(rise.hours)} hours"
    return f"{round(rise.hours / 24)} days"
