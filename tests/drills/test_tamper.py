"""The drill of changed bytes and rows finds them all, and would count one that is missed."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from benchmarks.runner import Options
from drills import tamper

OPTIONS = Options(quick=True, data=Path(), progress=Progress(disable=True))


def test_every_change_is_detected() -> None:
    figures = tamper.run(OPTIONS)
    assert figures["changed"] == figures["detected"] == tamper.QUICK_CHANGES
    assert (figures["missed"], figures["false_alarms"]) == ([], 0)
    assert figures["standard_tools"] is not False


def test_what_is_missed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tamper, "QUICK_CHANGES", 6)
    monkeypatch.setattr(tamper, "export_faults", lambda path: iter(()))
    figures = tamper.run(OPTIONS)
    assert (figures["changed"], figures["detected"]) == (6, 4)
