"""The quick form of the week: every post is seen once, no limit is exceeded, whatever happens to the platform."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from benchmarks.runner import Options
from drills import week


@pytest.mark.slow
def test_every_post_is_seen_and_no_limit_is_exceeded() -> None:
    figures = week.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert (figures["missed"], figures["doubled"], figures["limit_exceeded"]) == (0, 0, 0)
    assert figures["published"] == figures["seen"] > 10
    assert figures["outcomes"]["blocked"] >= 2, "the block was met"
    assert set(figures["outcomes"]) == {"ok", "blocked"}, "the renamed account is followed"
    assert figures["held"] > 0, "the limit was met"
    assert figures["lag_median_s"] <= figures["lag_p95_s"] <= figures["lag_max_s"]
