"""account --poll--> posts: ask a platform for the newest posts of one account and commit what it said."""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime, timedelta

from bot.config import Config, Polling
from bot.errors import SourceError
from bot.pipeline import convert, remeasure
from bot.pipeline.backoff import asked_wait
from bot.pipeline.breaker import after_poll, door_of
from bot.pipeline.happened import changes, fate
from bot.pipeline.pace import NEWEST, paced
from bot.sources.contract import Listing, ListRequest, Outcome
from bot.sources.folder import Folder
from bot.sources.worker import SourceWorker
from storage import Account, PollRecord, Post, RecordInvalid, Store

log = logging.getLogger(__name__)

JITTER = 0.2
"""Intervals vary by this share either way, so that accounts do not line up in one instant."""

LONGEST_BACK_OFF = timedelta(days=1)
"""A failing account is asked at least this often: platforms recover, and silence must not become final."""

WHOLE_FOLDER = 100_000
"""Files that the first look at a folder takes in; listing them costs nothing."""


def next_check(
    now: datetime,
    *,
    interval_s: int,
    outcome: Outcome,
    errors: int = 0,
    retry_after_s: float | None = None,
    shift: float = 0.0,
) -> datetime:
    """Tell when to ask again.

    Args:
        now: time of the poll that just ended.
        interval_s: the account's interval from the configuration.
        outcome: how the poll ended.
        errors: how many polls in a row did not succeed, this one included.
        retry_after_s: what the platform asked for, honoured even where it is longer than a day; a week at most.
        shift: from -1 to 1, the jitter drawn for this poll.
    """
    interval = timedelta(seconds=interval_s)
    if not outcome.succeeded:
        # doubling from the first failure; the exponent is capped so that it cannot overflow
        interval = min(interval * 2 ** min(errors, 16), max(LONGEST_BACK_OFF, interval))
    return now + max(interval * (1 + JITTER * shift), asked_wait(retry_after_s))


def poll(
    account: Account, *, store: Store, sources: SourceWorker, config: Config, now: datetime
) -> tuple[Listing, list[Post]]:
    """Poll one account and commit the result in one transaction.

    Where a moment has come to measure reach again, the walk does not stop at known posts. The profile is left out where
    it was read a short time ago. Returns what the platform said and the posts that were new.

    What was there before the first contact is examined as far as the configuration says, also where it
    shows only later: a post that is older than all known ones comes from beyond the index. A folder is
    indexed whole, because the time of a file does not tell when it was put there.
    """
    settings = config.polling
    first_contact = account.last_ok_at is None
    # folders and lists of addresses show no counts
    whole = door_of(account.url) is not None and remeasure.is_due(account, settings.remeasure, store, now)
    request = ListRequest(
        url=account.url,
        stable_id=account.stable_id,
        known=frozenset() if whole else store.known_ids(account.id),
        limit=_limit(account, settings, first_contact=first_contact),
        stop_after_known=settings.stop_after_known,
        max_requests=settings.max_requests,
        deadline_s=settings.deadline.total_seconds(),
        profile=whole or account.profile_at is None or now - account.profile_at >= settings.profile,
    )
    started = time.monotonic()
    try:
        listing = sources.list_posts(request)
    except SourceError as error:
        # an account that no source takes any more must not end the watch over the others
        listing = Listing(Outcome.UNSUPPORTED, str(error))
    elapsed_s = round(time.monotonic() - started, 3)
    try:
        return listing, _record(account, request, listing, elapsed_s, store=store, config=config, now=now)
    except RecordInvalid as error:
        # what one account shows must not end the watch over the others, today and every day after
        log.exception("what %s shows cannot be kept", account.url)
        nothing = Listing(Outcome.UNKNOWN, f"what it shows cannot be kept: {error}")
        return nothing, _record(account, request, nothing, elapsed_s, store=store, config=config, now=now)


def _interval(account: Account, listing: Listing, store: Store, config: Config, now: datetime) -> timedelta:
    """The time until the next look: by how often the account posts, unless somebody wrote how often to look."""
    interval = timedelta(seconds=account.interval_s)
    # a folder asks nobody: there is nothing to spare
    written = account.platform == Folder().name or any(
        one.url == account.url and one.interval is not None for one in config.accounts
    )
    if written or not listing.outcome.succeeded:
        return interval
    shown = {post.published_at for post in listing.posts if post.published_at is not None}
    times = shown.union(store.newest_publications(account.id, NEWEST))
    return paced(tuple(times), now, fastest=interval, slowest=config.polling.slowest)


def _record(
    account: Account,
    request: ListRequest,
    listing: Listing,
    elapsed_s: float,
    *,
    store: Store,
    config: Config,
    now: datetime,
) -> list[Post]:
    """Commit what a poll said; returns the posts that were new."""
    settings = config.polling
    succeeded = listing.outcome.succeeded
    interval = _interval(account, listing, store, config, now)
    profile = listing.profile
    first_contact = account.last_ok_at is None
    errors = 0 if succeeded else account.error_count + 1
    with store.transaction():
        before = store.latest_profile(account.id)
        new = store.record_poll(
            PollRecord(
                account_id=account.id,
                at=now,
                outcome=str(listing.outcome),
                detail=listing.detail,
                requests=len(listing.trail),
                elapsed_s=elapsed_s,
                trail=convert.trail_rows(listing.trail),
            ),
            posts=[convert.seen_post(post) for post in listing.posts],
            profile=None if profile is None else convert.profile_row(account.id, profile, now),
            metric=None if profile is None else convert.metric_row(account.id, profile, now),
            stable_id=None if profile is None else profile.stable_id,
            next_check_at=next_check(
                now,
                interval_s=round(interval.total_seconds()),
                outcome=listing.outcome,
                errors=errors,
                retry_after_s=listing.retry_after_s,
                shift=random.uniform(-1, 1),
            ),
            examine_first=settings.first_examine if first_contact else _within_index(account, listing, store),
            succeeded=succeeded,
            measured=succeeded and not request.known,
            with_profile=succeeded and request.profile and profile is not None,
        )
        if succeeded:
            _hasten(account, interval, store, config, now)
        for event in changes(account, before, store.latest_profile(account.id), now):
            store.record_event(event)
        for event in fate(account, listing, store, now):
            store.record_event(event)
        door = door_of(account.url)
        if door is not None:
            store.record_platform(
                after_poll(
                    store.platform_state(door),
                    door,
                    listing.outcome,
                    now=now,
                    detail=listing.detail,
                    retry_after_s=listing.retry_after_s,
                )
            )
    return new


def _hasten(account: Account, interval: timedelta, store: Store, config: Config, now: datetime) -> None:
    """Look sooner than the pace says where a post is to be measured again before; not where somebody wrote the pace."""
    polling = config.polling
    if door_of(account.url) is None:
        return
    moment = remeasure.next_moment(
        account, polling.remeasure, store, now, pace=interval, fastest=timedelta(seconds=account.interval_s)
    )
    due = store.account(account.id).next_check_at
    if moment is None or due is None or moment >= due:
        return
    # later by some minutes, so that accounts whose posts were first seen together do not line up
    store.hasten(account.id, min(due, moment + (moment - now) * JITTER * random.random()))


def _limit(account: Account, settings: Polling, *, first_contact: bool) -> int:
    """How many posts a listing may show."""
    if not first_contact:
        return settings.listing_limit
    return WHOLE_FOLDER if account.platform == Folder().name else settings.first_index


def _within_index(account: Account, listing: Listing, store: Store) -> int | None:
    """How many of a listing's new posts, newest first, may be examined; None for all of them."""
    known = store.posts(account_id=account.id)
    times = [post.published_at for post in known if post.published_at is not None]
    if not times or account.platform == Folder().name:
        return None
    ids = {post.platform_id for post in known}
    new = [post for post in listing.posts if post.platform_id not in ids]
    if any(post.published_at is None for post in new):
        return None
    return sum(post.published_at is not None and post.published_at >= min(times) for post in new)
