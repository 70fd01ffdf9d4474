"""clip --examine--> findings: run the detectors on any executor; only this process writes the store."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from datetime import datetime

from bot.config import Config
from bot.errors import BotError
from bot.pipeline import convert
from detectors.clip import ClipLimits
from detectors.contract import Examination
from detectors.errors import ClipError, DetectorError
from detectors.examine import examine
from detectors.model_files import ModelSet
from storage import Account, Post, PostState, Store


def clip_limits(config: Config) -> ClipLimits:
    """The limits of the configuration as the decoder takes them."""
    limits = config.limits
    return ClipLimits(
        max_bytes=limits.file_size,
        max_duration_s=limits.duration.total_seconds(),
        examine_s=limits.examine.total_seconds(),
        max_pixels=limits.pixels,
        max_frames=limits.frames,
    )


def model_set(config: Config) -> ModelSet:
    """The model files of the configuration; None means the bundled one."""
    return ModelSet(faces=config.models.faces, forgery=config.models.forgery)


def submit(post: Post, account: Account, *, store: Store, executor: Executor, config: Config) -> Future[Examination]:
    """Hand one fetched post to a worker, which gets a path and words and returns small values.

    A missing media file ends like a clip that cannot be read.
    """
    path = store.evidence.path(post.media_sha256) if post.media_sha256 is not None else None
    if path is None:
        lost: Future[Examination] = Future()
        lost.set_exception(ClipError("its media file is no longer in the evidence folder"))
        return lost
    return executor.submit(
        examine,
        path,
        profile=convert.profile_text(account, store.latest_profile(account.id), post),
        person=convert.person_of(config, account.person),
        limits=clip_limits(config),
        models=model_set(config),
    )


def collect(post: Post, future: Future[Examination], *, store: Store, now: datetime) -> Examination | None:
    """Wait for one examination and commit it; None where the clip cannot be examined, with the reason stored.

    A clip that the decoder refuses, that needs too long or kills its worker is final: the same bytes
    would do the same again.
    """
    try:
        examination = future.result()
    except (DetectorError, BotError) as error:
        store.record_problem(post.id, PostState.FAILED, f"cannot be examined: {error}", at=now)
        return None
    findings = [convert.stored_finding(post.id, finding, store.evidence, now) for finding in examination.findings]
    store.record_examination(post.id, findings, at=now)
    return examination
