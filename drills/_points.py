"""Where the command is killed: named moments of its work, each a call that is about to begin or has just ended.

The steps are wrapped by name from outside; the code that is drilled knows nothing of it.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class When(StrEnum):
    """At which moment of the call the command dies."""

    BEFORE = "before"
    AFTER = "after"
    RUNNING = "running"  # while the call runs, once it has run for RUNS_S
    DOWNLOADING = "downloading"  # while the call runs, once a part of the file lies in the folder that it names


RUNS_S = 0.3
"""Less than any examination takes, whose worker has to start first."""


@dataclass(frozen=True, slots=True)
class Point:
    """One moment.

    Attributes:
        name: what a reader of the figures sees.
        target: `module:name` or `module:Class.name`, as the caller finds it.
        when: before, after or during the call.
        call: at which call, counted from 1 within one process.
        argument: count only calls with this among their positional arguments.
    """

    name: str
    target: str
    when: When
    call: int = 1
    argument: str | None = None


POINTS: tuple[Point, ...] = (
    Point("store made, no accounts yet", "bot.pipeline.cycle:wanted_accounts", When.BEFORE),
    Point("poll answered, not committed", "storage:Store.record_poll", When.BEFORE),
    Point("half a poll written", "storage:Store.insert", When.AFTER, 2, "posts"),
    Point("first account polled", "bot.pipeline.cycle:poll", When.AFTER),
    Point("in the middle of a download", "bot.sources.worker:SourceWorker.fetch", When.DOWNLOADING),
    Point("clip kept under its temporary name", "pathlib:Path.rename", When.BEFORE),
    Point("file kept, not committed", "storage:Store.record_fetch", When.BEFORE),
    Point("first clip fetched", "bot.pipeline.cycle:fetch", When.AFTER),
    # from outside: a worker that examines may send no signals, nor may it tell anybody how far it is
    Point("in the middle of an examination", "bot.pipeline.cycle:collect", When.RUNNING),
    Point("examined, not committed", "storage:Store.record_examination", When.BEFORE),
    Point("half the findings written", "storage:Store.insert", When.AFTER, 2, "findings"),
    Point("all examined, none judged", "bot.pipeline.cycle:judge_waiting", When.BEFORE),
    Point("between two verdicts", "bot.pipeline.cycle:judge_post", When.AFTER, 2),
    Point("all judged, none in a digest", "bot.cli.once:make_digest", When.BEFORE),
    Point("gathered, page not written", "bot.pipeline.digest:write_digest", When.BEFORE),
    Point("page under its temporary name", "pathlib:Path.replace", When.BEFORE, 2),
    Point("page written, not marked", "storage:Store.mark_rendered", When.BEFORE),
)
"""In the order of the work, so that a store that is killed at one after the other reaches them all."""


STEP = "step"
"""File beside the configuration in which the command says which step it is at."""

STEPS = {
    "poll": "bot.pipeline.cycle:poll_due",
    "fetch": "bot.pipeline.cycle:_fetch_waiting",
    "examine": "bot.pipeline.cycle:_examine_waiting",
    "judge": "bot.pipeline.cycle:judge_waiting",
    "digest": "bot.cli.once:make_digest",
    "deliver": "bot.cli.once:hand_out",
    "housekeeping": "bot.cli.once:keep_house",
}
"""Where each step begins; before the first the command starts."""


def mark_steps(file: Path) -> None:
    """Have the steps of this process's work write their names into a file as they begin."""
    file.write_text("start", encoding="ascii")
    for name, target in STEPS.items():
        module_name, _, function = target.partition(":")
        module = importlib.import_module(module_name)
        setattr(module, function, _marking(getattr(module, function), name, file))


def _marking(call: Callable[..., Any], name: str, file: Path) -> Callable[..., Any]:
    @functools.wraps(call)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        file.write_text(name, encoding="ascii")
        return call(*args, **kwargs)

    return wrapped


def arm(point: Point) -> None:
    """Put the killer around the point's call, in this process."""
    module_name, _, path = point.target.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module_name)
    for part in owners:
        owner = getattr(owner, part)
    setattr(owner, name, _deadly(getattr(owner, name), point))


def _deadly(call: Callable[..., Any], point: Point) -> Callable[..., Any]:
    calls = 0
    lock = threading.Lock()

    @functools.wraps(call)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        if point.argument is not None and point.argument not in args:
            return call(*args, **kwargs)
        with lock:
            calls += 1
            now = calls == point.call
        if now and point.when is When.BEFORE:
            _kill()
        if now and point.when is When.DOWNLOADING:
            threading.Thread(target=_kill_at_first_part, args=(args[-1].into,), daemon=True).start()
        if now and point.when is When.RUNNING:
            threading.Thread(target=_kill_while_running, daemon=True).start()
        result = call(*args, **kwargs)
        if now and point.when is When.AFTER:
            _kill()
        return result

    return wrapped


def _kill_while_running() -> None:
    time.sleep(RUNS_S)
    _kill()


def _kill_at_first_part(folder: Path) -> None:
    while not any(file.stat().st_size for file in folder.iterdir()):
        time.sleep(0.001)
    _kill()


def _kill() -> None:
    """`kill -9` the command, and let nothing more happen here."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)
    raise AssertionError("a killed process went on")
