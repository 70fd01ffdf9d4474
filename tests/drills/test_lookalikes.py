"""The quick form of the search for look-alikes: nothing is invented, no wall is an answer, what was made is found."""

from __future__ import annotations

from pathlib import Path

from rich.progress import Progress

from benchmarks.runner import Options
from drills import lookalikes


def test_what_is_there_is_found_and_nothing_else() -> None:
    figures = lookalikes.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert (figures["false"], figures["walls_as_answers"], figures["asked_twice"]) == (0, 0, 0)
    assert figures["walls_met"] == 2, "the breaker opens at the second captcha"
    assert figures["found"] == figures["made"] > 10
    assert figures["present"] > figures["made"], "nobody can make all that impostors think of"
    assert figures["candidates"] == 3 * 4 * 15
    assert (figures["pictures_found"], figures["pictures_false"]) == (figures["pictures"], 0)
    assert figures["pictures"] > 1
