"""The door in the drill's quick form: nothing inside is reached, and what is public is."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from benchmarks.runner import Options
from bot.sources.dialer import PublicDialer
from drills import door
from drills._outside import INSIDE, LOOPBACK_SPELLINGS, NAMED


def test_no_client_reaches_what_is_inside() -> None:
    figures = door.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert (figures["let_through"], figures["not_let_through"]) == ([], [])
    assert figures["reached"] == 0
    assert figures["allowed_ok"] == figures["allowed"] > 30
    assert figures["clients"].keys() == {"httpx", "yt-dlp", "impersonated", "helper process"}
    assert len({*LOOPBACK_SPELLINGS, *INSIDE, *NAMED}) == figures["addresses"] >= 80


def test_a_door_that_looks_away_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicDialer, "_check", staticmethod(lambda host, text: None))
    monkeypatch.setattr(door, "CLIENTS", {"httpx": door.CLIENTS["httpx"]})
    figures = door.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert figures["reached"] > 10
