"""A person is purged from a full watch: every byte of it is searched for what is left, and the others must be whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.runner import Figures, Options
from bot.config import Config, load
from bot.demo.story import PERSON
from bot.lock import hold
from bot.pipeline.seal import KEPT
from bot.purging import marks_of, purge_person
from drills._purge_home import NOW, PEOPLE, left_of, needles, prepare, rows_of
from storage import Store

KILLS, QUICK_KILLS = 30, 3


def run(options: Options) -> Figures:
    """Fill a watch, purge one person after the other, and search; then again with kills at random instants.

    Figures: `traces` (files in which something of a purged person was found, over all rounds; aim 0), `found` (which),
    `told` (traces that the command itself reported), `people` (how many were purged), `rounds`, `kills` (purges that
    were killed and given again), `others_changed` (tables in which those who stay have other rows than before; aim 0),
    `faults` (what `verify` named afterwards; aim 0), `files_before` (files that held the first person), `searched_mb`,
    `seconds`.
    """
    started = time.monotonic()
    chance = random.Random(7)
    kills = QUICK_KILLS if options.quick else KILLS
    tally = _Tally()
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        base = Path(name) / "watch"
        base.mkdir()
        config = prepare(base, with_demo=not options.quick)
        # with the demo, the person of its own run is purged as well: what the real pipeline wrote
        purged = (PEOPLE[0],) if options.quick else (PEOPLE[0], PEOPLE[1])
        before, _ = left_of(base, needles(config, PEOPLE[0]))
        task = options.progress.add_task("purge", total=kills + 3)
        seconds = tally.round(_copy(base, "plain"), purged, _purge)
        options.progress.advance(task)
        tally.round(_copy(base, "log"), purged[:1], _with_a_full_log)
        options.progress.advance(task)
        if not options.quick:
            tally.round(_copy(base, "demo"), (PERSON,), _purge)
        options.progress.advance(task)
        for number in range(kills):
            after = chance.uniform(0, seconds / len(purged))
            tally.round(_copy(base, f"kill-{number}"), purged[:1], lambda home, who: _killed(home, who, after))  # noqa: B023 - called at once
            tally.kills += 1
            options.progress.advance(task)
    return {
        "traces": len(tally.found),
        "found": tally.found[:20],
        "told": tally.told,
        "people": tally.people,
        "rounds": tally.rounds,
        "kills": tally.kills,
        "others_changed": tally.others_changed,
        "faults": tally.faults,
        "files_before": len(before),
        "searched_mb": round(tally.searched / 1e6, 1),
        "seconds": round(time.monotonic() - started, 1),
    }


class _Tally:
    """What all rounds found."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.told = self.people = self.rounds = self.kills = self.others_changed = self.searched = 0
        self.faults: list[str] = []

    def round(self, home: Path, who: tuple[str, ...], purge: Callable[[Path, str], int]) -> float:
        """Purge these people in one copy of the watch, look, and remove the copy; returns the seconds of the purges."""
        config = load(home / "config.yaml")
        wanted = [needle for name in who for needle in _needles(config, name)]
        staying = [name for name in PEOPLE if name not in who]
        before = rows_of(config, staying)
        started = time.monotonic()
        for name in who:
            self.told += purge(home, name)
        seconds = time.monotonic() - started
        after = rows_of(config, staying)
        self.others_changed += sum(before[table] != after[table] for table in before)
        with Store.open(config.store) as store:
            self.faults += list(store.faults(must_have={str(one) for one in KEPT}))
        found, searched = left_of(home, wanted)
        self.found += found
        self.searched += searched
        self.people += len(who)
        self.rounds += 1
        shutil.rmtree(home)
        return seconds


def _needles(config: Config, name: str) -> list[bytes]:
    if name == PERSON:
        return [spelling.encode() for spelling in (name, name.lower(), name.replace(" ", "").lower())]
    return needles(config, name)


def _copy(base: Path, name: str) -> Path:
    home = base.parent / name
    shutil.copytree(base, home)
    return home


def _purge(home: Path, name: str) -> int:
    """The purge as the command does it; returns how many traces it reports."""
    config = load(home / "config.yaml")
    with hold(config.store), Store.open(config.store) as store:
        marks = marks_of(name, config, store)
        report = purge_person(name, marks, store=store, config=config, now=NOW + timedelta(hours=2))
    return len(report.traces)


def _with_a_full_log(home: Path, name: str) -> int:
    """Purge a watch whose process was killed: its write-ahead log was never folded in, and holds the person."""
    config = load(home / "config.yaml")
    child = os.fork()
    if child == 0:
        store = Store.open(config.store)
        store.rows("PRAGMA wal_autocheckpoint = 0")
        store.write("UPDATE accounts SET detail = ? WHERE person = ?", [f"as {name} " * 200, name])
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return _purge(home, name)


def _killed(home: Path, name: str, after_s: float) -> int:
    """Begin the purge in another process, kill it, and give it again."""
    child = os.fork()
    if child == 0:
        try:
            _purge(home, name)
        finally:
            os._exit(0)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return _purge(home, name)
