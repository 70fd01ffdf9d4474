"""`kill -9` of `doppelwatch once` at every step of its work, then `once` again: nothing lost, nothing doubled.

A store is watched once without disturbance. Other stores see the same platform at the same time, but the command is
killed at a point, and run again until it is done. Then all rows, all evidence and all pages must be those of the
undisturbed store.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.runner import CannotRun, Figures, Options
from bot.demo.platforms import StandIn, TikTok, TikTokAccount
from drills._platform import accounts, set_downloads
from drills._points import POINTS, Point, When
from drills._rows import Row
from drills._watch import KILLED, Watch

QUICK = (
    "first account polled",
    "in the middle of a download",
    "first clip fetched",
    "in the middle of an examination",
    "all examined, none judged",
    "all judged, none in a digest",
    "gathered, page not written",
)
"""The points of the quick form, all on one store."""

_SHOWN = 8  # differences that are named in the figures


@dataclass
class Tally:
    """What went wrong, over all stores."""

    kills: list[str] = field(default_factory=list)
    not_reached: list[str] = field(default_factory=list)
    lost: Counter[Row] = field(default_factory=Counter)
    doubled: Counter[Row] = field(default_factory=Counter)
    orphans: int = 0
    locked: int = 0
    leftovers: list[str] = field(default_factory=list)


def run(options: Options) -> Figures:
    """Kill the command at each point of a store of its own, and at all points one after the other of one store.

    The quick form does the latter only, with fewer points. Figures: `lost` and `doubled` (rows, files and pages that
    are in the undisturbed store and not in a killed one, or the other way round), `kills`, `points` (their names),
    `not_reached` (points at which nothing was killed), `orphans` (worker processes that outlived the command),
    `locked` (stores that could not be taken at once after a kill), `leftovers` (temporary files in the end), `posts`,
    `entries` (posts in the digests of the undisturbed store), `differences` (some, if there are any), `seconds`.

    Raises:
        CannotRun: a run that nothing kills fails; the message says how.
    """
    started = time.monotonic()
    now = datetime.now(UTC).replace(microsecond=0)
    chosen = [point for point in POINTS if not options.quick or point.name in QUICK]
    plans = [chosen] if options.quick else [*([point] for point in chosen), chosen]
    task = options.progress.add_task("kill", total=1 + sum(len(plan) + 1 for plan in plans))
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        home = Path(folder)
        made = accounts(home, now)
        with StandIn(TikTok(made)) as platform:
            undisturbed = Watch(home / "undisturbed", platform.dialer(), now)
            _finish(undisturbed)
            options.progress.advance(task)
            expected = undisturbed.result()
            tally = Tally()
            for number, plan in enumerate(plans):
                watch = Watch(home / f"killed{number}", platform.dialer(), now)
                for point in plan:
                    _kill(watch, point, platform.tiktok, made, tally)
                    options.progress.advance(task)
                _finish(watch)
                options.progress.advance(task)
                _compare(expected, watch, tally)
    return {
        "lost": tally.lost.total(),
        "doubled": tally.doubled.total(),
        "kills": len(tally.kills),
        "points": list(dict.fromkeys(tally.kills)),
        "not_reached": tally.not_reached,
        "orphans": tally.orphans,
        "locked": tally.locked,
        "leftovers": tally.leftovers,
        "posts": sum(len(account.posts) for account in made),
        "entries": sum(count for row, count in expected.items() if row[0] == "digest_entries"),
        "differences": [" | ".join(row) for row in [*tally.lost, *tally.doubled][:_SHOWN]],
        "seconds": round(time.monotonic() - started, 1),
    }


def _kill(watch: Watch, point: Point, platform: TikTok, made: Sequence[TikTokAccount], tally: Tally) -> None:
    """Run the command until the point, and look at what it left at once."""
    set_downloads(platform, made, endless=point.when is When.DOWNLOADING)
    ended = watch.once(point)
    set_downloads(platform, made, endless=False)
    (tally.kills if ended.code == KILLED else tally.not_reached).append(point.name)
    tally.orphans += ended.orphans
    tally.locked += not watch.lock_is_free()


def _finish(watch: Watch) -> None:
    """Run the command to its end."""
    ended = watch.once(None)
    if ended.code != 0 or ended.orphans:
        raise CannotRun(
            f"`doppelwatch once` ended with exit code {ended.code} and {ended.orphans} processes left: {ended.said}"
        )


def _compare(expected: Counter[Row], watch: Watch, tally: Tally) -> None:
    found = watch.result()
    tally.lost += expected - found
    tally.doubled += found - expected
    tally.leftovers += watch.leftovers()
