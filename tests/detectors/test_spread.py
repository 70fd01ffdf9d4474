"""How far a post goes: the numbers, what they are compared with, and when they are out of the usual."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.verdict.cues import GROWTH as GROWTH_OF_THE_VERDICT
from bot.verdict.cues import growth
from detectors.contract import ExhibitKind, Finding, Question, Reason, Status
from detectors.specimen import ReachHistory, ReachPoint, Specimen
from detectors.spread import FAST_PER_HOUR, GROWTH, LEAST_VIEWS, Spread, counted

START = datetime(2026, 11, 1, tzinfo=UTC)


def point(hours: float, views: int | None = None, likes: int | None = None, followers: int | None = None) -> ReachPoint:
    return ReachPoint(START + timedelta(hours=hours), views, likes, followers)


def finding(*post: ReachPoint, crowd: tuple[ReachPoint, ...] = (), **more: object) -> Finding:
    history = ReachHistory(post=post, account=crowd, **more)  # type: ignore[arg-type]
    return Spread().examine(Specimen(reach=history))


def grown(found: Finding) -> list[str]:
    return [one.label.removeprefix(GROWTH) for one in found.exhibits if one.label.startswith(GROWTH)]


@pytest.mark.parametrize(
    "history", [None, ReachHistory(), ReachHistory(post=(point(0), point(5)), account=(point(0),))]
)
def test_where_nothing_was_measured_nothing_is_said(history: ReachHistory | None) -> None:
    found = Spread().examine(Specimen(reach=history))
    assert (found.status, found.reason) == (Status.NOT_APPLICABLE, Reason.NO_HISTORY)
    assert found.score is None


def test_a_history_is_told_in_one_sentence_with_a_series() -> None:
    found = finding(
        point(10, 100_000, 9_000), point(58, 4_500_000), point(82, 5_400_000, 400_000),
        crowd=(point(0, followers=150_000), point(80, followers=379_500)),
        usual_views=(120_000, 135_000, 150_000, 90_000), published_at=START,
    )  # fmt: skip
    assert found.question is Question.SPREAD
    assert found.log10_lr == 0
    assert (found.score, found.unit) == (5_400_000, "views")
    assert found.statement == (
        "5.4 million views in 3 days, 65,853 an hour on average, 37,500 an hour in the last 24 hours, "
        "91,666 an hour at its fastest, 42 times the account's usual (127,500, the median of 4 other posts), "
        "14 times as many as the account has followers (379,500), 229,500 of them gained in 3 days; "
        "the growth is out of the usual."
    )
    assert grown(found) == [
        "42 times the account's usual views",
        "37,500 views an hour",
        "followers from 150,000 to 379,500 in 3 days",
    ]
    series = found.exhibits[-1]
    assert series.kind is ExhibitKind.SERIES
    assert series.series == ((36_000.0, 100_000.0), (208_800.0, 4_500_000.0), (295_200.0, 5_400_000.0))


def test_the_verdict_reads_the_reason_by_the_words_agreed_on() -> None:
    assert GROWTH == GROWTH_OF_THE_VERDICT
    found = finding(point(0, 50_000), crowd=(point(0, followers=100),))
    assert growth([found]) == "500 times as many views as followers"
    assert growth([finding(point(0, 50_000), crowd=(point(0, followers=40_000),))]) == ""


def test_one_measurement_without_a_publication_tells_no_growth() -> None:
    found = finding(point(0, 1))
    assert found.statement == "1 view, measured once, so that growth cannot be told, no other posts to compare with."
    assert "in 5 hours, 200 an hour on average" in finding(point(5, 1000), published_at=START).statement


def test_a_publication_after_the_first_measurement_is_not_believed() -> None:
    found = finding(point(0, 1000), point(2, 3000), published_at=START + timedelta(hours=1))
    assert "on average" not in found.statement
    assert "1,000 an hour in the last 2 hours" in found.statement
    assert found.exhibits[-1].series[0] == (0.0, 1000.0)


def test_the_accounts_own_normal_goes_before_its_followers() -> None:
    often = finding(point(0, 50_000), crowd=(point(0, followers=100),), usual_views=(40_000, 45_000, 60_000))
    assert grown(often) == []
    seldom = finding(point(0, 50_000), crowd=(point(0, followers=10**6),), usual_views=(400, 450, 600))
    assert grown(seldom) == ["111 times the account's usual views"]
    two_others = finding(point(0, 50_000), crowd=(point(0, followers=100),), usual_views=(40_000, 45_000))
    assert grown(two_others) == ["500 times as many views as followers"]
    assert "2 other posts to compare with" in two_others.statement


def test_ten_times_next_to_nothing_is_not_out_of_the_usual() -> None:
    few = {"usual_views": (3, 4, 5), "crowd": (point(0, followers=2), point(9, followers=90))}
    assert grown(finding(point(0, LEAST_VIEWS - 1), **few)) == []  # type: ignore[arg-type]
    assert grown(finding(point(0, LEAST_VIEWS), **few)) == ["2,500 times the account's usual views"]  # type: ignore[arg-type]
    nothing = finding(point(0, LEAST_VIEWS), usual_views=(0, 0, 0), crowd=(point(0, followers=0),))
    assert grown(nothing) == ["10,000 times the account's usual views"]


def test_fast_growth_counts_whatever_the_account() -> None:
    quiet = finding(point(0, 0), point(1, FAST_PER_HOUR - 1), usual_views=(10**6,) * 5)
    fast = finding(point(0, 0), point(1, FAST_PER_HOUR), usual_views=(10**6,) * 5)
    assert (grown(quiet), grown(fast)) == ([], ["10,000 views an hour"])


def test_counters_that_fall_and_views_that_are_hidden_are_told_as_they_are() -> None:
    fallen = finding(point(0, 90_000), point(30, 70_000), crowd=(point(0, followers=500), point(30, followers=480)))
    assert "20,000 fewer than were shown before" in fallen.statement
    assert "20 of them lost in 30 hours" in fallen.statement
    hidden = finding(point(0, None, 10), point(4, None, 50_000), usual_views=(5, 6, 7), crowd=(point(0, followers=9),))
    assert (hidden.score, hidden.unit) == (50_000, "likes")
    assert "views are not shown" in hidden.statement
    assert grown(hidden) == []


def test_a_long_history_is_drawn_with_its_ends() -> None:
    found = finding(*(point(number / 4, 10 * number) for number in range(2000)))
    series = found.exhibits[-1].series
    assert len(series) == 96
    assert (series[0], series[-1]) == ((0.0, 0.0), (1999 * 900.0, 19_990.0))


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (0.4, "less than 1"), (12_300.9, "12,300"), (999_999, "999,999"), (1_000_000, "1 million"),
     (5_499_999, "5.4 million"), (2_000_000_000, "2 billion")],
)  # fmt: skip
def test_counts_are_cut_and_not_rounded_up(value: float, told: str) -> None:
    assert counted(value) == told
