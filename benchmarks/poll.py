"""What looking at an account costs when there is nothing new, and what it costs by running yt-dlp once per account.

Everything is asked of the stand-in platforms on this machine, over TLS, so that the figures are of our work and that of
yt-dlp, and not of the Internet. The yardstick is what scripts do today, `yt-dlp --flat-playlist --playlist-end 15
ADDRESS`, one process for each account, against the same server (`--no-check-certificate` and a proxy lead it there).
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.runner import CannotRun, Figures, Options
from bot.demo.platforms import StandIn
from bot.sources.contract import ListRequest, Outcome, Source
from bot.sources.egress import EgressProxy, helper_environment
from bot.sources.registry import SourceSettings, source_for
from tests.platforms.everything import STAGES, some_posts
from tests.platforms.model import Account, Stage
from tests.platforms.tiktok import TikTokStage

POSTS = 20
LIMIT = 15
POLLS, QUICK_POLLS = 20, 3
MANY, QUICK_MANY = 2000, 60
COMMANDS, QUICK_COMMANDS = 5, 1
WARM = 50
"""Polls after which memory is taken to have settled."""


def run(options: Options) -> Figures:
    """Poll every platform, then one of them many times, then run the command.

    Figures: `platforms` (name to `requests` and `ms` of a poll with nothing new, and `requests_by_id` and `ms_by_id` of
    one that leaves the profile out), `requests` (median over the platforms), `polls_per_s` (of one process, TikTok, by
    the stable id) and `polls_per_cpu_s` (in a second of processor time, the work of the server included),
    `requests_per_poll`, `polls` (how many), `memory_mb` (resident at the end), `memory_mb_after_50`,
    `growth_kb_per_poll`, `peak_memory_mb`, `poll_s`, `poll_cpu_s` (the server's own work included), `command_s` and
    `command_cpu_s` (of one run of the command: median, mean), `command_requests`, `ratio_to_command` (a poll's time in
    the command's) and `ratio_to_command_cpu` (the same of processor time, which a busy machine does not change).

    Raises:
        CannotRun: the command does not list what is there.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    count = QUICK_POLLS if options.quick else POLLS
    task = options.progress.add_task("platforms", total=len(STAGES))
    platforms: dict[str, Mapping[str, float]] = {}
    for make in STAGES:
        platforms[make.name] = _platform(make(), now, count)
        options.progress.advance(task)
    many = _many(now, QUICK_MANY if options.quick else MANY, options)
    command = _command(now, QUICK_COMMANDS if options.quick else COMMANDS)
    return {
        "platforms": platforms,
        "requests": statistics.median(one["requests"] for one in platforms.values()),
        **many,
        **command,
        "ratio_to_command": round(many["poll_s"] / command["command_s"], 5),
        "ratio_to_command_cpu": round(many["poll_cpu_s"] / command["command_cpu_s"], 5),
    }


class _Poller:
    """One account of a stand-in platform, all of whose posts are known."""

    def __init__(self, stage: Stage, server: StandIn, now: datetime) -> None:
        self._server = server
        account = Account("someone", posts=some_posts(POSTS, now), followers=4321)
        stage.put(account)
        self.url = stage.url(account)
        self._source: Source = source_for(self.url, SourceSettings(server.dialer()))
        self._known = frozenset(stage.post_id(account, post) for post in account.posts)
        self._stable_id = stage.stable_id(account)

    def poll(self, *, profile: bool = True) -> int:
        """Poll once; returns how many requests it took.

        Raises:
            CannotRun: it did not see what is there.
        """
        wanted = ListRequest(self.url, stable_id=self._stable_id, known=self._known, limit=LIMIT, profile=profile)
        listing = self._source.list_posts(wanted)
        if listing.outcome is not Outcome.OK or not {post.platform_id for post in listing.posts} <= self._known:
            raise CannotRun(f"{self.url}: {listing.outcome} {listing.detail}")
        return len(listing.trail)


def _platform(stage: Stage, now: datetime, count: int) -> Mapping[str, float]:
    with StandIn(stage) as server:
        poller = _Poller(stage, server, now)
        figures: dict[str, float] = {}
        for suffix, profile in (("", True), ("_by_id", False)):
            requests = poller.poll(profile=profile)
            times = []
            for _ in range(count):
                started = time.perf_counter()
                poller.poll(profile=profile)
                times.append(time.perf_counter() - started)
            figures[f"requests{suffix}"] = requests
            figures[f"ms{suffix}"] = round(1000 * statistics.median(times), 1)
        return figures


def _many(now: datetime, count: int, options: Options) -> dict[str, float]:
    """Many polls of one account; the server is in this process and shares its time and memory."""
    stage = TikTokStage()
    with StandIn(stage) as server:
        poller = _Poller(stage, server, now)
        task = options.progress.add_task("polls", total=count)
        first = 0.0
        requests = 0
        started, started_cpu = time.perf_counter(), time.process_time()
        for number in range(count):
            requests += poller.poll(profile=False)
            server.clear()
            if number == min(WARM, count) - 1:
                first = _memory_mb()
            options.progress.advance(task)
        elapsed, elapsed_cpu = time.perf_counter() - started, time.process_time() - started_cpu
        last = _memory_mb()
    return {
        "polls": count,
        "polls_per_s": round(count / elapsed, 1),
        "polls_per_cpu_s": round(count / elapsed_cpu, 1),
        "poll_s": round(elapsed / count, 5),
        "poll_cpu_s": round(elapsed_cpu / count, 5),
        "requests_per_poll": requests / count,
        "memory_mb": round(last, 1),
        "memory_mb_after_50": round(first, 1),
        "growth_kb_per_poll": round(1000 * (last - first) / max(count - WARM, 1), 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 1),
    }


def _memory_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _command(now: datetime, count: int) -> dict[str, float]:
    """The command once per account, a process each."""
    stage = TikTokStage()
    with StandIn(stage) as server, EgressProxy(server.dialer()) as proxy:
        poller = _Poller(stage, server, now)
        command = [
            sys.executable, "-m", "yt_dlp", "--ignore-config", "--flat-playlist", "--playlist-end", str(LIMIT),
            "--no-check-certificate", "--no-warnings", "--print", "id", poller.url,
        ]  # fmt: skip
        times = []
        requests = 0
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(count):
            server.clear()
            started = time.perf_counter()
            done = subprocess.run(
                command, env=helper_environment(proxy, os.environ), capture_output=True, text=True, check=False
            )
            times.append(time.perf_counter() - started)
            requests = len(server.requests())
            if len(done.stdout.split()) != LIMIT:
                raise CannotRun(f"yt-dlp listed {len(done.stdout.split())} posts of {LIMIT}: {done.stderr[-300:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "command_s": round(statistics.median(times), 3),
        "command_cpu_s": round(cpu / count, 3),
        "command_requests": requests,
    }


__all__ = ["run"]
