"""The daemon of the soak drill: the real one, in a process of its own, on a clock that the drill moves.

`python -m drills._soak_daemon JOB.json`. Each time that a job asks what time it is, an empty line goes out, and the
time comes in as ISO 8601; so the simulated week passes exactly as fast as the work is done.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.once import stop_on_signals
from bot.config import load
from bot.log import write_to_stderr
from bot.schedule import serve
from bot.sources.dialer import MapDialer
from bot.sources.registry import SourceSettings

TICK = timedelta(seconds=0.05)
"""Real time between two ticks where there is nothing to do."""


def _asked() -> datetime:
    """The time, from the drill; which is gone where nothing comes, and then the daemon is killed, too."""
    sys.stdout.write("\n")
    sys.stdout.flush()
    return datetime.fromisoformat(sys.stdin.readline().strip())


def _main() -> None:
    job: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    hosts = {host: (address, port) for host, (address, port) in job["hosts"].items()}
    settings = SourceSettings(MapDialer(hosts, job["ca_pem"]))
    write_to_stderr(logging.WARNING)
    stopping = threading.Event()
    with stop_on_signals(stopping):
        serve(
            load(Path(job["config"])),
            settings,
            stopping,
            clock=_asked,
            tick=TICK,
            house=timedelta(seconds=job["house_s"]),
        )


if __name__ == "__main__":
    _main()
