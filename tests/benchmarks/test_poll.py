"""The benchmark of polls in its quick form: requests are counted, and a poll costs far less than the command."""

from __future__ import annotations

from pathlib import Path

from rich.progress import Progress

from benchmarks import poll
from benchmarks.runner import Options
from tests.platforms.everything import STAGES


def test_a_poll_costs_a_small_part_of_the_command() -> None:
    figures = poll.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert len(figures["platforms"]) == len(STAGES) == 14
    assert (figures["platforms"]["tiktok"]["requests"], figures["platforms"]["tiktok"]["requests_by_id"]) == (2, 1)
    assert figures["platforms"]["bluesky"]["requests_by_id"] == 1
    assert figures["requests"] <= 2
    assert figures["requests_per_poll"] == 1
    assert figures["command_requests"] == 2
    assert 0 < figures["ratio_to_command_cpu"] < 0.3
    assert figures["growth_kb_per_poll"] < 200
