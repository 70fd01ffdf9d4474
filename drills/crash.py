"""`kill -9` of `doppelwatch once` at random instants, and a disk that fills up: nothing lost, nothing doubled.

Stores see the same platform at the same three times, a day and two months apart, so that every step has work: the last
time also deletes media beyond their retention. Digests and alerts go to a real mail server. At each time the command is
killed some times, wherever it is just then, and then runs to its end. At last all rows, evidence and pages must be
those of a store that nobody disturbed, and each message must have arrived under one Message-ID.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.runner import CannotRun, Figures, Options
from bot.config import load
from bot.deliver import send_due
from bot.demo.platforms import StandIn, TikTok
from drills._full_disk import fill_up
from drills._mailbox import Mailbox
from drills._platform import accounts
from drills._points import STEP, STEPS
from drills._rows import Row
from drills._watch import KILLED, Watch
from storage import DeliveryState, Store

KILLS, QUICK_KILLS = 300, 4
FULL_DISKS, QUICK_FULL_DISKS = 20, 1
KILLS_A_TIME = 4
"""Kills at one of the three times of a store before it may end its work."""

TIMES = (timedelta(0), timedelta(days=1), timedelta(days=60))

RECEIVERS = ("one@example.org", "two@example.org")

_SHOWN = 8


@dataclass
class Tally:
    """What happened, and what went wrong, over all stores."""

    kills: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    lost: Counter[Row] = field(default_factory=Counter)
    doubled: Counter[Row] = field(default_factory=Counter)
    mails_lost: list[str] = field(default_factory=list)
    mails_doubled: list[str] = field(default_factory=list)
    mails: int = 0
    orphans: int = 0
    locked: int = 0
    leftovers: list[str] = field(default_factory=list)


def run(options: Options) -> Figures:
    """Kill the command until it was killed often enough, store by store, then fill disks.

    Figures: `kills`, `lost` and `doubled` (rows, files, pages and messages; aim 0 and 0), `by_step` (kills by the step
    in which they fell), `too_late` (runs that ended before they were killed), `stores`, `posts` (published),
    `rows` (of the undisturbed store), `digests` (pages of it), `mails` (messages that arrived, copies included),
    `orphans`, `locked`, `leftovers` as for `drills kill`, `full_disks` (runs on a full disk), `full_disk` (by how they
    ended), `full_disk_lost`, `full_disk_doubled`, `full_disk_note` (why there are none, where there are none),
    `differences`, `seconds`.

    Raises:
        CannotRun: a run that nothing disturbs fails; the message says how.
    """
    started = time.monotonic()
    chance = random.Random(11)
    now = datetime.now(UTC).replace(microsecond=0)
    wanted = QUICK_KILLS if options.quick else KILLS
    disks = QUICK_FULL_DISKS if options.quick else FULL_DISKS
    times = [now + passed for passed in (TIMES[:1] if options.quick else TIMES)]
    task = options.progress.add_task("crash", total=wanted + disks)
    tally = Tally()
    stores = 0
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        home = Path(folder)
        made = accounts(home, now)
        with StandIn(TikTok(made)) as platform, Mailbox(home) as box:
            more = _sections(box)
            undisturbed = Watch(home / "undisturbed", platform.dialer(), now, more)
            lasted = [_finish(undisturbed, at) for at in times]
            _settle(undisturbed, times[-1])
            expected = undisturbed.result()
            _judge_mails(undisturbed, box, tally)
            while tally.kills.total() < wanted:
                watch = Watch(home / f"killed{stores}", platform.dialer(), now, more)
                box.mails.clear()
                for number, at in enumerate(times):
                    for _ in range(min(KILLS_A_TIME, wanted - tally.kills.total())):
                        _kill(watch, at, chance.uniform(0.2, lasted[number]), tally)
                        options.progress.update(task, completed=tally.kills.total())
                    # how long a run lasts changes with what else the machine does
                    lasted[number] = (lasted[number] + _finish(watch, at)) / 2
                _settle(watch, times[-1])
                _compare(expected, watch, tally)
                _judge_mails(watch, box, tally)
                stores += 1
            full = fill_up(home / "full", platform.dialer(), now, number=disks, chance=chance)
            options.progress.advance(task, disks)
    lost, doubled = tally.lost.total() + len(tally.mails_lost), tally.doubled.total() + len(tally.mails_doubled)
    return {
        "kills": tally.kills.total(),
        "lost": lost,
        "doubled": doubled,
        "by_step": {name: tally.kills[name] for name in ("start", *STEPS) if tally.kills[name]},
        "too_late": tally.too_late,
        "stores": stores,
        "posts": sum(len(account.posts) for account in made),
        "rows": sum(count for row, count in expected.items() if row[0] != "file"),
        "digests": sum(count for row, count in expected.items() if row[0] == "digests"),
        "mails": tally.mails,
        "orphans": tally.orphans,
        "locked": tally.locked,
        "leftovers": tally.leftovers[:_SHOWN],
        "full_disks": full.runs,
        "full_disk": dict(full.ended),
        "full_disk_lost": full.lost,
        "full_disk_doubled": full.doubled,
        "full_disk_note": full.note,
        "differences": [" | ".join(row)[:300] for row in [*tally.lost, *tally.doubled][:_SHOWN]]
        + tally.mails_lost[:_SHOWN]
        + tally.mails_doubled[:_SHOWN]
        + full.differences[:_SHOWN],
        "seconds": round(time.monotonic() - started, 1),
    }


def _sections(box: Mailbox) -> Mapping[str, object]:
    return {
        "mail": {
            "server": "localhost",
            "port": box.port,
            "authority": str(box.authority),
            "sender": "watch@example.org",
            "to": list(RECEIVERS),
        },
        "deliver": {"immediate": "urgent"},
        "retention": {"media": "30 days"},
    }


def _kill(watch: Watch, at: datetime, after_s: float, tally: Tally) -> None:
    watch.set_clock(at)
    step = watch.home / STEP
    step.write_text("start", encoding="ascii")  # of the run before there is another word in it
    ended = watch.once(None, kill_after_s=after_s)
    if ended.code != KILLED:
        tally.too_late += 1
        return
    tally.kills[step.read_text(encoding="ascii") or "start"] += 1
    tally.orphans += ended.orphans
    tally.locked += not watch.lock_is_free()


def _finish(watch: Watch, at: datetime) -> float:
    """Run the command to its end; returns the seconds that it took."""
    started = time.monotonic()
    watch.set_clock(at)
    ended = watch.once(None)
    if ended.code != 0 or ended.orphans:
        raise CannotRun(
            f"`doppelwatch once` ended with exit code {ended.code} and {ended.orphans} processes left: {ended.said}"
        )
    return time.monotonic() - started


def _compare(expected: Counter[Row], watch: Watch, tally: Tally) -> None:
    found = watch.result()
    tally.lost += expected - found
    tally.doubled += found - expected
    tally.leftovers += watch.leftovers()


def _settle(watch: Watch, at: datetime) -> None:
    """Let come what is not lost but late: pages that tell of files which housekeeping deleted after they were written,
    and the next try of a message whose try was cut short.
    """
    _finish(watch, at)
    config = load(watch.home / "config.yaml")
    with Store.open(watch.store) as store:
        send_due(store, config, at + timedelta(hours=12))


def _judge_mails(watch: Watch, box: Mailbox, tally: Tally) -> None:
    """What the outbox calls sent must have arrived, and what one receiver got of one subject has one Message-ID."""
    copies = box.ids()
    tally.mails += copies.total()
    with Store.open(watch.store, read_only=True) as store:
        deliveries = store.deliveries()
    for one in deliveries:
        if one.state is not DeliveryState.SENT or not copies[one.message_id]:
            tally.mails_lost.append(
                f"{watch.home.name}: {one.key} is {one.state} and arrived {copies[one.message_id]} times"
            )
    tally.mails_doubled += _under_several_ids(box, [one.message_id for one in deliveries])


def _under_several_ids(box: Mailbox, queued: Sequence[str]) -> list[str]:
    found: dict[tuple[str, str], set[str]] = {}
    for mail in box.mails:
        found.setdefault((str(mail["To"]), str(mail["Subject"])), set()).add(str(mail["Message-ID"]))
    several = [f"{subject} to {to} under {len(ids)} ids" for (to, subject), ids in found.items() if len(ids) > 1]
    return several + [f"{one} arrived and is in no outbox" for one in sorted(set(box.ids()) - set(queued))]
