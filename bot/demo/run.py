"""The demo: the real pipeline watches the stand-in platform at two looks, and a digest is written.

Only two things differ from production: the dialer leads the platform's host names to the loopback, and the clock
of the first look stands some hours back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.config import Config, load
from bot.demo.folder import CONFIG, DIGESTS, STORE, prepare
from bot.demo.platforms import Logged, StandIn, TikTok
from bot.demo.results import Seen, results
from bot.demo.stage import Stage
from bot.demo.story import LOOKS_APART, configuration
from bot.digest.build import build_page
from bot.errors import BotError
from bot.lock import hold
from bot.pipeline.cycle import Watch, open_watch, run_cycle
from bot.pipeline.digest import make_digest
from bot.sources.registry import SourceSettings

Progress = Callable[[str, int, int], None]
"""Called with the step's name, how many items are done, and how many there are."""

HEADER = """\
# Made by `doppelwatch demo`. The accounts exist only on the demo's own platform, which is gone when it has ended:
# look at what it left with `doppelwatch status`, and start a watch of your own with `doppelwatch init`.
"""


class DemoStopped(BotError):
    """The demo was asked to stop before it was over."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What came of a demo.

    Attributes:
        found: the watched accounts in the digest's order.
        digest: the page.
        config: the configuration that was used; it stays in the folder.
        requests: everything that was asked of the stand-in platform.
        elapsed_s: seconds from start to end.
    """

    found: tuple[Seen, ...]
    digest: Path
    config: Path
    requests: tuple[Logged, ...]
    elapsed_s: float


def run_demo(folder: Path, *, progress: Progress, stopping: threading.Event | None = None) -> Demo:
    """Run the demo in this folder, which is new, empty, or left by an earlier demo.

    Raises:
        UsageError: the folder is somebody else's or cannot be used.
        DemoStopped: `stopping` was set.
        BotError: whatever else the watch raises.
    """
    started = time.monotonic()
    prepare(folder)
    path = _write_configuration(folder)
    config = load(path)
    now = datetime.now(UTC).replace(microsecond=0)
    stage = Stage(now)
    with StandIn(TikTok(stage.accounts(later=False))) as platform:
        settings = SourceSettings(platform.dialer())
        with hold(config.store), open_watch(config, settings, stopping=stopping) as watch:
            _look(watch, now - LOOKS_APART, progress, "first look")
            for account in stage.accounts(later=True):
                platform.tiktok.put(account)
            _look(watch, now, progress, "second look")
            digest = make_digest(watch.store, config, now)
            found = _found(watch, config, now)
        requests = tuple(platform.requests())
    return Demo(found, digest, path, requests, time.monotonic() - started)


def _write_configuration(folder: Path) -> Path:
    """The story's configuration as a file, with paths beside it, as a user has one."""
    path = folder / CONFIG
    values = configuration(Path(STORE), Path(DIGESTS))
    path.write_text(HEADER + yaml.safe_dump(values, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def _look(watch: Watch, now: datetime, progress: Progress, name: str) -> None:
    """Do what is due, as the daemon does at a tick.

    No digest is written here: a post enters the first one that follows its judgement, and that is the demo's only one.
    """

    def show(step: str, done: int, total: int) -> None:
        progress(f"{name}: {step}", done, total)

    run_cycle(watch, now, progress=show)
    if watch.stopping.is_set():
        raise DemoStopped("stopped before the demo was over; run it again")


def _found(watch: Watch, config: Config, now: datetime) -> tuple[Seen, ...]:
    """The accounts in the order of the page that was just written."""
    record = watch.store.digests()[0]
    page = build_page(watch.store, record, zone=ZoneInfo(config.digest.timezone), now=now, previous=None)
    return tuple(results(watch.store, page))
