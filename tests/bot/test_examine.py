"""Examining: a clip that cannot be is final with a clear reason, and no clip ends the work on the others."""

from __future__ import annotations

import logging
import math
from concurrent.futures import Future
from pathlib import Path

import pytest

from bot.pipeline.cycle import Watch
from bot.pipeline.examine import clip_limits, collect, examine, model_set, submit
from bot.pipeline.fetch import FIRST_RETRY
from bot.workers import TaskTimeout, WorkerDied
from detectors.contract import Examination, Finding, Question, Status
from detectors.errors import ClipTooLarge
from detectors.specimen import ProfileText
from storage import Account, PollRecord, Post, PostState, SeenPost, Store
from tests.bot.conftest import NOW, URL
from tests.conftest import STAND_INS, make_config


def fetched(store: Store, account: Account, clip: Path, *, number: str = "1") -> Post:
    """A post whose clip lies in the evidence."""
    (post,) = store.record_poll(
        PollRecord(account.id, NOW, "ok"),
        posts=[SeenPost(number, f"{URL}/video/{number}", "Sunday round")],
        next_check_at=NOW,
        succeeded=True,
    )
    store.record_fetch(post.id, store.evidence.keep_file(clip), at=NOW)
    return store.post(post.id)


@pytest.fixture
def post(watch: Watch, account: Account, face_clip: Path) -> Post:
    return fetched(watch.store, account, face_clip)


def failed_with(watch: Watch, post: Post, error: BaseException) -> Post:
    """Collect an examination that ended with this error; returns the post as it is then."""
    future: Future[Examination] = Future()
    future.set_exception(error)
    assert collect(post, future, store=watch.store, now=NOW) is None
    assert watch.store.findings(post.id) == []
    return watch.store.post(post.id)


def examined(watch: Watch, post: Post) -> Examination | None:
    account = watch.store.account(post.account_id)
    future = submit(post, account, store=watch.store, executor=watch.executor, config=watch.config)
    return collect(post, future, store=watch.store, now=NOW)


def test_findings_are_committed_in_the_order_of_the_detectors(watch: Watch, post: Post) -> None:
    examination = examined(watch, post)
    assert examination is not None
    rows = watch.store.findings(post.id)
    assert [row.detector for row in rows] == [finding.detector for finding in examination.findings]
    assert watch.store.post(post.id).state is PostState.EXAMINED
    assert {row.stage for row in rows} == {"clip"}, "words, reach and copies are looked at when the post is judged"


def test_the_same_bytes_give_the_same_findings(watch: Watch, post: Post) -> None:
    examined(watch, post)
    first = watch.store.findings(post.id)
    files = sorted(path.name for path in watch.store.evidence.folder.glob("??/*"))
    examined(watch, post)
    assert watch.store.findings(post.id) == first
    assert sorted(path.name for path in watch.store.evidence.folder.glob("??/*")) == files


def test_a_clip_that_is_no_video_is_final_with_its_reason(watch: Watch, account: Account, tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    post = fetched(watch.store, account, text)
    assert examined(watch, post) is None
    after = watch.store.post(post.id)
    assert (after.state, after.next_try_at) == (PostState.FAILED, None)
    assert after.problem.startswith("cannot be examined: ")
    assert "is not a video, sound or picture file" in after.problem


def test_media_that_are_gone_are_named(watch: Watch, post: Post) -> None:
    assert post.media_sha256 is not None
    watch.store.evidence.delete(post.media_sha256)
    assert examined(watch, post) is None
    assert "no longer in the evidence folder" in watch.store.post(post.id).problem


@pytest.mark.parametrize(
    "error", [ClipTooLarge("above the limit"), TaskTimeout("examine did not end within 20 s and was stopped")]
)
def test_what_the_same_bytes_would_do_again_is_final(watch: Watch, post: Post, error: Exception) -> None:
    after = failed_with(watch, post, error)
    assert (after.state, after.next_try_at) == (PostState.FAILED, None)
    assert after.problem == f"cannot be examined: {error}"


def test_a_lost_worker_is_tried_once_more(watch: Watch, post: Post) -> None:
    after = failed_with(watch, post, WorkerDied("the worker process died"))
    assert after.next_try_at == NOW + FIRST_RETRY
    watch.store.write("UPDATE posts SET state = 'fetched'")
    assert failed_with(watch, watch.store.post(post.id), WorkerDied("again")).next_try_at is None


def test_a_fault_of_ours_is_logged_kept_and_ends_nothing_else(
    watch: Watch, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        after = failed_with(watch, post, KeyError("luma"))
    assert after.problem == "cannot be examined: KeyError: 'luma'"
    assert (after.state, after.next_try_at) == (PostState.FAILED, None)
    assert post.url in caplog.text


def test_a_finding_that_cannot_be_kept_is_final(watch: Watch, post: Post) -> None:
    finding = Finding("broken", "1", Question.SYNTHESIS, Status.OK, "A score.", score=1.0, log10_lr=math.nan)
    future: Future[Examination] = Future()
    future.set_result(Examination((finding,), 1.0, 0))
    assert collect(post, future, store=watch.store, now=NOW) is None
    after = watch.store.post(post.id)
    assert (after.state, after.next_try_at) == (PostState.FAILED, None)
    assert "what was found cannot be kept" in after.problem
    assert watch.store.findings(post.id) == []


def test_the_limits_and_models_of_the_configuration_hold(tmp_path: Path, face_clip: Path) -> None:
    config = make_config(
        tmp_path,
        limits={"file_size": "1 MB", "duration": "1 h", "examine": "1 s", "pixels": 100_000, "frames": 100},
    )
    limits = clip_limits(config)
    assert (limits.max_bytes, limits.max_duration_s, limits.examine_s) == (1_000_000, 3600, 1)
    assert (limits.max_pixels, limits.max_frames) == (100_000, 100)
    assert model_set(config).faces == STAND_INS / "faces.onnx"
    examination = examine(face_clip, ProfileText(handle="x"), None, config)
    assert examination.duration_s == 1
    assert "only the first 1 s were examined" in examination.notes
