"""A store on a disk of its own that is full: a file system in memory, which only the command's process tree can see.

Where the kernel lets an ordinary user have one (`unshare`), the drill re-runs itself in it.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks.runner import CannotRun
from bot.sources.dialer import MapDialer
from drills._rows import Row
from drills._watch import ROOT, Watch

SIZE = 48_000_000
"""Bytes of the disk, more than a store of the drill needs."""

LEAST, MOST = 4_096, 1_500_000
"""Bytes that are free when the command begins: too few to end its work, drawn evenly over their logarithm."""


@dataclass
class Full:
    """How runs on full disks ended, by their exit code and whether they named the disk; and what was wrong then."""

    runs: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    note: str = ""
    differences: list[str] = field(default_factory=list)


def fill_up(folder: Path, dialer: MapDialer, now: datetime, *, number: int, chance: random.Random) -> Full:
    """Run the command on disks that fill up, then with room again, and compare with a store that always had room.

    Args:
        folder: is made; the disks are mounted in it.
        dialer: the way to the loopback platform.
        now: the time at which the command believes to run.
        number: how many disks.
        chance: draws how much is free.

    Raises:
        CannotRun: what runs in the disks' own namespace fails.
    """
    if shutil.which("unshare") is None or not _may_mount():
        return Full(note="not run: this system lets no ordinary user mount a disk of their own (unshare -rm)")
    folder.mkdir()
    job = folder / "job.pickle"
    free = [round(LEAST * (MOST / LEAST) ** chance.random()) for _ in range(number)]
    job.write_bytes(pickle.dumps((str(folder / "disk"), dict(dialer.hosts), dialer.ca_pem, now, free)))
    process = subprocess.run(
        ["unshare", "-rm", sys.executable, "-m", "drills._full_disk", str(job)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise CannotRun(f"the runs on full disks failed: {process.stderr.strip()[-400:]}")
    told = json.loads(process.stdout)
    return Full(**{**told, "ended": Counter(told["ended"])})


def _may_mount() -> bool:
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


def _main() -> None:
    """Inside: the undisturbed store first, on a disk with room, then one disk after the other."""
    name, hosts, ca_pem, now, free = pickle.loads(Path(sys.argv[1]).read_bytes())
    dialer = MapDialer(hosts, ca_pem)
    disk = Path(name)
    disk.mkdir()
    full = Full()
    expected = _round(disk, dialer, now, None, full)
    for room in free:
        found = _round(disk, dialer, now, room, full)
        full.runs += 1
        full.lost += (expected - found).total()
        full.doubled += (found - expected).total()
        full.differences += [" | ".join(row)[:300] for row in [*(expected - found), *(found - expected)]][:3]
    json.dump({**vars(full), "ended": dict(full.ended)}, sys.stdout)


def _round(disk: Path, dialer: MapDialer, now: datetime, room: int | None, full: Full) -> Counter[Row]:
    """One store on a fresh disk: a run with so little room, if any is told, then one with all of it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)], check=True)
    try:
        watch = Watch(disk / "home", dialer, now)
        if room is not None:
            filler = disk / "filler"
            with filler.open("wb") as file:
                left = os.statvfs(disk)
                os.posix_fallocate(file.fileno(), 0, max(1, left.f_bavail * left.f_frsize - room))
            ended = watch.once(None)
            full.ended[_kind(ended.code, ended.said)] += 1
            filler.unlink()
        ended = watch.once(None)
        if ended.code:
            full.differences.append(f"with room again it ended with {ended.code}: {ended.said[-200:]}")
        return watch.result()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _kind(code: int, said: str) -> str:
    named = "no space is left" in said or "No space left" in said
    return f"exit code {code}, {'the disk named' if named else 'the disk not named'}"


if __name__ == "__main__":
    _main()
