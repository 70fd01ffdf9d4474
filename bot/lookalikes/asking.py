"""Ask the platforms, one handle after the other, through the same door and limits as the watch; kept as it comes.

Every answer is committed before the next question, so that a search that is stopped, or ends at a wall, goes on where
it was. What tells neither that an account exists nor that it does not (a throttle, a captcha, a login, a page that is
not understood) is a wall, and a platform that puts one up is left alone by the same breaker as in the watch.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.config import Config
from bot.lookalikes.avatars import Avatars
from bot.lookalikes.places import PLACES
from bot.lookalikes.questions import Question
from bot.pipeline.breaker import after_poll, door_of, is_held
from bot.pipeline.budget import why_waits
from bot.sources.contract import Listing, ListRequest, Outcome
from bot.sources.worker import SourceWorker
from storage import Lookalike, RecordInvalid, Store
from storage.lookalikes import ABSENT, EXISTS, WALL

PAUSE_S = 3.0
"""Seconds between two questions to one platform, give or take a third; other platforms are asked meanwhile."""

MAX_REQUESTS = 6
DEADLINE_S = 45.0

BUDGET = 300
"""Requests for look-alikes that one platform is sent in a day, beside the polls of the watch."""

_STATES = {Outcome.OK: EXISTS, Outcome.EMPTY: EXISTS, Outcome.PRIVATE: EXISTS, Outcome.GONE: ABSENT}
"""What an outcome says of a handle; every other one is a wall."""


def state_of(outcome: Outcome) -> str:
    """`exists`, `absent`, or `wall` for an outcome that tells neither."""
    return _STATES.get(outcome, WALL)


@dataclass(slots=True)
class Asked:
    """What a search did.

    Attributes:
        answers: new answers, in their order.
        left: questions that were not asked, by platform, with why.
        stopped: it was told to stop.
    """

    answers: list[Lookalike] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    why_left: dict[str, str] = field(default_factory=dict)
    stopped: bool = False


class Pace:
    """Keeps the questions to one platform apart, with a little chance in it, as a person would.

    Args:
        pause_s: seconds between two questions to one platform.
        chance: from 0 to 1 at each call.
        stopping: ends a pause at once.
    """

    def __init__(self, pause_s: float, chance: Callable[[], float], stopping: threading.Event) -> None:
        self._pause_s = pause_s
        self._chance = chance
        self._stopping = stopping
        self._next: dict[str, float] = {}

    def wait(self, platform: str) -> None:
        """Wait until this platform may be asked again."""
        self._stopping.wait(max(self._next.get(platform, 0.0) - time.monotonic(), 0.0))

    def asked(self, platform: str) -> None:
        """A question to this platform was just answered."""
        self._next[platform] = time.monotonic() + self._pause_s * (2 / 3 + 2 / 3 * self._chance())


def ask(
    person: str,
    questions: Collection[Question],
    *,
    config: Config,
    store: Store,
    sources: SourceWorker,
    pace: Pace,
    clock: Callable[[], datetime],
    avatars: Avatars | None = None,
    stopping: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Asked:
    """Ask one question after the other and commit each answer.

    Args:
        person: name of who is protected, under which answers are kept.
        questions: in their order.
        config: limits and quiet hours of the platforms.
        store: where answers and the platforms' breakers are kept.
        sources: the process that asks.
        pace: keeps the questions to one platform apart.
        clock: the time now.
        avatars: compares the pictures of those that exist; None leaves them alone.
        stopping: set to leave after the question in hand.
        progress: called with how many are done, and how many there are.
    """
    result = Asked()
    for done, question in enumerate(questions):
        progress(done, len(questions))
        why = _why_not_now(question, config, store, clock())
        if why is None:
            pace.wait(question.platform)  # ends at once where the search is told to stop
        if stopping is not None and stopping.is_set():
            result.stopped = True
            why = "it was stopped"
        if why is not None:
            result.left[question.platform] += 1
            result.why_left.setdefault(question.platform, why)
            continue
        address = question.url + PLACES[question.platform].tab
        listing = sources.list_posts(
            ListRequest(address, limit=1, stop_after_known=1, max_requests=MAX_REQUESTS, deadline_s=DEADLINE_S)
        )
        pace.asked(question.platform)
        answer = answer_of(person, question, listing, clock())
        if avatars is not None and answer.state == EXISTS and answer.avatar_url is not None:
            answer = avatars.compared(answer)
        result.answers.append(_kept(answer, question, listing, store))
    progress(len(questions), len(questions))
    return result


def answer_of(person: str, question: Question, listing: Listing, now: datetime) -> Lookalike:
    """What a listing says of a handle."""
    state = state_of(listing.outcome)
    answer = Lookalike(
        person=person,
        platform=question.platform,
        handle=question.candidate.handle,
        url=question.url,
        rules=question.candidate.keys,
        log10_lr=question.candidate.log10_lr,
        state=state,
        outcome=str(listing.outcome),
        asked_at=now,
        detail=listing.detail,
        requests=len(listing.trail),
    )
    shown = listing.profile
    if state != EXISTS or shown is None:
        return answer
    return replace(
        answer,
        stable_id=shown.stable_id,
        shown_handle=shown.handle,
        display_name=shown.display_name,
        bio=shown.bio,
        followers=shown.followers,
        posts=shown.posts,
        verified=shown.verified,
        avatar_url=shown.avatar_url,
    )


def _why_not_now(question: Question, config: Config, store: Store, now: datetime) -> str | None:
    """Why a platform is not asked now, None where it may be."""
    door = door_of(question.url)
    state = None if door is None else store.platform_state(door)
    if is_held(state, now):
        assert state is not None
        assert state.held_until is not None
        return f"{state.outcome}; left alone until {state.held_until:%Y-%m-%d %H:%M} UTC"
    day = timedelta(days=1)
    if store.lookalike_requests_since(question.platform, now - day, now + day) >= BUDGET:
        return f"{BUDGET} requests in a day are the limit; go on tomorrow"
    return why_waits(store, config, question.platform, now)


def _kept(answer: Lookalike, question: Question, listing: Listing, store: Store) -> Lookalike:
    """Commit an answer and what it tells of the platform; a text that cannot be kept is left out."""
    door = door_of(question.url)
    with store.transaction():
        try:
            store.record_lookalike(answer)
        except RecordInvalid as error:
            answer = replace(
                answer, state=WALL, outcome=str(Outcome.UNKNOWN), detail=f"what it shows cannot be kept: {error}",
                stable_id=None, shown_handle=None, display_name=None, bio=None, followers=None, posts=None,
                verified=None, avatar_url=None,
            )  # fmt: skip
            store.record_lookalike(answer)
        if door is not None:
            before = store.platform_state(door)
            store.record_platform(
                after_poll(
                    before, door, listing.outcome, now=answer.asked_at, detail=listing.detail,
                    retry_after_s=listing.retry_after_s,
                )
            )  # fmt: skip
    return answer


__all__ = ["ABSENT", "BUDGET", "EXISTS", "PAUSE_S", "WALL", "Asked", "Pace", "answer_of", "ask", "state_of"]
