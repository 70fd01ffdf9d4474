"""How far a post goes: four grades from views, likes and followers, and the words for them."""

from __future__ import annotations

from enum import IntEnum


class Reach(IntEnum):
    """Grades of reach; a larger one never lowers a priority."""

    SMALL = 0
    SOME = 1
    LARGE = 2
    MASS = 3


_FOLLOWERS = ((1_000_000, Reach.MASS), (100_000, Reach.LARGE), (10_000, Reach.SOME))
# The bands by which the advertising trade sorts accounts: mega, macro, micro, nano.

_VIEWS = ((1_000_000, Reach.MASS), (100_000, Reach.LARGE), (10_000, Reach.SOME))
# A post is seen beyond its followers, so views stand beside them on the same bands. Each of the three clips of the case
# that started this had millions of views on a new account.

_LIKES = ((100_000, Reach.MASS), (10_000, Reach.LARGE), (1_000, Reach.SOME))
# Used only where views are hidden: more than one like in ten views is rare, so a tenth does not overstate.


def reach(views: int | None, likes: int | None, followers: int | None) -> Reach:
    """The highest grade that any of the numbers gives.

    Where none is known the grade is SOME: unknown is not small.
    """
    grades = [
        _grade(value, bands)
        for value, bands in (
            (views, _VIEWS),
            (likes if views is None else None, _LIKES),
            (followers, _FOLLOWERS),
        )
        if value is not None
    ]
    return max(grades, default=Reach.SOME)


def told(views: int | None, likes: int | None, followers: int | None) -> str:
    """The reach in words: "5.4 million views, 379,500 followers"; likes stand in where views are hidden."""
    parts = [
        f"{_number(value)} {one if value == 1 else many}"
        for value, one, many in (
            (views, "view", "views"),
            (likes if views is None else None, "like", "likes"),
            (followers, "follower", "followers"),
        )
        if value is not None
    ]
    return ", ".join(parts) or "reach not known"


def _grade(value: int, bands: tuple[tuple[int, Reach], ...]) -> Reach:
    return next((grade for least, grade in bands if value >= least), Reach.SMALL)


def _number(value: int) -> str:
    """Exact below a million; above it cut to one digit, so that it never says more than was counted."""
    for size, name in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if value >= size:
            tenths = value * 10 // size
            return f"{tenths // 10:,}.{tenths % 10} {name}" if tenths % 10 else f"{tenths // 10:,} {name}"
    return f"{value:,}"
