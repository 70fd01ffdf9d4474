"""What goes in comes out, whatever a platform sends; what cannot be kept is refused by name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import (
    Account,
    PollRecord,
    PostState,
    Profile,
    RecordInvalid,
    SeenPost,
    Store,
    StoredFinding,
    StoredVerdict,
)
from storage.rows import clean_text, column_value, json_text, parse_time, time_text
from tests.storage.conftest import NOW, poll, wanted

HOSTILE = [
    "",
    "a\0b",
    "\ud83d\ude00",  # an emoji in two halves, as JSON may hold it
    "half \ud83d of it",
    "\udc00\ud800",
    "'; DROP TABLE posts; --",
    "<script>alert(1)</script>\r\n\u202e\x1b[31m",
    "\U0010ffff\ufeff",
    '{"a": 1}',
    "ünï 影片 🏌🏽‍♂️",
]

# every code point, the surrogates included
texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=())))
counts = st.one_of(st.none(), st.integers(), st.sampled_from([2**63 - 1, 2**63, -(2**63), 10**5000]))
numbers = st.one_of(st.none(), st.floats())
flags = st.one_of(st.none(), st.booleans())
times = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))]),
)
finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), finite, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip
mappings = st.dictionaries(texts, plain, max_size=3)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Account]]:
    """One store for all examples: what they add is told apart by number."""
    with Store.open(tmp_path_factory.mktemp("rows") / "store") as made:
        made.sync_accounts([wanted()])
        yield made, made.accounts()[0]


def as_kept(value: Any) -> Any:
    """What must come back for a value: text made valid, numbers that no column holds as None."""
    match value:
        case bool() | None | datetime():
            return value
        case str():
            return clean_text(str(value))
        case int():
            return value if -(2**63) <= value < 2**63 else None
        case float():
            return value if math.isfinite(value) else None
        case _:
            return value


def clean_json(value: Any) -> Any:
    """A JSON value with its texts made valid."""
    match value:
        case str():
            return clean_text(value)
        case dict():
            return {clean_text(key): clean_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [clean_json(inner) for inner in value]
        case _:
            return value


@given(text=texts)
def test_text_becomes_valid_and_loses_nothing_else(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    assert cleaned == "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in joined)


def test_half_an_emoji_is_a_mark_and_two_halves_are_an_emoji() -> None:
    assert clean_text("\ud83d\ude00") == "😀"
    assert clean_text("a\ud83d") == "a\ufffd"
    assert clean_text("\ud83db\0c") == "\ufffdb\0c"


@given(first=times, second=times)
def test_times_come_back_and_their_text_is_in_their_order(first: datetime, second: datetime) -> None:
    assert parse_time(time_text(first)) == first
    assert len(time_text(first)) == len("2026-11-24T07:30:00.000000Z")
    assert (time_text(first) < time_text(second)) is (first < second)


def test_a_time_without_zone_and_one_outside_of_the_calendar_are_refused() -> None:
    with pytest.raises(RecordInvalid, match="has no zone"):
        time_text(datetime(2026, 11, 24))  # noqa: DTZ001 - the point
    with pytest.raises(RecordInvalid, match="does not exist in UTC"):
        time_text(datetime.max.replace(tzinfo=timezone(-timedelta(hours=1))))


@pytest.mark.parametrize("value", [b"bytes", 1j, {1, 2}, object()])
def test_what_has_no_column_type_is_refused(value: object) -> None:
    with pytest.raises(RecordInvalid, match="no column type"):
        column_value(value)
    with pytest.raises(RecordInvalid, match="kept as JSON"):
        json_text({"inner": value})


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_json_takes_no_number_that_is_none(value: float) -> None:
    with pytest.raises(RecordInvalid, match="kept as JSON"):
        json_text([value])


def test_equal_mappings_are_equal_text() -> None:
    assert json_text({"b": 1, "a": 2}) == json_text({"a": 2, "b": 1}) == '{"a":2,"b":1}'


@settings(max_examples=60, deadline=None)
@given(
    caption=texts, url=texts, number=texts, duration=numbers, label=flags, published=st.one_of(st.none(), times),
    views=counts, likes=counts,
)  # fmt: skip
def test_posts_come_back(
    shared: tuple[Store, Account],
    caption: str,
    url: str,
    number: str,
    duration: float | None,
    label: bool | None,
    published: datetime | None,
    views: int | None,
    likes: int | None,
) -> None:
    store, account = shared
    listed = SeenPost(number, url, caption, published, duration_s=duration, ai_label=label, views=views, likes=likes)
    new = poll(store, account, [listed])
    post = store.find_post(account.id, number)
    assert post is not None
    assert post.platform_id == clean_text(number)
    if new:
        expected = (as_kept(url), as_kept(caption), published, as_kept(duration), label)
        assert (post.url, post.caption, post.published_at, post.duration_s, post.ai_label) == expected
        assert new == [post]
        assert isinstance(post.state, PostState)
        # nobody has fewer than no views
        shown = tuple(None if (kept := as_kept(count)) is None or kept < 0 else kept for count in (views, likes))
        metrics = store.post_metrics(post.id)
        assert [(one.views, one.likes) for one in metrics] == ([] if shown == (None, None) else [shown])


@settings(max_examples=60, deadline=None)
@given(
    statement=texts, score=numbers, weight=finite, exhibit=mappings,
    question=mappings, at=times,
)  # fmt: skip
def test_findings_verdicts_and_trails_come_back(
    shared: tuple[Store, Account],
    statement: str,
    score: float | None,
    weight: float,
    exhibit: dict[str, Any],
    question: dict[str, Any],
    at: datetime,
) -> None:
    store, account = shared
    poll(store, account, [SeenPost("1", "u")])
    post = store.find_post(account.id, "1")
    assert post is not None
    finding = StoredFinding(
        post.id, "d", "1", "identity", "ok", statement, score=score, log10_lr=weight, exhibits=(exhibit,)
    )
    store.record_examination(post.id, [finding, dataclasses.replace(finding, detector="e")], at=at)
    kept = store.findings(post.id)
    assert [one.detector for one in kept] == ["d", "e"]
    assert kept[0] == dataclasses.replace(
        finding,
        statement=clean_text(statement),
        score=as_kept(score),
        exhibits=(clean_json(exhibit),),
        examined_at=at,
    )
    verdict = StoredVerdict(post.id, "unrelated", "none", "rule", statement, questions=question, counter=statement)
    store.record_verdict(verdict, at=at)
    assert store.verdict(post.id) == dataclasses.replace(
        verdict,
        summary=clean_text(statement),
        counter=clean_text(statement),
        questions=clean_json(question),
        judged_at=at,
    )


def test_a_polls_trail_comes_back(shared: tuple[Store, Account]) -> None:
    store, account = shared
    trail = ({"host": "www.tiktok.com", "status": 429, "retry_after_s": 12.5}, {"host": "x", "error": "Reset\0"})
    record = PollRecord(account.id, NOW, "rate_limited", "\ud800 slow", 2, elapsed_s=0.25, trail=trail)
    store.record_poll(record, next_check_at=NOW, succeeded=False)
    kept = store.polls(account.id)[-1]
    assert kept == dataclasses.replace(record, detail="\ufffd slow", new_posts=0)


@settings(max_examples=40, deadline=None)
@given(name=texts, bio=texts, verified=flags, avatar=texts)
def test_a_profile_is_kept_once_however_hostile(
    shared: tuple[Store, Account], name: str, bio: str, verified: bool | None, avatar: str
) -> None:
    """Half an emoji is mended on its way in, which must not look like a change at each poll."""
    store, account = shared
    shown = Profile(account.id, NOW, "handle", name, bio, verified, avatar)
    poll(store, account, profile=shown)
    before = store.profiles(account.id)
    poll(store, account, profile=shown)
    assert store.profiles(account.id) == before
    latest = store.latest_profile(account.id)
    assert latest is not None
    assert (latest.display_name, latest.bio) == (clean_text(name), clean_text(bio))


def test_a_number_that_must_be_there_is_missed_by_name(shared: tuple[Store, Account]) -> None:
    store, account = shared
    with pytest.raises(RecordInvalid, match=r"polls\.elapsed_s"):
        store.record_poll(PollRecord(account.id, NOW, "ok", elapsed_s=math.nan), next_check_at=NOW, succeeded=True)
