"""custody log --stamp--> time stamp: an authority outside says when the log was as it is, some times a day at most."""

from __future__ import annotations

import base64
import logging
from datetime import datetime, timedelta

from bot.cases import stamping
from bot.config import Config
from bot.errors import ConfigError
from bot.log import redacted
from bot.sources.dialer import Dialer
from storage import Store

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(days=1)
"""After a failure; the waits double from the one to the other."""


def stamp_due(store: Store, config: Config, dialer: Dialer, now: datetime) -> bool:
    """Have the log's latest entry stamped if no stamp covers it and the time has come; returns whether one was had.

    A failure is noted and tried again later; it keeps nothing else from being done.
    """
    settings = config.timestamps
    entry = store.unstamped()
    if settings.authority is None or settings.certificates is None or entry is None:
        return False
    state = store.stamping()
    if state is not None and now < state.next_try_at:
        return False
    try:
        pem = stamping.certificates(settings.certificates)
        response, at = stamping.ask(entry.line.encode("ascii"), settings.authority, pem, dialer)
    except (stamping.StampRefused, ConfigError) as error:
        failures = state.failures if state is not None else 0
        wait = min(FIRST_WAIT * 2 ** min(failures, 16), LONGEST_WAIT)
        problem = redacted(str(error))
        store.record_stamp_failure(problem, now=now, next_try_at=now + wait)
        log.warning("no time stamp: %s; asked again in %s", problem, wait)
        return False
    store.record_stamp(
        entry,
        base64.b64encode(response).decode("ascii"),
        at=at,
        authority=settings.authority,
        now=now,
        next_try_at=now + settings.pause,
    )
    log.info("time stamp over the log's first %d entries: %s", entry.id, at.isoformat())
    return True


__all__ = ["stamp_due"]
