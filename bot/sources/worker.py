"""Sources in a process that can be killed: extractors cannot be cancelled, and what they read is hostile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from bot.errors import BotError
from bot.log import learn, redacted
from bot.sandbox import FETCHING
from bot.sources.contract import Fetched, FetchRequest, Listing, ListRequest, Outcome, Source
from bot.sources.registry import SourceSettings, source_for
from bot.workers import LimitedExecutor, TaskTimeout, WorkerDied

GRACE_S = 10.0
"""Seconds beyond a request's own deadline until its process is killed: a fresh one first imports yt-dlp."""

ENVIRONMENT: dict[str, str | None] = {
    **{
        name: None
        for base in ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy")
        for name in (base, base.upper())
    },
    "SSLKEYLOGFILE": None,
    "YTDLP_NO_PLUGINS": "1",
}
"""What workers must not inherit: proxies would go around the door, a key log would write TLS keys to a file."""

log = logging.getLogger(__name__)

T = TypeVar("T", Listing, Fetched)


def _source(url: str, settings: SourceSettings) -> Source:
    """The source for an address, in the worker; which keeps the secrets of the settings out of what it logs."""
    for secret in settings.secrets():
        learn(secret)
    return source_for(url, settings)


def _list_posts(settings: SourceSettings, request: ListRequest) -> Listing:
    return _source(request.url, settings).list_posts(request)


def _fetch(settings: SourceSettings, request: FetchRequest) -> Fetched:
    return _source(request.url, settings).fetch(request)


def _picture(settings: SourceSettings, request: FetchRequest, platform: str) -> Fetched:
    from bot.sources.picture import picture_at

    # where a platform is asked through a proxy its pictures come that way, too, from its own hosts alone
    dialer = settings.door(platform) if platform in settings.proxies else settings.dialer
    return picture_at(dialer, request)


def _result(future: Future[T], failed: Callable[[Outcome, str], T]) -> T:
    """The worker's result, or one made of how the worker was lost; its words hold no secret."""
    try:
        result = future.result()
        return replace(result, detail=redacted(result.detail))
    except TaskTimeout as error:
        return failed(Outcome.TIMEOUT, str(error))
    except WorkerDied as error:
        return failed(Outcome.UNKNOWN, str(error))
    except BotError:
        raise
    except Exception as error:
        # a fault of ours or of a library on one account's page must not end the watch over the others
        log.exception("a source failed")
        return failed(Outcome.UNKNOWN, redacted(f"{type(error).__name__}: {error}"))


class SourceWorker:
    """Asks sources in one worker process, one request after the other.

    Args:
        settings: how sources reach the world; travels to the process.
        memory_bytes: address space of the process (RLIMIT_AS).
        recycle_after: requests until the process is replaced, against what libraries leak.
        grace_s: seconds beyond a request's deadline until the process is killed.

    A context manager; leaving it ends the process. An address that no source takes raises SourceError
    before anything is started; whatever a platform or a source does is in the result.
    """

    def __init__(
        self,
        settings: SourceSettings,
        *,
        memory_bytes: int | None,
        recycle_after: int = 200,
        grace_s: float = GRACE_S,
    ) -> None:
        self._settings = settings
        self._grace_s = grace_s
        self._executor = LimitedExecutor(
            1,
            memory_bytes=memory_bytes,
            recycle_after=recycle_after,
            environment=ENVIRONMENT,
            confinement=FETCHING,
        )

    def list_posts(self, request: ListRequest) -> Listing:
        """List the posts of an account; a lost process is an outcome too."""
        source_for(request.url, self._settings)
        limit = request.deadline_s + self._grace_s
        future = self._executor.submit_within(limit, _list_posts, self._settings, request)
        return _result(future, Listing)

    def fetch(self, request: FetchRequest) -> Fetched:
        """Download one post; a lost process is an outcome too, and may leave a part in the directory."""
        source_for(request.url, self._settings)
        return self._fetched(_fetch, request)

    def picture(self, request: FetchRequest, platform: str) -> Fetched:
        """Download one picture of a platform, such as an avatar, from whichever public host it lies on."""
        return self._fetched(partial(_picture, platform=platform), request)

    def _fetched(self, task: Callable[[SourceSettings, FetchRequest], Fetched], request: FetchRequest) -> Fetched:
        limit = request.deadline_s + self._grace_s
        future = self._executor.submit_within(limit, task, self._settings, request)
        result = _result(future, Fetched)
        if result.path is not None and result.path.parent != request.into:
            return Fetched(Outcome.UNKNOWN, "the worker named a file outside of its directory")
        return result

    def close(self) -> None:
        """End the process, also in the middle of a request."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


__all__ = ["ENVIRONMENT", "GRACE_S", "SourceWorker"]
