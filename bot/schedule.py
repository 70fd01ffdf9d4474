"""The daemon: a handful of jobs on one thread, until it is asked to stop.

One `next_check_at` column says what is due, so one tick job is enough for any number of accounts.
APScheduler's defaults would drop jobs that start late; here a late job runs once and is never lost.
All jobs share one thread because only one of them may write the store at a time. Whether a digest is due is asked at
each tick and not set as an alarm: so it is made once also where the clock is changed or the machine slept.
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
from apscheduler.triggers.interval import IntervalTrigger

from bot.config import Config
from bot.deliver import deliver, hand_out
from bot.errors import BotError
from bot.lock import hold
from bot.log import keep_log
from bot.pipeline.cycle import Watch, open_watch, run_cycle
from bot.pipeline.digest import due_digest, make_digest
from bot.pipeline.housekeeping import keep_house
from bot.pipeline.stamp import stamp_due
from bot.sources.registry import SourceSettings
from storage import StorageError

log = logging.getLogger(__name__)

TICK = timedelta(minutes=1)
"""How often the daemon looks for due accounts; far below the shortest interval that may be configured."""

AFTER_START = timedelta(minutes=5)
"""When the daemon keeps house for the first time; what was due while it was off comes before."""

HOUSE = timedelta(hours=24)
"""How often the daemon keeps house."""

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
    house: timedelta = HOUSE,
    started: Callable[[], None] = _nothing,
) -> None:
    """Run the jobs until `stopping` is set; returns when the job in hand has committed and ended.

    `started` is called once the store is held and the jobs are running. `clock` says what time it is to the jobs;
    `tick` and `house` are real time, shorter where the clock runs fast.

    A digest time that passed while the daemon was off is made good after the first tick: one digest gathers
    whatever no digest holds yet.

    Raises:
        StoreBusy: another process works on the same store.
    """
    zone = ZoneInfo(config.digest.timezone)
    # it warns each minute of a tick that waits for the one before, and tells of failed jobs a second time
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with hold(config.store), keep_log(config), open_watch(config, settings, stopping=stopping) as watch:
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
            lambda: give_out(watch, clock()),
            IntervalTrigger(seconds=tick.total_seconds()),
            id="digest",
            # behind the first tick, which may have looked at a week's posts
            next_run_time=datetime.now(UTC) + tick / 2,
        )
        if config.timestamps.authority is not None:
            scheduler.add_job(
                lambda: stamp_due(watch.store, config, settings.dialer, clock()),
                IntervalTrigger(seconds=tick.total_seconds()),
                id="timestamps",
                next_run_time=datetime.now(UTC) + tick / 2,
            )
        scheduler.add_job(
            lambda: keep_house(watch.store, config, clock()),
            IntervalTrigger(seconds=house.total_seconds()),
            id="housekeeping",
            # also at the start: a machine that is off every night would never come to it
            next_run_time=datetime.now(UTC) + min(AFTER_START, house),
        )
        scheduler.start()
        started()
        log.info("watching %d accounts; digest at %s %s", len(config.accounts), at.strftime("%H:%M"), zone.key)
        while not stopping.wait(LOOK_S):
            pass
        log.info("stopping: the job in hand ends first")
        scheduler.shutdown(wait=True)


def give_out(watch: Watch, now: datetime) -> None:
    """Make the digest if it is due and hand it out, then send what waits: it, alerts, troubles, and what failed before.

    Also a digest that a killed run made and did not hand out goes out here.
    """
    store, config = watch.store, watch.config
    day = due_digest(store, config, now)
    if day is not None:
        make_digest(store, config, now, day=day)
    hand_out(store, config, now)
    deliver(store, config, now, stopping=watch.stopping)


def _report(event: JobExecutionEvent) -> None:
    """Log a job that failed or was missed; the next run of it tries again."""
    if event.code == EVENT_JOB_MISSED:
        log.error("job %s was missed at %s", event.job_id, event.scheduled_run_time)
    elif isinstance(event.exception, BotError | StorageError):
        log.error("job %s failed: %s", event.job_id, event.exception)
    else:
        log.error("job %s failed: %s", event.job_id, event.exception, exc_info=event.exception)
