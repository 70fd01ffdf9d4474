"""A week of watching on a clock that runs fast: is every post seen, how late, and is any limit exceeded?

Accounts of the stand-in platform post as people do, a few each day, most seldom, some not at all. The poll step of the
real daemon looks every five minutes of a simulated clock. Every tenth account has an old post pinned before the new
ones. One account is renamed, the platform blocks everything for two hours, and the watch is ended and started again.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from benchmarks.runner import Figures, Options
from bot.config import Config, load
from bot.demo.platforms import StandIn, State, TikTok, TikTokAccount, TikTokPost, post_id
from bot.pipeline.cycle import open_watch, poll_due
from bot.sources.registry import SourceSettings
from storage import Store

SEED = 6
TICK = timedelta(minutes=5)
OLD = 5
GAPS_H = (8, 24, 24, 48, 96, 168, 1000)
"""Mean hours between two posts of an account, one after the other."""

INTERVAL, SLOWEST = timedelta(hours=2), timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is simulated, and when what happens, counted from the start."""

    accounts: int
    length: timedelta
    limit: int
    """Requests within 60 minutes (`polling.requests_per_hour`); too few for the first look at all accounts."""
    renamed: timedelta
    restarted: timedelta
    blocked: timedelta
    block: timedelta = timedelta(hours=2)
    after: timedelta = timedelta(hours=12)
    """How long the watch goes on when nothing is published any more."""


FULL = Plan(200, timedelta(days=7), 260, timedelta(days=2), timedelta(days=3, hours=12), timedelta(days=4))
QUICK = Plan(14, timedelta(hours=30), 24, timedelta(hours=6), timedelta(hours=9), timedelta(hours=14))


def moments(chance: random.Random, gap: timedelta, start: datetime, end: datetime) -> Iterator[datetime]:
    """When an account publishes: at chance, with this mean time between two posts, as people do."""
    at = start
    while (at := at + gap * chance.expovariate(1)) < end:
        yield at.replace(microsecond=0)


class _Platform:
    """The accounts as time goes by; what is published is what the drill counts."""

    def __init__(self, plan: Plan, start: datetime) -> None:
        chance = random.Random(SEED)
        self.tiktok = TikTok()
        self.published: dict[str, datetime] = {}
        self.accounts: list[TikTokAccount] = []
        self._coming: list[tuple[datetime, int]] = []
        for number in range(plan.accounts):
            gap = timedelta(hours=GAPS_H[number % len(GAPS_H)])
            posts = [self._post(start - gap * (one + 1), number) for one in range(OLD)]
            if number % 10 == 0:
                posts.append(replace(self._post(start - timedelta(days=400), number), pinned=True))
            self.accounts.append(
                TikTokAccount(f"watched{number}", posts=tuple(posts), uid=str(7_000_000_000_000_000_000 + number))
            )
            self._coming += [(at, number) for at in moments(chance, gap, start, start + plan.length)]
        self._coming.sort(reverse=True)
        self._put_all()

    @staticmethod
    def _post(at: datetime, number: int) -> TikTokPost:
        return TikTokPost(post_id(at, number), at, caption="a clip", views=100)

    def _put_all(self) -> None:
        for account in self.accounts:
            self.tiktok.put(account)

    def publish(self, now: datetime) -> None:
        """Publish what is due by now."""
        while self._coming and self._coming[-1][0] <= now:
            at, number = self._coming.pop()
            post = self._post(at, number)
            account = self.accounts[number]
            self.accounts[number] = replace(account, posts=(post, *account.posts))
            self.tiktok.put(self.accounts[number])
            self.published[post.id] = at

    def rename(self, number: int) -> None:
        """Give an account another handle."""
        self.tiktok.remove(self.accounts[number].handle)
        self.accounts[number] = replace(self.accounts[number], handle="renamed")
        self.tiktok.put(self.accounts[number])

    def behave(self, state: State) -> None:
        """Let every account, also what is published from now on, answer so."""
        self.accounts = [replace(account, state=state) for account in self.accounts]
        self._put_all()


def run(options: Options) -> Figures:
    """Watch the week.

    Figures: `accounts`, `days`, `published` (in the simulated time), `seen`, `missed`, `doubled`, `limit`,
    `limit_exceeded` (ticks at which the stand-in had got more requests within 60 minutes than the limit),
    `most_requests` (of any 60 minutes), `requests`, `polls`, `outcomes`, `held` (accounts that had to wait, counted at
    each tick), `lag_median_s`, `lag_p95_s` and `lag_max_s` (from publication until seen, posts of the time of the block
    included), `seconds`.
    """
    started = time.monotonic()
    plan = QUICK if options.quick else FULL
    start = datetime.now(UTC).replace(microsecond=0) - plan.length - plan.after - timedelta(hours=1)
    platform = _Platform(plan, start)
    outcomes: Counter[str] = Counter()
    held = requests = most = exceeded = 0
    window: deque[int] = deque(maxlen=int(timedelta(hours=1) / TICK))
    ticks = int((plan.length + plan.after) / TICK)
    task = options.progress.add_task("ticks", total=ticks)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, StandIn(platform.tiktok) as server:
        config = _configuration(Path(folder), platform, plan)
        settings = SourceSettings(server.dialer())
        restart = int(plan.restarted / TICK)
        for part in (range(restart), range(restart, ticks)):
            with open_watch(config, settings) as watch:
                for tick in part:
                    since, now = tick * TICK, start + tick * TICK
                    _happen(platform, plan, since)
                    platform.publish(now)
                    polled = poll_due(watch, now)
                    outcomes.update(polled.outcomes)
                    held += polled.held
                    window.append(len(server.requests()))
                    server.clear()
                    requests += window[-1]
                    most = max(most, sum(window))
                    exceeded += sum(window) > plan.limit
                    options.progress.advance(task)
        with Store.open(config.store, read_only=True) as store:
            found = Counter(post.platform_id for post in store.posts())
            lags = [
                (post.first_seen_at - platform.published[post.platform_id]).total_seconds()
                for post in store.posts()
                if post.platform_id in platform.published
            ]
    return {
        "accounts": plan.accounts,
        "days": round(plan.length / timedelta(days=1), 2),
        "published": len(platform.published),
        "seen": len(lags),
        "missed": len(platform.published.keys() - found.keys()),
        "doubled": sum(count - 1 for count in found.values()),
        "limit": plan.limit,
        "limit_exceeded": exceeded,
        "most_requests": most,
        "requests": requests,
        "polls": sum(outcomes.values()),
        "outcomes": dict(outcomes),
        "held": held,
        "lag_median_s": round(statistics.median(lags)),
        "lag_p95_s": round(statistics.quantiles(lags, n=20, method="inclusive")[-1]),
        "lag_max_s": round(max(lags)),
        "seconds": round(time.monotonic() - started, 1),
    }


def _happen(platform: _Platform, plan: Plan, since: timedelta) -> None:
    """What befalls the platform at this tick."""
    if since == plan.renamed:
        platform.rename(1)
    if since == plan.blocked:
        platform.behave(State.FORBIDDEN)
    if since == plan.blocked + plan.block:
        platform.behave(State.NORMAL)


def _configuration(folder: Path, platform: _Platform, plan: Plan) -> Config:
    path = folder / "config.yaml"
    values = {
        "store": "store",
        "accounts": [f"https://www.tiktok.com/@{account.handle}" for account in platform.accounts],
        "polling": {
            "interval": f"{INTERVAL // timedelta(minutes=1)} min",
            "slowest": f"{SLOWEST // timedelta(minutes=1)} min",
            "requests_per_hour": plan.limit,
        },
    }
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return load(path)


__all__ = ["moments", "run"]
