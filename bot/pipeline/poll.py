"""account --poll--> posts: ask a platform for the newest posts of one account and commit what it said."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

from bot.config import Config
from bot.pipeline import convert
from bot.sources.contract import Listing, ListRequest, Outcome
from bot.sources.worker import SourceWorker
from storage import Account, PollRecord, Post, Store

JITTER = 0.2
"""Intervals vary by this share either way, so that accounts do not line up in one instant."""

LONGEST_BACK_OFF = timedelta(days=1)
"""A failing account is asked at least this often: platforms recover, and silence must not become final."""


def next_check(
    now: datetime, interval_s: int, outcome: Outcome, errors: int, retry_after_s: float | None, shift: float
) -> datetime:
    """Tell when to ask again.

    Args:
        now: time of the poll that just ended.
        interval_s: the account's interval from the configuration.
        outcome: how the poll ended.
        errors: how many polls in a row did not succeed, this one included.
        retry_after_s: what the platform asked for, honoured even where it is longer than a day.
        shift: from -1 to 1, the jitter drawn for this poll.
    """
    interval = timedelta(seconds=interval_s)
    if not outcome.succeeded:
        # doubling from the first failure; the exponent is capped so that it cannot overflow
        interval = min(interval * 2 ** min(errors, 16), max(LONGEST_BACK_OFF, interval))
    wait = interval * (1 + JITTER * shift)
    if retry_after_s is not None:
        wait = max(wait, timedelta(seconds=retry_after_s))
    return now + wait


def poll(
    account: Account, *, store: Store, sources: SourceWorker, config: Config, now: datetime, refresh: bool = False
) -> tuple[Listing, list[Post]]:
    """Poll one account and commit the result in one transaction.

    With `refresh` the walk does not stop at known posts, so that the reach of all listed posts is
    measured again. Returns what the platform said and the posts that were new.
    """
    settings = config.polling
    first_contact = account.last_ok_at is None
    request = ListRequest(
        url=account.url,
        stable_id=account.stable_id,
        known=frozenset() if refresh else store.known_ids(account.id),
        limit=settings.first_index if first_contact else settings.listing_limit,
        stop_after_known=settings.stop_after_known,
        max_requests=settings.max_requests,
        deadline_s=settings.deadline.total_seconds(),
    )
    started = time.monotonic()
    listing = sources.list_posts(request)
    succeeded = listing.outcome.succeeded
    profile = listing.profile
    errors = 0 if succeeded else account.error_count + 1
    new = store.record_poll(
        PollRecord(
            account_id=account.id,
            at=now,
            outcome=str(listing.outcome),
            detail=listing.detail,
            requests=len(listing.trail),
            elapsed_s=round(time.monotonic() - started, 3),
            trail=convert.trail_rows(listing.trail),
        ),
        posts=[convert.seen_post(post) for post in listing.posts],
        profile=None if profile is None else convert.profile_row(account.id, profile, now),
        metric=None if profile is None else convert.metric_row(account.id, profile, now),
        stable_id=None if profile is None else profile.stable_id,
        next_check_at=next_check(
            now, account.interval_s, listing.outcome, errors, listing.retry_after_s, random.uniform(-1, 1)
        ),
        examine_first=settings.first_examine if first_contact else None,
        succeeded=succeeded,
    )
    return listing, new
