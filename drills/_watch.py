"""One store with its configuration, and the real command on it, in a process group of its own."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import yaml

from bot.demo.story import PERSON, url_of
from bot.digest.archive import STATES
from bot.sources.dialer import MapDialer
from drills._platform import ROLES
from drills._points import Point
from drills._rows import Row, files_below, final_rows
from storage.opening import FILE_NAME

KILLED = -signal.SIGKILL
"""Exit code of a process that was killed outright."""

ROOT = Path(__file__).resolve().parents[1]
"""Where the packages lie."""

PATIENCE_S = 120.0
"""Longest time for one run of the command, far more than it needs."""

GRACE_S = 10.0
"""Time for worker processes to notice that the command is gone."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: exit code, worker processes that outlived it, the end of what it said on standard error."""

    code: int
    orphans: int
    said: str


class Watch:
    """A store in its own folder, watched by `doppelwatch once`.

    Args:
        home: a folder that is made; everything that the command writes lies below it, temporary files included.
        dialer: the way to the loopback platform.
        now: the time at which the command believes to run.
        more: sections of the configuration beside the usual ones.
    """

    def __init__(
        self, home: Path, dialer: MapDialer, now: datetime, more: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        self.home = home
        self.store = home / "store"
        self._digests = home / "digests"
        self._temporary = home / "temporary"
        self._temporary.mkdir(parents=True)
        config = home / "config.yaml"
        config.write_text(yaml.safe_dump({**self._configuration(), **more}), encoding="utf-8")
        self._job = home / "job.json"
        self._told = {"config": str(config), "hosts": dict(dialer.hosts), "ca_pem": dialer.ca_pem}
        self.set_clock(now)

    def set_clock(self, now: datetime) -> None:
        """From now on the command believes to run at this time."""
        self._job.write_text(json.dumps({**self._told, "now": now.isoformat()}), encoding="utf-8")

    def _configuration(self) -> dict[str, object]:
        official = [url_of(role) for role in ROLES if role.verified]
        return {
            "store": str(self.store),
            "people": [{"name": PERSON, "official": official}],
            "accounts": [{"url": url_of(role), "person": role.person} for role in ROLES],
            "digest": {"folder": str(self._digests), "timezone": "UTC"},
        }

    def once(self, point: Point | None, *, kill_after_s: float | None = None) -> Ended:
        """Run the command, to its end, until the point, or for so many seconds until it is killed.

        Processes that outlive it are counted, then ended.

        Raises:
            subprocess.TimeoutExpired: it does not end by itself.
        """
        command = [sys.executable, "-m", "drills._victim", str(self._job), *([point.name] if point else [])]
        # a file, not a pipe: the end of a pipe would come only with the end of every process that inherited it
        # and none of the store's disk, which may be full
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(self._temporary)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
            try:
                if kill_after_s is not None:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(kill_after_s)
                    process.kill()
                code = process.wait(PATIENCE_S)
                orphans = _outlived(process.pid)
            finally:
                _end_group(process.pid)
                process.wait()
            said.seek(0)
            return Ended(code, orphans, said.read().decode(errors="replace").strip()[-500:])

    def lock_is_free(self) -> bool:
        """Whether the store can be taken now."""
        path = self.store / "lock"
        if not path.exists():
            return True
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def result(self) -> Counter[Row]:
        """All rows, evidence files and pages; row numbers do not count."""
        rows = final_rows(self.store / FILE_NAME, self.home)
        found = rows + files_below(self.store / "evidence", self.home) + files_below(self._digests, self.home)
        # what pages were made from is kept as a hash over row numbers, which a poll that is made again may change
        return Counter({row: count for row, count in found.items() if row[:2] != ("file", f"digests/{STATES}")})

    def leftovers(self) -> list[str]:
        """Temporary files that are still there."""
        return [
            str(path.relative_to(self.home))
            for folder in (self._temporary, self.store / "tmp", self.store / "evidence" / "incoming")
            for path in sorted(folder.rglob("*"))
        ]


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _outlived(session: int) -> int:
    """How many processes of the session are still alive when their grace is over."""
    until = time.monotonic() + GRACE_S
    while (alive := _alive(session)) and time.monotonic() < until:
        time.sleep(0.01)
    return alive


def _alive(session: int) -> int:
    """Processes of a session, those not counted that have ended and only wait to be reaped."""
    count = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        count += int(fields[3]) == session and fields[0] not in "ZX"
    return count
