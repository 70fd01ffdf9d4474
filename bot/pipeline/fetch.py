"""post --fetch--> clip: download one post and keep its media by hash before the row says so."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Config
from bot.sources.contract import FetchRequest, Outcome
from bot.sources.worker import SourceWorker
from storage import Post, PostState, Store

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
    """The folder of half-done downloads: beside the evidence, so that keeping a file is a rename."""
    folder = store.folder / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def sweep_temporary(store: Store) -> None:
    """Remove what a killed run left behind; only the holder of the store's lock may call this."""
    for left in temporary_folder(store).iterdir():
        shutil.rmtree(left, ignore_errors=True)


def retry_at(now: datetime, attempts: int, retry_after_s: float | None = None) -> datetime | None:
    """Tell when to try again after `attempts` failed tries, or None when they are used up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = FIRST_RETRY * 2 ** max(attempts - 1, 0)
    if retry_after_s is not None:
        wait = max(wait, timedelta(seconds=retry_after_s))
    return now + wait


def fetch(post: Post, *, store: Store, sources: SourceWorker, config: Config, now: datetime) -> Outcome:
    """Download one post; afterwards it is fetched, gone, skipped, or failed with a time to try again."""
    into = Path(tempfile.mkdtemp(prefix="fetch-", dir=temporary_folder(store)))
    try:
        fetched = sources.fetch(
            FetchRequest(
                url=post.url,
                into=into,
                max_bytes=config.limits.file_size,
                deadline_s=config.limits.time.total_seconds(),
            )
        )
        if fetched.outcome is Outcome.OK and fetched.path is not None:
            media = store.evidence.keep_file(fetched.path)
            store.record_fetch(post.id, media, at=now)
            return fetched.outcome
        state = FINAL.get(fetched.outcome, PostState.FAILED)
        again = retry_at(now, post.attempts + 1, fetched.retry_after_s) if state is PostState.FAILED else None
        problem = f"{fetched.outcome}: {fetched.detail}" if fetched.detail else str(fetched.outcome)
        store.record_problem(post.id, state, problem, at=now, next_try_at=again)
        return fetched.outcome
    finally:
        shutil.rmtree(into, ignore_errors=True)
