"""`doppelwatch once`: one pass over everything that is due, ending in today's digest."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

import click
from rich.progress import Progress, TaskID

from bot.cli.console import counted, err, out, plain, print_json, progress
from bot.cli.options import config_option, json_option
from bot.config import Config, load
from bot.deliver import deliver, hand_out
from bot.errors import EXIT_PARTIAL
from bot.lock import hold
from bot.log import keep_log
from bot.pipeline.cycle import CycleReport, open_watch, run_cycle
from bot.pipeline.digest import make_digest
from bot.pipeline.housekeeping import keep_house
from bot.pipeline.stamp import stamp_due
from bot.sources.contract import Outcome
from bot.sources.registry import SourceSettings, settings_of


class Bars:
    """Progress of a cycle's steps as rich bars."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is; its bar appears with its first call."""
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=total)
        self._bars.update(self._tasks[step], completed=done, total=total)


@contextmanager
def stop_on_signals(stopping: threading.Event) -> Iterator[None]:
    """Set the event on SIGTERM and SIGINT: the item in hand is ended and committed, then the command leaves.

    A second Ctrl-C does not wait for the item in hand; the next start makes good what was left.
    """
    asked: SimpleQueue[bool] = SimpleQueue()
    pressed = False

    def listen() -> None:
        while asked.get():
            stopping.set()

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        # not set here: the handler runs in the middle of whatever the main thread does, which may be waiting
        # for the event with the event's own lock in hand
        asked.put(True)
        if number == signal.SIGINT:
            if pressed:
                raise KeyboardInterrupt
            pressed = True
            # not through rich or click: a handler may have interrupted them in the middle of a line
            os.write(2, b"\nStopping after the item in hand; Ctrl-C again stops at once.\n")

    listener = threading.Thread(target=listen, name="stop-on-signals", daemon=True)
    listener.start()
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        asked.put(False)
        listener.join()


def run_once(
    config: Config,
    settings: SourceSettings,
    now: datetime,
    *,
    quiet: bool = False,
    stopping: threading.Event | None = None,
    delivering: bool = True,
) -> tuple[CycleReport, Path]:
    """Hold the store, run one cycle, write the digest, hand it out, keep house; returns what was done and its path.

    Whoever calls `once` from a timer of their own has no daemon that would keep house.
    """
    with (
        hold(config.store),
        keep_log(config),
        open_watch(config, settings, stopping=stopping) as watch,
        progress(quiet) as bars,
    ):
        report = run_cycle(watch, now, progress=Bars(bars))
        stamp_due(watch.store, config, settings.dialer, now)
        path = make_digest(watch.store, config, now)
        if delivering:
            hand_out(watch.store, config, now, early=True)
            deliver(watch.store, config, now, stopping=stopping)
        keep_house(watch.store, config, now)
        return report, path


@click.command(epilog="Example: doppelwatch once --config /etc/doppelwatch/config.yaml")
@config_option
@click.option("--no-deliver", is_flag=True, help="Send nothing; `doppelwatch deliver` does it later.")
@json_option
def command(config_path: Path, no_deliver: bool, as_json: bool) -> None:
    """Poll what is due, examine new posts, write the digest, send it where channels are configured, and end.

    A digest goes out once: what later runs of the same day find stands in the next day's.

    Exit code 5 says that the work was done but some account or clip could not be seen; the digest
    names it.
    """
    config = load(config_path)
    stopping = threading.Event()
    with stop_on_signals(stopping):
        report, path = run_once(
            config,
            settings_of(config),
            datetime.now(UTC),
            quiet=as_json,
            stopping=stopping,
            delivering=not no_deliver,
        )
    failed_polls = sum(count for outcome, count in report.outcomes.items() if not Outcome(outcome).succeeded)
    if as_json:
        print_json({**asdict(report), "digest": str(path)})
    else:
        out.print(
            f"{counted(report.polled, 'account')} polled, {counted(report.new_posts, 'new post')}, "
            f"{report.examined} examined, {report.judged} judged."
        )
        if failed_polls or report.failed:
            unseen = f"{counted(failed_polls, 'account')} and {counted(report.failed, 'post')}"
            err.print(f"{unseen} could not be seen; the digest names them.")
        out.print(f"Digest: {plain(str(path))}")
    if failed_polls or report.failed:
        raise SystemExit(EXIT_PARTIAL)
