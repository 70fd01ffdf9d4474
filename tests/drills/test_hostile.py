"""The hostile platform in its quick form, and that the drill would see somebody come inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import Progress

from benchmarks.runner import Options
from bot.demo.platforms import StandIn
from bot.sources.contract import ListRequest
from bot.sources.dialer import PublicDialer
from bot.sources.registry import SourceSettings, source_for
from drills import hostile
from drills._outside import HalfwayDialer, Inside
from drills._tricks import cases
from tests.platforms.everything import some_posts
from tests.platforms.kick import KickStage
from tests.platforms.model import Account


def test_nobody_comes_inside_and_every_trick_ends() -> None:
    figures = hostile.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert figures["faults"] == []
    assert (figures["reached"], figures["hung"], figures["wrong"], figures["outside"]) == (0, 0, 0, 0)
    assert (figures["stopped"], figures["died"]) == (0, 0)
    assert figures["cases"] > 30
    assert min(figures["by_list"], figures["by_address"]) > 3, "both walls were met"
    assert figures["untried"] == []


@dataclass(frozen=True, slots=True)
class Trusting(PublicDialer):
    """A door that lets everybody through."""

    @staticmethod
    def _check(host: str, text: str) -> None:
        """Look away."""


def test_a_door_that_trusts_everybody_would_be_seen() -> None:
    stage = KickStage()
    account = Account("someone", posts=some_posts(1, datetime.now(UTC)))
    stage.put(account)
    rude = hostile.Rude(stage)
    with Inside() as inside, StandIn(rude) as server:
        source = source_for(
            stage.url(account), SourceSettings(HalfwayDialer(server.dialer(), Trusting()), more_hosts=("127.0.0.1",))
        )
        for case in cases(stage, inside):
            if case.name.startswith("redirect to http://127.0.0.1"):
                rude.script = case.script
                source.list_posts(ListRequest(stage.url(account)))
        assert inside.calls > 0
