"""The daemon: four jobs on one thread, until it is asked to stop.

One `next_check_at` column says what is due, so one tick job is enough for any number of accounts.
APScheduler's defaults would drop jobs that start late; here a late job runs once and is never lost.
All jobs share one thread because only one of them may write the store at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.config import Config
from bot.errors import BotError
from bot.lock import hold
from bot.pipeline.cycle import open_watch, run_cycle
from bot.pipeline.digest import make_digest
from bot.pipeline.housekeeping import keep_house
from bot.sources.registry import SourceSettings
from storage import StorageError

log = logging.getLogger(__name__)

TICK = timedelta(minutes=1)
"""How often the daemon looks for due accounts; far below the shortest interval that may be configured."""

REMEASURE = timedelta(hours=6)
"""How often the reach of alerted posts is measured again, so that growth can be told in the digest."""

AFTER_START = timedelta(minutes=5)
"""When the daemon keeps house for the first time; what was due while it was off comes before."""

LOOK_S = 1.0
"""A signal that comes just before the main thread falls asleep is seen when it wakes, so it sleeps no longer."""

Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def _nothing() -> None:
    """Nobody wants to know."""


def serve(
    config: Config,
    settings: SourceSettings,
    stopping: threading.Event,
    *,
    clock: Clock = _utc_now,
    tick: timedelta = TICK,
    started: Callable[[], None] = _nothing,
) -> None:
    """Run the four jobs until `stopping` is set; returns when the job in hand has committed and ended.

    `started` is called once the store is held and the jobs are running.

    A digest time that passed while the daemon was off is made good at the start: the first job
    gathers whatever no digest holds yet, if today's digest time is already over.

    Raises:
        StoreBusy: another process works on the same store.
    """
    zone = ZoneInfo(config.digest.timezone)
    # it warns each minute of a tick that waits for the one before, and tells of failed jobs a second time
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with hold(config.store), open_watch(config, settings, stopping=stopping) as watch:
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        at = config.digest.time
        scheduler.add_job(
            lambda: run_cycle(watch, clock()),
            IntervalTrigger(seconds=tick.total_seconds()),
            id="tick",
            next_run_time=datetime.now(UTC),
        )
        scheduler.add_job(
            lambda: make_digest(watch.store, config, clock()),
            CronTrigger(hour=at.hour, minute=at.minute, timezone=zone),
            id="digest",
        )
        scheduler.add_job(
            lambda: run_cycle(watch, clock(), refresh=True),
            IntervalTrigger(seconds=REMEASURE.total_seconds()),
            id="remeasure",
        )
        scheduler.add_job(
            lambda: keep_house(watch.store, config, clock()),
            IntervalTrigger(hours=24),
            id="housekeeping",
            # also at the start: a machine that is off every night would never come to it
            next_run_time=datetime.now(UTC) + AFTER_START,
        )
        digests = watch.store.digests()
        if digest_is_due(digests[0].day if digests else None, config, clock()):
            scheduler.add_job(lambda: make_digest(watch.store, config, clock()), id="missed-digest")
        scheduler.start()
        started()
        log.info("watching %d accounts; digest at %s %s", len(config.accounts), at.strftime("%H:%M"), zone.key)
        while not stopping.wait(LOOK_S):
            pass
        log.info("stopping: the job in hand ends first")
        scheduler.shutdown(wait=True)


def digest_is_due(latest_day: str | None, config: Config, now: datetime) -> bool:
    """Tell whether today's digest time has passed without a digest.

    A store without any digest waits for its first time.
    """
    local = now.astimezone(ZoneInfo(config.digest.timezone))
    return latest_day is not None and latest_day < local.date().isoformat() and local.time() >= config.digest.time


def _report(event: JobExecutionEvent) -> None:
    """Log a job that failed or was missed; the next run of it tries again."""
    if event.code == EVENT_JOB_MISSED:
        log.error("job %s was missed at %s", event.job_id, event.scheduled_run_time)
    elif isinstance(event.exception, BotError | StorageError):
        log.error("job %s failed: %s", event.job_id, event.exception)
    else:
        log.error("job %s failed: %s\n%s", event.job_id, event.exception, event.traceback)
