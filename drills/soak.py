"""A week of the daemon beside platforms and a mail server that fail: does it grow, does it miss anything?

The real daemon runs all its jobs (polls, downloads, examinations, digests, mails, housekeeping) on a clock that the
drill moves by some minutes each time that a job asks for it. Three platforms throttle, break off, drip, block, lose an
account, answer with errors; a worker is killed, the mail server is away, the daemon is stopped once and killed once.
Both of these are on the first day: all that is measured afterwards is of one process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from benchmarks.runner import Figures, Options
from bot.config import Config, load
from bot.demo.platforms import StandIn, State
from bot.sources.contract import Outcome
from drills._mailbox import Mailbox
from drills._soak_process import Daemon
from drills._soak_world import SEED, Fault, World
from drills._vitals import Vitals, folder_mb, vitals
from storage import DeliveryState, PostState, Store

DAYS, ACCOUNTS = 7, 300
STEP = timedelta(minutes=2.5)
"""How far the clock moves when a job asks for it; two jobs ask at each tick."""

AFTER = timedelta(hours=12)
"""How long the watch goes on when nothing is published any more."""

INTERVAL, SLOWEST = timedelta(hours=2), timedelta(hours=4, minutes=30)
"""With the jitter of a fifth and a tick of five minutes well below :data:`UNWATCHED`."""
UNWATCHED = timedelta(hours=6)
"""An account that was not looked at for so long is called unwatched by the digest, which no fault of ours may cause."""

DEADLINE_S = 5
SHORTEST = timedelta(hours=2.5)
"""Of a fault, in the quick form as well: each account has to be looked at meanwhile."""

SETTLING = timedelta(hours=2)
"""How much longer than a fault lasted its platform may still be left alone afterwards."""

MAIL_AWAY = timedelta(hours=4)
"""How long the mail server is away at least, around the time of a digest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is simulated; moments are shares of `length`."""

    accounts: int
    length: timedelta
    interval: timedelta
    slowest: timedelta
    step: timedelta
    house_s: float

    def at(self, share: float) -> timedelta:
        """A moment, counted from the start."""
        return self.length * share

    def lasting(self, share: float) -> timedelta:
        """How long something lasts."""
        return max(self.length * share, SHORTEST)


QUICK = Plan(14, timedelta(hours=30), timedelta(minutes=45), timedelta(hours=2), STEP * 3, 2.0)
STOPPED, KILL = 0.03, 0.07
MARKS = 7
"""How often memory, files and store are measured: when a seventh of the time has passed, two sevenths, and so on."""

WARM = 1
"""The measurement that counts as the start: by then the libraries are loaded that are loaded when they are first needed
(the decoders at the first digest with pictures, 45 MB)."""
CRASHES = (0.48, 0.52, 0.54)
MAIL_DOWN, MAIL_UP = 0.65, 0.72


@dataclass
class _Run:
    """What was seen while the daemon ran."""

    measured: list[Vitals] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    crashes: int = 0
    ends: list[int] = field(default_factory=list)
    """Exit codes of the daemon, one after the other."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything that the daemon meets, and what it is told to watch."""

    plan: Plan
    start: datetime
    world: World
    server: StandIn
    box: Mailbox
    config: Config
    job: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The drill's own options."""
    parser.add_argument("--days", type=int, default=DAYS, help=f"simulated days of the full form (default: {DAYS})")
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help=f"accounts of it (default: {ACCOUNTS})")


def run(options: Options) -> Figures:
    """Watch the time.

    Figures: `days`, `accounts`, `missed` (looks that did not happen for six hours after a successful one although the
    platform was well), `missed_which` (some of them), `posts` (published), `posts_missed` (never seen),
    `posts_doubled`, `polls`, `outcomes`, `examined`, `rss_start_mb`, `rss_mid_mb`, `rss_end_mb` (resident memory of the
    daemon when two sevenths, four sevenths and all of the time have passed; one process), `rss_mb` (the same after each
    seventh), `files_start`, `files_mid`, `files_end` (its open files), `workers_start_mb`, `workers_mid_mb`,
    `workers_end_mb`, `store_start_mb`, `store_mid_mb`, `store_end_mb`, `digests`, `mails` (that the server accepted),
    `mails_doubled`, `mails_waiting` (at the end), `crashes` (workers killed), `ends` (exit codes of the daemon),
    `faults` (their names), `errors` (lines of its log that are errors), `seconds` and `cpu_s` (processor time of the
    daemon and its workers).
    """
    started = time.monotonic()
    before = os.times()
    plan = QUICK
    if not options.quick:
        given = options.given
        days, accounts = getattr(given, "days", DAYS), getattr(given, "accounts", ACCOUNTS)
        plan = Plan(accounts, timedelta(days=days), INTERVAL, SLOWEST, STEP, 30.0)
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - plan.length - timedelta(days=1)
    with tempfile.TemporaryDirectory(prefix="drill-soak-") as name:
        home = Path(name)
        (home / "clips").mkdir()
        world = World(plan.accounts, start, plan.length, home / "clips")
        world.plan(_faults(plan, world, start))
        with StandIn(*world.stages) as server:
            box = Mailbox(home)
            with box:
                config = _configured(home, world, plan, box)
            job = home / "job.json"
            dialer = server.dialer()
            job.write_text(
                json.dumps(
                    {
                        "config": str(home / "config.yaml"),
                        "hosts": dict(dialer.hosts),
                        "ca_pem": dialer.ca_pem,
                        "house_s": plan.house_s,
                    }
                ),
                encoding="utf-8",
            )
            scene = _Scene(plan, start, world, server, box, config, job)
            seen = _watch(scene, options)
        after = os.times()
        told = _told(scene)
        errors = [line for line in (home / "log").read_text("utf-8").splitlines() if " ERROR " in line]
    places = (WARM, MARKS // 2, -1)
    rss = [seen.measured[place] for place in places]
    size = [seen.sizes[place] for place in places]
    return {
        "days": round(plan.length / timedelta(days=1), 2),
        "accounts": plan.accounts,
        **told,
        **{f"rss_{when}_mb": one.rss_mb for when, one in zip(("start", "mid", "end"), rss, strict=True)},
        **{f"files_{when}": one.files for when, one in zip(("start", "mid", "end"), rss, strict=True)},
        **{f"workers_{when}_mb": one.workers_mb for when, one in zip(("start", "mid", "end"), rss, strict=True)},
        **{f"store_{when}_mb": one for when, one in zip(("start", "mid", "end"), size, strict=True)},
        "rss_mb": [one.rss_mb for one in seen.measured],
        "crashes": seen.crashes,
        "ends": seen.ends,
        "faults": [fault.name for fault in world.faults],
        "errors": len(errors),
        "seconds": round(time.monotonic() - started, 1),
        "cpu_s": round(after.children_user + after.children_system - before.children_user - before.children_system, 1),
    }


def _faults(plan: Plan, world: World, start: datetime) -> list[Fault]:
    """What befalls the platforms; over when three quarters of the time have passed."""
    chance = random.Random(SEED)
    feeds = sorted(world.of_platform("feed"))
    servers = sorted(world.of_platform("mastodon"))

    def fault(name: str, state: State, at: float, lasts: float, hit: list[int]) -> Fault:
        begins = start + plan.at(at)
        return Fault(name, state, begins, begins + plan.lasting(lasts), frozenset(hit))

    def some(of: list[int], share: float) -> list[int]:
        return chance.sample(of, max(1, round(share * len(of))))

    return [
        fault("TikTok refuses everybody", State.FORBIDDEN, 0.2, 0.012, sorted(world.of_platform("tiktok"))),
        fault("some feeds answer 429", State.RATE_LIMITED, 0.28, 0.036, some(feeds, 0.1)),
        fault("some connections are reset", State.RESET, 0.36, 0.036, some(servers, 0.05)),
        fault("some feeds drip", State.DRIP, 0.43, 0.024, some(feeds, 0.02)),
        fault("an account is gone for a time", State.GONE, 0.46, 0.143, some(servers, 0.01)),
        fault("a platform answers 502", State.SERVER_ERROR, 0.64, 0.018, servers),
    ]


def _configured(home: Path, world: World, plan: Plan, box: Mailbox) -> Config:
    path = home / "config.yaml"
    values = {
        "store": "store",
        "people": [{"name": "Aurelio Vantor", "official": ["https://www.tiktok.com/@aureliovantor"]}],
        "accounts": [{"url": url, "person": "Aurelio Vantor"} for url in world.urls],
        "polling": {
            "interval": f"{plan.interval // timedelta(minutes=1)} min",
            "slowest": f"{plan.slowest // timedelta(minutes=1)} min",
            "first_examine": 0,
            "deadline": f"{DEADLINE_S} s",
        },
        "digest": {"folder": "digests", "time": "20:00", "timezone": "UTC"},
        "mail": {
            "server": box.host,
            "port": box.port,
            "authority": str(box.authority),
            "sender": "watch@example.org",
            "to": ["desk@example.org"],
        },
        "log": {"file": "log"},
    }
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return load(path)


def _watch(scene: _Scene, options: Options) -> _Run:
    """Run the daemon until the time has passed, and let happen what is planned."""
    plan, box, start = scene.plan, scene.box, scene.start
    seen = _Run()
    end = plan.length + AFTER
    task = options.progress.add_task("soak", total=int(end / plan.step))
    marks = [plan.at((number + 1) / MARKS) for number in range(MARKS)]
    crashes = [plan.at(share) for share in CRASHES]
    orders = [(plan.at(STOPPED), signal.SIGTERM), (plan.at(KILL), signal.SIGKILL)]
    mail_down = plan.at(MAIL_DOWN)
    mail_up = mail_down + max(plan.at(MAIL_UP - MAIL_DOWN), MAIL_AWAY)
    since = timedelta(0)
    with ExitStack() as stack:
        mail = stack.enter_context(ExitStack())
        mail.enter_context(box)
        mail_is_up = True
        daemon = stack.enter_context(Daemon(scene.job))
        while True:
            if not daemon.asks():
                seen.ends.append(daemon.code())
                if since >= end:
                    seen.crashes = daemon.crashes
                    return seen
                daemon.start()
                continue
            since += plan.step
            options.progress.advance(task)
            scene.server.clear()
            scene.world.move(start + since)
            if marks and since >= marks[0]:
                marks.pop(0)
                seen.measured.append(vitals(daemon.pid))
                seen.sizes.append(folder_mb(scene.config.store))
            if mail_is_up == (mail_down <= since < mail_up):
                mail_is_up = not mail_is_up
                mail.enter_context(box) if mail_is_up else mail.close()
            daemon.answer(start + since)
            if crashes and since >= crashes[0]:
                crashes.pop(0)
                daemon.crash()
            if orders and since >= orders[0][0]:
                daemon.signal(orders.pop(0)[1])
            if since >= end:
                daemon.signal(signal.SIGTERM)


def _told(scene: _Scene) -> Figures:
    """What store and mailbox have at the end."""
    world, box = scene.world, scene.box
    with Store.open(scene.config.store, read_only=True) as store:
        numbers = {url: number for number, url in enumerate(world.urls)}
        number_of = {account.id: numbers[account.url] for account in store.accounts()}
        posts = Counter((number_of[post.account_id], post.platform_id) for post in store.posts())
        examined = sum(post.state is PostState.JUDGED for post in store.posts())
        looks: defaultdict[int, list[tuple[datetime, Outcome]]] = defaultdict(list)
        for row in store.rows("SELECT account_id, at, outcome FROM polls ORDER BY id"):
            looks[number_of[row["account_id"]]].append((datetime.fromisoformat(row["at"]), Outcome(row["outcome"])))
        digests = len(store.digests())
        waiting = len(store.deliveries(DeliveryState.WAITING))
    end = scene.start + scene.plan.length + AFTER
    outcomes = Counter(str(outcome) for made in looks.values() for _, outcome in made)
    missed = [one for number in number_of.values() for one in _missed(world, number, looks[number], end)]
    return {
        "missed": len(missed),
        "missed_which": missed[:5],
        "posts": len(world.published),
        "posts_missed": len(world.published.keys() - posts.keys()),
        "posts_doubled": sum(count - 1 for count in posts.values()),
        "polls": sum(outcomes.values()),
        "outcomes": dict(outcomes),
        "examined": examined,
        "digests": digests,
        "mails": len(box.mails),
        "mails_doubled": sum(count - 1 for count in box.ids().values()),
        "mails_waiting": waiting,
    }


def _missed(world: World, number: int, looks: Sequence[tuple[datetime, Outcome]], end: datetime) -> list[str]:
    """When an account was not looked at for too long after a look that succeeded, while its platform was well."""
    name = world.stage(number).name
    # the platform is left alone for up to as long as it failed, and then looked at one account after the other
    ill = [
        (fault.begins, fault.ends + (fault.ends - fault.begins) + SETTLING)
        for fault in world.faults
        if any(world.stage(one).name == name for one in fault.hit)
    ]
    if not looks:
        return [f"{world.urls[number]}: never"]
    missed = []
    for (at, outcome), after in zip(looks, [*(at for at, _ in looks[1:]), end], strict=True):
        well = not any(begins < after and at < ends for begins, ends in ill)
        if outcome.succeeded and well and after - at > UNWATCHED:
            missed.append(f"{world.urls[number]}: {at:%d. %H:%M} to {after:%d. %H:%M}")
    return missed


__all__ = ["add_arguments", "run"]
