"""The four steps in their order, over everything that is due: what `once` does and the daemon repeats."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from bot.config import Config
from bot.digest.formats import span
from bot.enrol import Enrolment, References
from bot.errors import SourceError
from bot.pipeline import controls
from bot.pipeline.avatars import Gallery, HashedPhotos
from bot.pipeline.breaker import door_of, downloads_of, is_held
from bot.pipeline.budget import downloads_are_spent, is_quiet, is_spent
from bot.pipeline.examine import collect, submit
from bot.pipeline.fetch import fetch, sweep_temporary
from bot.pipeline.judge import judge_post
from bot.pipeline.poll import poll
from bot.pipeline.remeasure import RECENT
from bot.pipeline.seal import seal_missing
from bot.sources.contract import Outcome
from bot.sources.registry import SourceSettings, handle_of, platform_of
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from detectors.contract import Examination
from storage import Account, Post, PostState, StorageError, Store, WantedAccount

T = TypeVar("T")

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with the step's name, how many items are done, and how many there are."""


def _silent(step: str, done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What one cycle did."""

    polled: int = 0
    new_posts: int = 0
    fetched: int = 0
    examined: int = 0
    judged: int = 0
    judged_again: int = 0
    """Posts that had a verdict, and got one anew because their reach, profile, copies or a review changed."""
    failed: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    """How many polls ended in which outcome."""
    held: int = 0
    """Due accounts whose platform is left alone for now."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What the polls of one cycle brought: how many ended in which outcome, new posts, accounts that must wait."""

    outcomes: Mapping[str, int]
    new_posts: int
    held: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What the steps work with: the configuration, the store, and the processes that may be lost."""

    config: Config
    store: Store
    sources: SourceWorker
    executor: LimitedExecutor
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set to leave after the item in hand; what is committed stays, the rest waits for the next cycle."""
    enrolment: Enrolment = field(default_factory=Enrolment)
    """The protected people's faces and voices, brought up to date at the start of each cycle."""

    photos: HashedPhotos = field(default_factory=HashedPhotos)
    """The reference photos with which profile pictures are compared, looked at again where a file changed."""

    def gallery(self, now: datetime) -> Gallery:
        """The pictures of profiles and people, to be brought up to date."""
        return Gallery(
            self.config,
            self.store,
            self.sources,
            self.executor,
            list_waits=lambda url, platform: _waits(self, door_of(url), platform, now),
            picture_waits=lambda url, platform: _waits(self, _media_of(door_of(url)), platform, now),
            stopped=self.stopping.is_set,
            photos=self.photos,
        )


def wanted_accounts(config: Config) -> list[WantedAccount]:
    """The watched accounts as the store takes them."""
    return [
        WantedAccount(
            url=account.url,
            platform=platform_of(account.url),
            person=account.person,
            handle=handle_of(account.url),
            interval_s=int((account.interval or config.polling.interval).total_seconds()),
        )
        for account in config.accounts
    ]


@contextmanager
def open_watch(
    config: Config,
    settings: SourceSettings,
    *,
    stopping: threading.Event | None = None,
) -> Iterator[Watch]:
    """Open the store and start the workers. The caller holds the store's lock (:mod:`bot.lock`).

    The database is checked as a whole, and what a killed run left half done is swept.

    Raises:
        StoreDamaged: the database does not fit together.
    """
    limits = config.limits
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(config.store))
        store.check_integrity()
        sweep_temporary(store)
        store.evidence.sweep()
        store.sync_accounts(wanted_accounts(config))
        sources = stack.enter_context(SourceWorker(settings, memory_bytes=limits.memory))
        executor = stack.enter_context(
            LimitedExecutor(limits.workers, memory_bytes=limits.memory, timeout_s=limits.time.total_seconds())
        )
        yield Watch(config, store, sources, executor, stopping or threading.Event())


def run_cycle(watch: Watch, now: datetime, *, progress: Progress = _silent) -> CycleReport:
    """Poll what is due, then fetch, examine and judge all posts that wait, also those of earlier cycles."""
    started = time.monotonic()
    watch = replace(watch, config=watch.config.in_force(now))
    behind = watch.store.bring_back(now)
    if behind is not None:
        log.warning(
            "the clock went back by %s (check it with `date -u`): what was planned by its time before comes soon",
            span(behind),
        )
    enrolled = watch.enrolment.references(watch.config, watch.executor, watch.store)
    polled = poll_due(watch, now, progress=progress)
    watch.gallery(now).bring_up_to_date(now)
    fetched, lost = _fetch_waiting(watch, now, progress)
    examined, unreadable = _examine_waiting(watch, enrolled, now, progress)
    judged, unjudged = judge_waiting(watch, now)
    again, unjudged_again = judge_again(watch, now)
    seal_missing(watch.store, watch.config, now)
    log.info("cycle ended after %.1f s; %d accounts held back", time.monotonic() - started, polled.held)
    return CycleReport(
        polled=sum(polled.outcomes.values()),
        new_posts=polled.new_posts,
        fetched=fetched,
        examined=examined,
        judged=judged,
        judged_again=again,
        failed=lost + unreadable + unjudged + unjudged_again,
        outcomes=dict(polled.outcomes),
        held=polled.held,
    )


def poll_due(watch: Watch, now: datetime, *, progress: Progress = _silent) -> Polled:
    """Poll what is due, the first step of :func:`run_cycle`.

    Accounts of a platform that is left alone, or that got as many requests as it may get, stay due.
    """
    outcomes: Counter[str] = Counter()
    new_posts = held = 0
    due = watch.store.due_accounts(now)
    by_platform: defaultdict[str, list[Outcome]] = defaultdict(list)
    for done, account in enumerate(_until_stopped(watch, due)):
        progress("poll", done, len(due))
        if _waits(watch, door_of(account.url), account.platform, now):
            held += 1
            continue
        listing, new = poll(account, store=watch.store, sources=watch.sources, config=watch.config, now=now)
        outcomes[str(listing.outcome)] += 1
        by_platform[account.platform].append(listing.outcome)
        new_posts += len(new)
        log.info("%s: %s, %d new", account.url, listing.outcome, len(new))
    progress("poll", len(due), len(due))
    _settle_doubts(watch, by_platform, now)
    return Polled(outcomes, new_posts, held)


def _media_of(door: str | None) -> str | None:
    return None if door is None else downloads_of(door)


def _waits(watch: Watch, door: str | None, platform: str, now: datetime) -> bool:
    """Whether an account must wait, because of the hour, how its platform answers, or how much it was asked."""
    if door is None:
        return False
    # where it is left alone, the first account that is polled afterwards tells whether it answers again
    if is_quiet(watch.config, platform, now) or is_held(watch.store.platform_state(door), now):
        return True
    return is_spent(watch.store, platform, watch.config.polling, now)


def _settle_doubts(watch: Watch, outcomes: Mapping[str, Sequence[Outcome]], now: datetime) -> None:
    """Ask the control accounts of platforms whose polls leave a doubt: is it the accounts, or is it us?"""
    doubtful = [name for name, seen in outcomes.items() if controls.is_wanted(name, seen, watch.store, now)]
    for platform in _until_stopped(watch, doubtful):
        if is_spent(watch.store, platform, watch.config.polling, now):
            continue
        answer = controls.settle(platform, watch.store, watch.sources, now)
        log.info("%s: the control account answers %s", platform, answer)


def _until_stopped(watch: Watch, items: Sequence[T]) -> Iterator[T]:
    """Walk the items until the watch is asked to stop."""
    for item in items:
        if watch.stopping.is_set():
            return
        yield item


def _fetch_waiting(watch: Watch, now: datetime, progress: Progress) -> tuple[int, int]:
    """Download every post that waits; returns how many came and how many did not."""
    waiting = watch.store.work(PostState.SEEN, now)
    came = lost = 0
    for done, post in enumerate(_until_stopped(watch, waiting)):
        progress("fetch", done, len(waiting))
        if _download_waits(watch, post, now):
            continue
        outcome = fetch(post, store=watch.store, sources=watch.sources, config=watch.config, now=now)
        came, lost = (came + 1, lost) if outcome is Outcome.OK else (came, lost + 1)
    progress("fetch", len(waiting), len(waiting))
    return came, lost


def _download_waits(watch: Watch, post: Post, now: datetime) -> bool:
    """Whether a download must wait, because of how the platform answered others, or how many there were."""
    try:
        door = door_of(post.url)
    except SourceError:
        return False  # nobody is asked for what no source takes; its fetch tells so
    if door is None:
        return False
    platform = platform_of(post.url)
    if is_quiet(watch.config, platform, now) or is_held(watch.store.platform_state(downloads_of(door)), now):
        return True
    return downloads_are_spent(watch.store, platform, watch.config.polling, now)


def _examine_waiting(watch: Watch, enrolled: References, now: datetime, progress: Progress) -> tuple[int, int]:
    """Examine every fetched post, several at once; returns how many could be and how many could not.

    No more are handed out than there are workers, so that a stop does not wait for a long queue.
    """
    accounts = _accounts_by_id(watch.store)
    waiting = watch.store.work(PostState.FETCHED, now)
    good = bad = 0
    rest = iter(waiting)
    running: deque[tuple[Post, Future[Examination]]] = deque()
    while True:
        while len(running) < watch.config.limits.workers and not watch.stopping.is_set():
            post = next(rest, None)
            if post is None:
                break
            account = accounts[post.account_id]
            future = submit(
                post, account, store=watch.store, executor=watch.executor, config=watch.config, enrolled=enrolled
            )
            running.append((post, future))
        if not running:
            break
        progress("examine", good + bad, len(waiting))
        examination = collect(*running.popleft(), store=watch.store, now=now)
        good, bad = (good, bad + 1) if examination is None else (good + 1, bad)
    progress("examine", len(waiting), len(waiting))
    return good, bad


def judge_waiting(watch: Watch, now: datetime) -> tuple[int, int]:
    """Judge every examined post; returns how many were judged, and how many could not be and stay where they are."""
    return _judge(watch, watch.store.work(PostState.EXAMINED, now), now)


def judge_again(watch: Watch, now: datetime) -> tuple[int, int]:
    """Judge posts anew of which more is known than when they were judged; returns as :func:`judge_waiting` does.

    Cheap, because only recent posts are asked for whose reach or profile changed since, and those that a person
    reviewed. A post stays judged, and in the digest where it stands; how its verdict changed is kept
    (:meth:`storage.digests.Digests.verdict_changes`).
    """
    return _judge(watch, _until_stopped(watch, watch.store.outdated_verdicts(now - RECENT)), now)


def _judge(watch: Watch, posts: Iterable[Post], now: datetime) -> tuple[int, int]:
    accounts = _accounts_by_id(watch.store)
    good = bad = 0
    for post in posts:
        try:
            judge_post(post, accounts[post.account_id], store=watch.store, config=watch.config, now=now)
            good += 1
        except StorageError:
            raise
        except Exception:
            # a fault of ours on one post must not keep the others out of the digest; it is told again each cycle
            log.exception("post %d (%s) could not be judged", post.id, post.url)
            bad += 1
    return good, bad


def _accounts_by_id(store: Store) -> dict[int, Account]:
    """All accounts, those no longer watched included: their posts are still worked off."""
    return {account.id: account for account in store.accounts(enabled_only=False)}
