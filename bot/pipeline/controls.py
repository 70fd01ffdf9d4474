"""Control accounts: one large public account per platform, which tells a blocked watch from a quiet one.

"Nothing new", "no such account" and "we are blocked" can look the same on one account. They do not on one that is known
to be there and to post. It is asked only where all polls of a platform in a cycle leave a doubt, no watched account
showed posts within the hour, and it was not asked itself within the hour: a watch whose accounts can be seen proves as
much and costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.pipeline.breaker import SERVERS, THRESHOLD, after_poll, is_held
from bot.sources.contract import Listing, ListRequest, Outcome
from bot.sources.registry import capabilities
from bot.sources.worker import SourceWorker
from storage import Purpose, Store

MAX_REQUESTS = 6
DEADLINE_S = 30.0

AGAIN_AFTER = timedelta(hours=1)
"""How long an answer counts, of a watched account that shows posts as well as of the control account."""

DOUBTFUL = frozenset(
    {
        Outcome.EMPTY,
        Outcome.GONE,
        Outcome.PRIVATE,
        Outcome.LOGIN_NEEDED,
        Outcome.BLOCKED,
        Outcome.CHALLENGED,
        Outcome.EXTRACTOR_BROKEN,
        Outcome.UNKNOWN,
    }
)
"""Answers of one account that may be the platform's. A rate limit, a dead network and a timeout need no proof."""


def control_of(platform: str) -> str | None:
    """The address of a platform's control account, None where there is none."""
    can = capabilities().get(platform)
    return can.control or None if can is not None and platform not in SERVERS else None


def ask(url: str, sources: SourceWorker) -> Listing:
    """Ask a control account for its newest post, within few requests and little time."""
    try:
        return sources.list_posts(ListRequest(url, limit=1, max_requests=MAX_REQUESTS, deadline_s=DEADLINE_S))
    except SourceError as error:
        return Listing(Outcome.UNSUPPORTED, str(error))


def is_wanted(platform: str, outcomes: Collection[Outcome], store: Store, now: datetime) -> bool:
    """Whether the polls of one cycle on one platform leave a doubt that its control account can settle.

    Args:
        platform: its name.
        outcomes: how the polls of this cycle ended there.
        store: what is known from before.
        now: the time.
    """
    if control_of(platform) is None or not outcomes or not DOUBTFUL.issuperset(outcomes):
        return False
    before = store.platform_state(platform)
    if is_held(before, now) or (before is not None and _is_fresh(before.control_at, now)):
        return False
    return not any(
        account.outcome == str(Outcome.OK) and _is_fresh(account.last_ok_at, now)
        for account in store.accounts()
        if account.platform == platform
    )


def settle(platform: str, store: Store, sources: SourceWorker, now: datetime) -> Outcome | None:
    """Ask a platform's control account and keep its answer; None where there is none to ask.

    Posts prove that the platform answers this machine. An answer that says something about the platform counts for its
    breaker as one of a watched account would. That the account shows no posts, or is not there, is kept and told, and
    moves nothing: it may have left as every account may.
    """
    url = control_of(platform)
    if url is None:
        return None
    listing = ask(url, sources)
    with store.transaction():
        store.record_requests(platform, Purpose.CONTROL, len(listing.trail), at=now)
        state = store.platform_state(platform)
        if state is None or listing.outcome is Outcome.OK or listing.outcome in THRESHOLD:
            state = after_poll(
                state, platform, listing.outcome, now=now, detail=listing.detail, retry_after_s=listing.retry_after_s
            )
        store.record_platform(
            replace(state, control_outcome=str(listing.outcome), control_detail=listing.detail, control_at=now)
        )
    return listing.outcome


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and abs(now - at) < AGAIN_AFTER  # of a clock that went back: no answer


__all__ = ["AGAIN_AFTER", "ask", "control_of", "is_wanted", "settle"]
