"""Grades of reach and the words for them."""

from __future__ import annotations

import pytest

from bot.verdict.reach import Reach, reach, told


@pytest.mark.parametrize(
    ("views", "likes", "followers", "grade"),
    [
        (9_999, None, 9_999, Reach.SMALL),
        (10_000, None, 0, Reach.SOME),
        (99_999, None, 0, Reach.SOME),
        (100_000, None, 0, Reach.LARGE),
        (1_000_000, None, 0, Reach.MASS),
        (0, None, 379_500, Reach.LARGE),
        (5_400_000, None, 379_500, Reach.MASS),
        (None, None, 1_000_000, Reach.MASS),
        (None, 10_000, None, Reach.LARGE),
        (12, 10_000, None, Reach.SMALL),  # views are known: likes say nothing more
        (None, None, None, Reach.SOME),  # unknown is not small
    ],
)
def test_the_highest_known_number_grades(
    views: int | None, likes: int | None, followers: int | None, grade: Reach
) -> None:
    assert reach(views, likes, followers) is grade


@pytest.mark.parametrize(
    ("views", "likes", "followers", "text"),
    [
        (5_400_000, 12, 379_500, "5.4 million views, 379,500 followers"),
        (1_450_000, None, None, "1.4 million views"),
        (1_000_000, None, 0, "1 million views, 0 followers"),
        (999_999, None, None, "999,999 views"),
        (1, None, 1, "1 view, 1 follower"),
        (None, 1_200, None, "1,200 likes"),
        (2_550_000_000, None, None, "2.5 billion views"),
        (None, None, None, "reach not known"),
    ],
)
def test_reach_in_words_never_says_more_than_was_counted(
    views: int | None, likes: int | None, followers: int | None, text: str
) -> None:
    assert told(views, likes, followers) == text
