"""A search for look-alikes on the loopback platforms: answers, walls, going on, pictures; and what is asked at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.demo.platforms import StandIn, State, TikTok, TikTokAccount
from bot.lookalikes import ABSENT, EXISTS, WALL, Asked, Avatars, Pace, Question, ask, avatars_of, questions, unanswered
from bot.lookalikes.asking import BUDGET, state_of
from bot.sources.contract import Outcome
from bot.sources.registry import SourceSettings
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from detectors.handle_candidates import Candidate
from detectors.specimen import OfficialAccount, Person
from storage import Lookalike, PlatformState, Purpose, Store
from tests.conftest import PERSON

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MEDIA = Path(__file__).parents[2] / "bot" / "demo" / "media"


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with StandIn(TikTok()) as made:
        yield made


@pytest.fixture(scope="module")
def sources(server: StandIn) -> Iterator[SourceWorker]:
    with SourceWorker(SourceSettings(server.dialer()), memory_bytes=None) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as made:
        yield made


def question(handle: str) -> Question:
    return Question("tiktok", Candidate(handle, "same letters", ("exact",), 1.5), f"https://www.tiktok.com/@{handle}")


def search(
    handles: list[str],
    store: Store,
    sources: SourceWorker,
    *,
    now: datetime = NOW,
    avatars: Avatars | None = None,
    stopping: threading.Event | None = None,
    config: Config = Config(),  # noqa: B008  (a frozen value)
) -> Asked:
    pace = Pace(0, lambda: 0.5, threading.Event())
    asked = [question(handle) for handle in handles]
    return ask(
        PERSON, asked, config=config, store=store, sources=sources, pace=pace, clock=lambda: now, avatars=avatars,
        stopping=stopping,
    )  # fmt: skip


def test_every_outcome_is_an_answer_or_a_wall() -> None:
    answers = {outcome: state_of(outcome) for outcome in Outcome}
    assert {outcome for outcome, state in answers.items() if state == EXISTS} == {
        Outcome.OK,
        Outcome.EMPTY,
        Outcome.PRIVATE,
    }
    assert [outcome for outcome, state in answers.items() if state == ABSENT] == [Outcome.GONE]


def test_what_exists_is_told_with_what_is_shown_and_what_does_not_is_absent(
    server: StandIn, sources: SourceWorker, store: Store
) -> None:
    server.tiktok.put(TikTokAccount("vantor.real", "The real \x1b one", "call me", followers=5))
    server.tiktok.put(TikTokAccount("vantor.closed", state=State.PRIVATE))
    asked = search(["vantor.real", "vantor.nobody", "vantor.closed"], store, sources)
    assert [one.state for one in asked.answers] == [EXISTS, ABSENT, EXISTS]
    assert store.lookalikes(PERSON) == asked.answers
    real = asked.answers[0]
    assert (real.display_name, real.bio, real.followers) == ("The real \x1b one", "call me", 5)
    assert real.rules == ("exact",)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (State.CHALLENGE, Outcome.CHALLENGED),
        (State.FORBIDDEN, Outcome.BLOCKED),
        (State.RATE_LIMITED, Outcome.RATE_LIMITED),
        (State.NO_DATA, Outcome.EXTRACTOR_BROKEN),
        (State.RESET, Outcome.NETWORK),
        (State.INTERNAL_REDIRECT, Outcome.NETWORK),
    ],
)
def test_a_wall_is_neither_there_nor_absent(
    server: StandIn, sources: SourceWorker, store: Store, state: State, outcome: Outcome
) -> None:
    server.tiktok.put(TikTokAccount("vantor.walled", state=state))
    (answer,) = search(["vantor.walled"], store, sources).answers
    assert (answer.state, answer.outcome) == (WALL, str(outcome))


def test_a_platform_that_throttles_is_left_alone_and_the_search_goes_on_later(
    server: StandIn, sources: SourceWorker, store: Store
) -> None:
    server.tiktok.put(TikTokAccount("vantor.walled", state=State.RATE_LIMITED, retry_after_s=7200))
    server.clear()
    handles = ["vantor.nobody", "vantor.walled", "vantor.nobody2"]
    asked = search(handles, store, sources)
    assert [one.state for one in asked.answers] == [ABSENT, WALL]
    assert asked.left == {"tiktok": 1}
    assert "rate_limited; left alone until 2026-11-25 14:00" in asked.why_left["tiktok"]
    assert len(server.requests(path="/@vantor.nobody2")) == 0
    server.tiktok.put(TikTokAccount("vantor.walled"))
    later = NOW + timedelta(hours=3)
    left = unanswered([question(handle) for handle in handles], store.lookalikes(PERSON), later)
    assert [one.candidate.handle for one in left] == handles[1:]
    again = search([one.candidate.handle for one in left], store, sources, now=later)
    assert [one.state for one in again.answers] == [EXISTS, ABSENT]
    assert unanswered([question(handle) for handle in handles], store.lookalikes(PERSON), later) == ()
    month = later + timedelta(days=31)
    assert len(unanswered([question(handle) for handle in handles], store.lookalikes(PERSON), month)) == 3


def test_a_stop_leaves_the_rest_for_later(sources: SourceWorker, store: Store) -> None:
    stopping = threading.Event()
    stopping.set()
    asked = search(["vantor.a", "vantor.b"], store, sources, stopping=stopping)
    assert (asked.answers, asked.left, asked.stopped) == ([], {"tiktok": 2}, True)


def test_a_day_has_a_budget(server: StandIn, sources: SourceWorker, store: Store) -> None:
    spent = Lookalike(PERSON, "tiktok", "x", "u", ("exact",), 1.0, ABSENT, "gone", NOW, requests=BUDGET)
    store.record_lookalike(spent)
    asked = search(["vantor.nobody"], store, sources)
    assert asked.answers == []
    assert "limit" in asked.why_left["tiktok"]
    assert len(search(["vantor.nobody"], store, sources, now=NOW + timedelta(days=2)).answers) == 1


def test_the_breaker_is_that_of_the_watch(sources: SourceWorker, store: Store) -> None:
    store.record_platform(PlatformState("tiktok", "blocked", NOW, held_until=NOW + timedelta(hours=1)))
    assert search(["vantor.nobody"], store, sources).left == {"tiktok": 1}


def test_the_limits_and_quiet_hours_of_the_watch_are_kept(sources: SourceWorker, store: Store) -> None:
    quiet = Config.model_validate({"polling": {"platforms": [{"name": "tiktok", "quiet": "11:00-13:00"}]}})
    asked = search(["vantor.nobody"], store, sources, config=quiet)
    assert asked.why_left == {"tiktok": "these are its quiet hours (11:00-13:00)"}
    store.record_requests("tiktok", Purpose.CONTROL, 1195, at=NOW)
    assert "as much as polling allows" in search(["vantor.nobody"], store, sources).why_left["tiktok"]


def test_a_pause_keeps_one_platform_waiting_and_a_stop_ends_it() -> None:
    import time

    stopping = threading.Event()
    pace = Pace(0.3, lambda: 0.5, stopping)
    pace.asked("tiktok")
    started = time.monotonic()
    pace.wait("bluesky")
    assert time.monotonic() - started < 0.2
    pace.wait("tiktok")
    assert 0.25 < time.monotonic() - started < 5
    pace.asked("tiktok")
    stopping.set()
    started = time.monotonic()
    pace.wait("tiktok")
    assert time.monotonic() - started < 0.2


def test_the_persons_own_and_watched_accounts_are_not_asked_for() -> None:
    person = Person(PERSON, official=(OfficialAccount("tiktok", "aureliovantor"),))
    config = Config.model_validate(
        {
            "people": [{"name": PERSON, "official": ["https://www.tiktok.com/@aureliovantor"]}],
            "accounts": ["https://www.tiktok.com/@realaureliovantor"],
        }
    )
    asked = questions(person, config, ["tiktok", "youtube"], 20)
    by_platform = {(one.platform, one.candidate.handle) for one in asked}
    assert ("tiktok", "aureliovantor") not in by_platform
    assert ("youtube", "aureliovantor") in by_platform
    assert ("tiktok", "realaureliovantor") not in by_platform
    assert ("youtube", "realaureliovantor") in by_platform
    assert {one.platform for one in asked[:2]} == {"tiktok", "youtube"}, "the platforms take turns"


def test_a_stolen_picture_is_recognised(server: StandIn, sources: SourceWorker, store: Store, tmp_path: Path) -> None:
    official = "https://www.tiktok.com/@aureliovantor"
    server.tiktok.put(TikTokAccount("aureliovantor", avatar=MEDIA / "avatar_official.jpg"))
    server.tiktok.put(TikTokAccount("vantor.thief", avatar=MEDIA / "avatar_official.jpg"))
    server.tiktok.put(TikTokAccount("vantor.other", avatar=MEDIA / "avatar_parody.jpg"))
    server.tiktok.put(TikTokAccount("vantor.broken", avatar=Path(__file__)))
    server.tiktok.put(TikTokAccount("vantor.none"))
    config = Config.model_validate({"people": [{"name": PERSON, "official": [official]}]})
    server.clear()
    with (
        LimitedExecutor(1, timeout_s=60) as executor,
        avatars_of(PERSON, config, sources=sources, executor=executor, store=store, clock=lambda: NOW) as avatars,
    ):
        assert store.other_requests_since("tiktok", NOW) == len(server.requests()) > 1, "it counts for the platform"
        handles = ["vantor.thief", "vantor.other", "vantor.broken", "vantor.none"]
        thief, other, broken, none = search(handles, store, sources, avatars=avatars).answers
    assert (thief.avatar_distance, thief.avatar_like) == (0, f"the picture of {official}")
    assert other.avatar_distance is not None
    assert other.avatar_distance > 31
    assert broken.avatar_distance is None
    assert "cannot be read" in broken.avatar_note
    assert "could not be had" in none.avatar_note
    assert store.lookalikes(PERSON) == [thief, other, broken, none]
