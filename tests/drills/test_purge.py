"""The drill of the purge finds nothing, and would find what a worse purge leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from benchmarks.runner import Options
from drills import purge
from storage.traces import Marks

OPTIONS = Options(quick=True, data=Path(), progress=Progress(disable=True))


def test_nothing_is_left_and_the_others_are_whole() -> None:
    figures = purge.run(OPTIONS)
    assert (figures["traces"], figures["told"], figures["others_changed"], figures["faults"]) == (0, 0, 0, [])
    assert figures["kills"] == purge.QUICK_KILLS
    assert figures["files_before"] > 10


def test_a_purge_that_forgets_the_words_of_others_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "QUICK_KILLS", 0)
    monkeypatch.setattr(Marks, "redacted", lambda self, text: text)
    figures = purge.run(OPTIONS)
    assert figures["traces"] > 0
    assert figures["told"] > 0
