"""The whole way on real parts: a loopback TikTok and a folder, worker processes, the store, the judge."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline import cycle as cycle_module
from bot.pipeline.cycle import CycleReport, Watch, open_watch, run_cycle
from bot.pipeline.fetch import FIRST_RETRY
from bot.pipeline.judge import judge_post
from bot.sources.registry import SourceSettings
from bot.verdict import Verdict
from storage import Account, Post, PostState
from tests.bot.conftest import HOUR, NOW, URL
from tests.bot.test_workers import pid
from tests.conftest import PERSON, make_config, settle


def states(watch: Watch) -> dict[str, int]:
    return dict(watch.store.counts())


def test_an_account_becomes_judged_posts(watch: Watch, tiktok: TikTokAccount, account: Account) -> None:
    told: list[tuple[str, int, int]] = []
    report = run_cycle(watch, NOW, progress=lambda *step: told.append(step))
    assert report == CycleReport(polled=1, new_posts=3, fetched=3, examined=3, judged=3, failed=0, outcomes={"ok": 1})
    assert states(watch) == {"judged": 3}
    assert {("poll", 1, 1), ("fetch", 3, 3), ("examine", 3, 3)} <= set(told)
    after = watch.store.account(account.id)
    assert after.stable_id == tiktok.stable_id
    profile = watch.store.latest_profile(account.id)
    assert profile is not None
    assert (profile.display_name, profile.bio) == (PERSON, "Golf and tricks.")
    assert [one.followers for one in watch.store.account_metrics(account.id)] == [379_500]
    for post in watch.store.posts():
        findings = {finding.detector: finding for finding in watch.store.findings(post.id)}
        assert set(findings) >= {"faces", "forgery", "handle", "disclosure"}
        assert findings["forgery"].status == "ok"
        assert findings["forgery"].version == "1+stand-in"
        assert findings["handle"].log10_lr > 1
        pictures = [
            exhibit["jpeg_sha256"] for one in findings.values() for exhibit in one.exhibits if "jpeg_sha256" in exhibit
        ]
        assert pictures
        for sha256 in pictures:
            kept = watch.store.evidence.path(sha256)
            assert kept is not None
            assert kept.read_bytes()[:2] == b"\xff\xd8"
        verdict = watch.store.verdict(post.id)
        assert verdict is not None
        assert verdict.label == "impersonation_authentic", "dark is genuine to the stand-in model"
        assert verdict.priority in ("high", "urgent", "normal")
    assert len(list((watch.store.folder / "tmp").iterdir())) == 0


def test_a_second_cycle_does_nothing_twice(watch: Watch, tiktok: TikTokAccount, platform: StandIn) -> None:
    run_cycle(watch, NOW)
    platform.clear()
    assert run_cycle(watch, NOW) == CycleReport()
    assert platform.requests() == [], "nothing is due"
    later = run_cycle(watch, NOW + 2 * HOUR)
    assert later == CycleReport(polled=1, outcomes={"ok": 1})
    assert states(watch) == {"judged": 3}
    assert [len(watch.store.post_metrics(post.id)) for post in watch.store.posts()] == [2, 2, 2]


def test_a_folder_is_watched_beside_a_platform(
    watch: Watch, tiktok: TikTokAccount, tmp_path: Path, face_clip: Path, empty_clip: Path
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    shutil.copy(face_clip, drop / "a.mp4")
    shutil.copy(empty_clip, drop / "b.mp4")
    (drop / "c.mp4").write_bytes(b"renamed text")
    settle(drop)
    config = make_config(tmp_path, accounts=[{"url": URL, "person": PERSON}, f"folder:{drop}"])
    watch.store.sync_accounts(cycle_module.wanted_accounts(config))
    both = Watch(config, watch.store, watch.sources, watch.executor)
    report = run_cycle(both, NOW)
    assert (report.polled, report.examined, report.judged, report.failed) == (2, 5, 5, 1)
    (failed,) = watch.store.posts(state=PostState.FAILED)
    assert failed.caption == "c.mp4"
    assert "cannot be examined: " in failed.problem
    assert "not a video" in failed.problem
    assert failed.next_try_at is None, "the same bytes would do the same again"
    without_person = [post for post in watch.store.posts() if post.caption in ("a.mp4", "b.mp4")]
    for post in without_person:
        verdict = watch.store.verdict(post.id)
        assert verdict is not None
        assert verdict.label == "undetermined", "nobody to compare with"


def test_one_account_that_cannot_be_seen_leaves_the_others_alone(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, tmp_path: Path
) -> None:
    urls = [f"https://www.tiktok.com/@{name}" for name in ("never.was", "limited")]
    platform.tiktok.put(TikTokAccount("limited", state=State.RATE_LIMITED, retry_after_s=7200, uid="9"))
    config = make_config(tmp_path, accounts=[*urls, {"url": URL, "person": PERSON}])
    watch.store.sync_accounts(cycle_module.wanted_accounts(config))
    report = run_cycle(Watch(config, watch.store, watch.sources, watch.executor), NOW)
    assert report.outcomes == {"gone": 1, "rate_limited": 1, "ok": 1}
    assert report.judged == 3
    assert report.failed == 0
    told = {account.handle: (account.outcome, account.error_count) for account in watch.store.accounts()}
    assert told["never.was"] == ("gone", 1)
    assert told["limited"] == ("rate_limited", 1)


class StopAt:
    """Progress that asks the watch to stop at a step."""

    def __init__(self, watch: Watch, step: str, done: int) -> None:
        self.watch, self.step, self.done = watch, step, done

    def __call__(self, step: str, done: int, total: int) -> None:
        if (step, done) == (self.step, self.done) and total:
            self.watch.stopping.set()


@pytest.mark.parametrize(
    ("step", "done", "expected"),
    [
        ("poll", 0, {"seen": 3}),
        ("fetch", 0, {"seen": 2, "fetched": 1}),
        ("fetch", 1, {"seen": 1, "fetched": 2}),
        ("examine", 0, {"fetched": 2, "judged": 1}),
        ("examine", 1, {"fetched": 1, "judged": 2}),
    ],
)
def test_a_stop_ends_after_the_item_in_hand_and_the_rest_is_made_good(
    watch: Watch, tiktok: TikTokAccount, step: str, done: int, expected: dict[str, int]
) -> None:
    run_cycle(watch, NOW, progress=StopAt(watch, step, done))
    assert states(watch) == expected
    watch.stopping.clear()
    run_cycle(watch, NOW)
    assert states(watch) == {"judged": 3}


def test_nothing_is_begun_after_a_stop(watch: Watch, tiktok: TikTokAccount, platform: StandIn) -> None:
    watch.stopping.set()
    assert run_cycle(watch, NOW) == CycleReport()
    assert platform.requests() == []


def kill_while_it_reads(worker: int) -> None:
    """Kill a worker process as soon as it has a clip open."""
    for _ in range(20_000):
        for handle in Path(f"/proc/{worker}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if handle.readlink().suffix == ".mp4":
                    os.kill(worker, signal.SIGKILL)
                    return
        time.sleep(0.0005)
    pytest.fail("the worker opened no clip")


def test_a_worker_that_is_killed_ends_one_examination_by_its_name_and_the_others_go_on(
    watch: Watch, tiktok: TikTokAccount
) -> None:
    """The machine may have been short of memory: that clip is tried once more, and then it is final."""
    kills = 0

    def kill(step: str, done: int, total: int) -> None:
        nonlocal kills
        if step == "examine" and done < total and not kills:
            kills += 1
            kill_while_it_reads(worker)

    worker = watch.executor.submit(pid).result()
    report = run_cycle(watch, NOW, progress=kill)
    assert (report.examined, report.failed) == (2, 1)
    (lost,) = watch.store.posts(state=PostState.FAILED)
    assert "cannot be examined: the worker process died during examine (exit code -9)" in lost.problem
    assert lost.next_try_at == NOW + FIRST_RETRY
    worker, kills = watch.executor.submit(pid).result(), 0
    again = run_cycle(watch, NOW + FIRST_RETRY, progress=kill)
    assert (again.fetched, again.examined, again.failed) == (1, 0, 1)
    final = watch.store.post(lost.id)
    assert (final.state, final.next_try_at, final.attempts) == (PostState.FAILED, None, 2)
    assert states(watch) == {"judged": 2, "failed": 1}


def test_a_judge_that_fails_on_one_post_judges_the_others(
    watch: Watch, tiktok: TikTokAccount, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = judge_post

    def faulty(post: Post, *arguments: Any, **more: Any) -> Verdict:
        if post.caption == "clip 1":
            raise ZeroDivisionError
        return real(post, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(cycle_module, "judge_post", faulty)
        report = run_cycle(watch, NOW)
    assert (report.judged, report.failed) == (2, 1)
    assert states(watch) == {"examined": 1, "judged": 2}
    assert "could not be judged" in caplog.text
    assert run_cycle(watch, NOW).judged == 1, "with the fault mended it is made good"


def test_posts_of_an_account_that_left_the_configuration_are_worked_off(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn
) -> None:
    run_cycle(watch, NOW, progress=StopAt(watch, "poll", 0))
    watch.stopping.clear()
    watch.store.sync_accounts([])
    report = run_cycle(watch, NOW + 5 * HOUR)
    assert (report.polled, report.judged) == (0, 3)


def test_opening_the_watch_sweeps_what_a_killed_run_left(config: Config, platform: StandIn) -> None:
    with open_watch(config, SourceSettings(platform.dialer())) as first:
        assert [one.url for one in first.store.accounts()] == [URL]
    left = [config.store / "tmp" / "fetch-abc" / "clip.mp4.part", config.store / "tmp" / "stray"]
    left.append(config.store / "evidence" / "incoming" / "tmp1")
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    (config.store / "tmp" / "link").symlink_to(config.store)
    with open_watch(config, SourceSettings(platform.dialer())) as second:
        assert list((config.store / "tmp").iterdir()) == []
        assert list((config.store / "evidence" / "incoming").iterdir()) == []
        assert [one.url for one in second.store.accounts()] == [URL]


def test_all_clips_are_examined_where_several_workers_share_them(
    tmp_path: Path, platform: StandIn, face_clip: Path, empty_clip: Path
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    for number in range(4):
        shutil.copy(face_clip if number % 2 else empty_clip, drop / f"{number}.mp4")
    settle(drop)
    config = make_config(tmp_path, accounts=[{"url": f"folder:{drop}", "person": PERSON}], limits={"workers": 2})
    with open_watch(config, SourceSettings(platform.dialer())) as watch:
        report = run_cycle(watch, NOW)
        assert (report.examined, report.judged) == (4, 4)
        findings = [watch.store.findings(post.id) for post in watch.store.posts()]
        # each post has the findings of its own clip: faces are in the odd ones
        scored = [any((one.detector, one.status) == ("forgery", "ok") for one in found) for found in findings]
        assert scored == [False, True, False, True]
