"""post --fetch--> clip: download one post and keep its media by hash before the row says so."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Config
from bot.errors import SourceError
from bot.pipeline.backoff import asked_wait
from bot.pipeline.breaker import DOWNLOADS, after_poll, door_of, downloads_of
from bot.pipeline.convert import seen_post
from bot.sources.contract import Fetched, FetchRequest, Outcome
from bot.sources.registry import platform_of
from bot.sources.worker import SourceWorker
from storage import EvidenceError, Post, PostState, Purpose, Store

MAX_ATTEMPTS = 5
"""After that many tries a post stays failed; the digest names it."""

FIRST_RETRY = timedelta(minutes=15)
"""Wait before the second try; it doubles with each further one."""

FINAL: dict[Outcome, PostState] = {
    Outcome.GONE: PostState.GONE,
    Outcome.TOO_LARGE: PostState.SKIPPED,
    Outcome.UNSUPPORTED: PostState.SKIPPED,
}
"""Outcomes that trying again will not change; every other failure is tried again."""


def temporary_folder(store: Store) -> Path:
    """The folder of half-done downloads, in the store: private as it is, and swept with it."""
    folder = store.folder / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def sweep_temporary(store: Store) -> None:
    """Remove what a killed run left behind; only the holder of the store's lock may call this."""
    for left in temporary_folder(store).iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def retry_at(now: datetime, attempts: int, retry_after_s: float | None = None) -> datetime | None:
    """Tell when to try again after `attempts` failed tries, or None when they are used up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return now + max(FIRST_RETRY * (1 << max(attempts - 1, 0)), asked_wait(retry_after_s))


def fetch(post: Post, *, store: Store, sources: SourceWorker, config: Config, now: datetime) -> Outcome:
    """Download one post; afterwards it is fetched, gone, skipped, or failed with a time to try again."""
    into = Path(tempfile.mkdtemp(prefix="fetch-", dir=temporary_folder(store)))
    try:
        fetched = _fetched(post, into, sources, config)
        if fetched.outcome is Outcome.OK and fetched.path is not None:
            try:
                media = store.evidence.keep_file(fetched.path)
                told = fetched.metadata and store.evidence.keep_bytes(fetched.metadata, ".json").sha256
            except EvidenceError as error:
                fetched = Fetched(Outcome.UNKNOWN, str(error))
            else:
                with store.transaction():
                    _count(post, fetched, store, now)
                    store.record_fetch(post.id, media, metadata_sha256=told or None, at=now)
                    if fetched.post is not None:
                        # some lists show addresses alone: caption, time and counts come with the post's own page
                        store.describe_post(post.id, seen_post(fetched.post), at=now)
                return fetched.outcome
        state = FINAL.get(fetched.outcome, PostState.FAILED)
        again = retry_at(now, post.attempts + 1, fetched.retry_after_s) if state is PostState.FAILED else None
        problem = f"{fetched.outcome}: {fetched.detail}" if fetched.detail else str(fetched.outcome)
        with store.transaction():
            _count(post, fetched, store, now)
            store.record_problem(post.id, state, problem, at=now, next_try_at=again)
        return fetched.outcome
    finally:
        shutil.rmtree(into, ignore_errors=True)


def _fetched(post: Post, into: Path, sources: SourceWorker, config: Config) -> Fetched:
    """Ask the source; an address that none takes any more is a result like every other."""
    request = FetchRequest(
        url=post.url, into=into, max_bytes=config.limits.file_size, deadline_s=config.limits.time.total_seconds()
    )
    try:
        return sources.fetch(request)
    except SourceError as error:
        return Fetched(Outcome.UNSUPPORTED, str(error))


def _count(post: Post, fetched: Fetched, store: Store, now: datetime) -> None:
    """Keep that a platform was asked for a clip, and what its answer says of further downloads there.

    In the transaction of what came of it, so that a download that a kill made void is made and counted once.
    """
    if not fetched.trail:
        return  # nobody was asked
    door = door_of(post.url)
    if door is None:
        return
    store.record_requests(platform_of(post.url), Purpose.DOWNLOAD, len(fetched.trail), at=now)
    store.record_platform(
        after_poll(
            store.platform_state(downloads_of(door)),
            downloads_of(door),
            fetched.outcome,
            now=now,
            detail=fetched.detail,
            retry_after_s=fetched.retry_after_s,
            threshold=DOWNLOADS,
        )
    )
