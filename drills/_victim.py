"""The real `doppelwatch once`, led to the loopback platform, at a fixed time, and killed at a point.

`python -m drills._victim JOB.json [POINT]`. Only three names are replaced before the command starts: the door
to the network, the clock (so that the rows of two runs can be compared with their times), and the call at the point;
and the steps of the work say in a file when they begin.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

from drills._points import POINTS, STEP, Point, arm, mark_steps


def _point() -> Point | None:
    named = sys.argv[2] if len(sys.argv) > 2 else None
    return None if named is None else next(point for point in POINTS if point.name == named)


def _main() -> None:
    import bot.cli
    from bot.cli import once
    from bot.sources.dialer import MapDialer
    from bot.sources.registry import SourceSettings

    job: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    now = datetime.fromisoformat(job["now"])

    class Clock(datetime):
        """A clock that stands still."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(now.timestamp(), tz)

    hosts = {host: (address, port) for host, (address, port) in job["hosts"].items()}
    settings = SourceSettings(MapDialer(hosts, job["ca_pem"]))
    vars(once).update(datetime=Clock, settings_of=lambda _: settings)
    mark_steps(Path(job["config"]).with_name(STEP))
    point = _point()
    if point is not None:
        arm(point)
    bot.cli.main(["once", "--config", job["config"], "--json"], prog_name="doppelwatch")


if __name__ == "__main__":
    _main()
