"""The quick form of the drill of platforms: no name that misleads, on three kinds of sources."""

from __future__ import annotations

from pathlib import Path

from rich.progress import Progress

from benchmarks.runner import Options
from drills import platforms


def test_no_name_misleads() -> None:
    figures = platforms.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert figures["faults"] == []
    assert (figures["wrong"], figures["unknown"]) == (0, 0)
    assert (figures["platforms"], figures["states"]) == (3, 20)
    assert figures["table"]["kick"]["handle_taken"] == "gone"
    assert figures["table"]["bluesky"]["renamed"] == "ok"
    assert figures["table"]["rumble"]["empty"] == "empty"
