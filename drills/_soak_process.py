"""The daemon of the soak drill as its parent sees it: a process that is told the time, signalled, and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Self

from drills._vitals import PROC, children

_PATIENCE_S = 60.0
"""Longest wait for its end."""


class Daemon:
    """The daemon's process, started again after its end; a context manager, which leaves nothing behind."""

    def __init__(self, job: Path) -> None:
        self._job = job
        self._process: subprocess.Popen[str] | None = None
        self._timers: list[threading.Timer] = []
        self.crashes = 0

    def start(self) -> None:
        """Start it, or start it again."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "drills._soak_daemon", str(self._job)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the log has it
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    @property
    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    @property
    def pid(self) -> int:
        """Its number."""
        return self._running.pid

    def asks(self) -> bool:
        """Wait until it asks for the time; False where it has ended instead."""
        assert self._running.stdout is not None
        return bool(self._running.stdout.readline())

    def answer(self, now: datetime) -> None:
        """Tell it the time."""
        assert self._running.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it was killed meanwhile
            self._running.stdin.write(now.isoformat() + "\n")
            self._running.stdin.flush()

    def code(self) -> int:
        """How it ended."""
        return self._running.wait(_PATIENCE_S)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._running.send_signal(number)

    def crash(self) -> None:
        """Kill its workers a moment later, when they are at work."""
        timer = threading.Timer(0.1, self._crash)
        self._timers.append(timer)
        timer.start()

    def _crash(self) -> None:
        for one in children(self.pid):
            with contextlib.suppress(OSError):  # it ended by itself
                if b"spawn_main" in (PROC / str(one) / "cmdline").read_bytes():
                    os.kill(one, signal.SIGKILL)
                    self.crashes += 1

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        for timer in self._timers:
            timer.join()
        if self._running.poll() is None:
            self._running.kill()
            self._running.wait()
        for pipe in (self._running.stdin, self._running.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
