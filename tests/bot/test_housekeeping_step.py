"""Housekeeping: media without an alert go after their days, old polls after a year, half files at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, TikTokAccount
from bot.pipeline.cycle import Watch, run_cycle
from bot.pipeline.housekeeping import POLLS_KEPT, PROVEN, keep_house
from bot.pipeline.seal import KEPT
from bot.verdict import Priority
from storage.opening import FILE_NAME
from tests.bot.conftest import HOUR, NOW, make_posts, put

MONTH = timedelta(days=30)


def test_alerts_are_kept_and_nothing_else() -> None:
    assert {Priority.URGENT, Priority.HIGH, Priority.NORMAL} == KEPT


@pytest.mark.parametrize(
    ("priority", "release", "kept"),
    [(Priority.NORMAL, False, 1), (Priority.LOW, False, 1), (Priority.LOW, True, 0), (Priority.NONE, True, 0)],
)
def test_media_of_a_case_stay_until_it_is_released_and_go_after_their_days(
    watch: Watch, tiktok: TikTokAccount, priority: Priority, release: bool, kept: int
) -> None:
    run_cycle(watch, NOW)
    assert len(watch.store.cases()) == 3, "each of the posts was an alert"
    for post in watch.store.posts() if release else ():
        watch.store.release(post.id, at=NOW + HOUR)
    watch.store.write("UPDATE verdicts SET priority = ?", [str(priority)])
    assert keep_house(watch.store, watch.config, NOW + MONTH) == 0, "not yet"
    deleted = keep_house(watch.store, watch.config, NOW + MONTH + HOUR)
    assert deleted == 1 - kept, "three posts share one file"
    assert len(list(watch.store.evidence.folder.glob("??/*.mp4"))) == kept
    pictures = list(watch.store.evidence.folder.glob("??/*.jpg"))
    assert bool(pictures) == bool(kept), "the pictures of its findings go with a clip, and stay with it"


def test_what_is_half_done_or_old_goes(watch: Watch, tiktok: TikTokAccount, platform: StandIn) -> None:
    put(platform, tiktok, posts=make_posts(1, None))
    run_cycle(watch, NOW - POLLS_KEPT - HOUR)
    run_cycle(watch, NOW)
    left = [watch.store.folder / "tmp" / "fetch-x" / "clip.mp4", watch.store.evidence.folder / "incoming" / "tmp1"]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    keep_house(watch.store, watch.config, NOW + PROVEN)
    assert not any(path.exists() for path in left)
    assert [poll.at for poll in watch.store.polls()] == [NOW]
    log = watch.store.folder / f"{FILE_NAME}-wal"
    assert Path(log).stat().st_size == 0
