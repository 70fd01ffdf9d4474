"""clip --examine--> findings: run the detectors on any executor; only this process writes the store.

The detectors' libraries (decoder, image work, inference) are loaded by the workers alone: what is hostile
is read there, and commands that examine nothing start fast.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.enrol import References
from bot.errors import BotError
from bot.pipeline import convert
from bot.pipeline.fetch import retry_at
from bot.workers import WorkerDied
from detectors.contract import Examination
from detectors.errors import ClipUnreadable, DetectorError
from detectors.model_set import ModelSet
from detectors.specimen import Person, ProfileText
from storage import Account, Post, PostState, RecordInvalid, Store

if TYPE_CHECKING:
    from detectors.container import ClipLimits

log = logging.getLogger(__name__)


def clip_limits(config: Config) -> ClipLimits:
    """The limits of the configuration as the decoder takes them."""
    from detectors.container import ClipLimits

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
    named = config.models
    return ModelSet(
        faces=named.faces,
        forgery=named.forgery or (None,),
        identity=named.identity,
        voice=named.voice,
        trust_list=named.trust_list,
    )


def examine(
    path: Path, profile: ProfileText | None, person: Person | None, config: Config, enrolled: References | None = None
) -> Examination:
    """Examine one clip within the limits and with the models of the configuration; runs in a worker.

    Raises:
        ClipError: the clip cannot be examined.
    """
    from detectors.examine import examine as by_all_detectors

    return by_all_detectors(
        path,
        profile=profile,
        person=person,
        faces=enrolled.faces if enrolled is not None else (),
        voices=enrolled.voices if enrolled is not None else (),
        limits=clip_limits(config),
        models=model_set(config),
    )


def submit(
    post: Post,
    account: Account,
    *,
    store: Store,
    executor: Executor,
    config: Config,
    enrolled: References | None = None,
) -> Future[Examination]:
    """Hand one fetched post to a worker, which gets a path, words and what is enrolled, and returns small values.

    A missing media file ends like a clip that cannot be read.
    """
    path = store.evidence.path(post.media_sha256) if post.media_sha256 is not None else None
    if path is None:
        lost: Future[Examination] = Future()
        lost.set_exception(ClipUnreadable("its media file is no longer in the evidence folder"))
        return lost
    profile = convert.profile_text(account, store.latest_profile(account.id), post)
    person = convert.person_of(config, account.person)
    return executor.submit(examine, path, profile, person, config, enrolled)


def collect(post: Post, future: Future[Examination], *, store: Store, now: datetime) -> Examination | None:
    """Wait for one examination and commit it; None where the clip cannot be examined, with the reason stored.

    A clip that the decoder refuses, that needs too long or makes a detector's library fail is final: the
    same bytes would do the same again. A worker that died may have been another's fault (the machine was
    short of memory), so such a clip is tried once more, unless the post gave trouble before.
    """
    again = None
    try:
        examination = future.result()
    except WorkerDied as error:
        reason = str(error)
        again = retry_at(now, 1) if not post.attempts else None
    except (DetectorError, BotError) as error:
        reason = str(error)
    except Exception as error:
        # a fault of ours or of a library on one clip must not end the work on the others, today and every day after
        log.exception("post %d (%s) could not be examined", post.id, post.url)
        reason = f"{type(error).__name__}: {error}"
    else:
        findings = [convert.stored_finding(post.id, finding, store.evidence, now) for finding in examination.findings]
        try:
            with store.transaction():
                store.record_examination(post.id, findings, at=now)
                store.record_fingerprint(post.id, convert.stored_hashes(post.id, examination.hashes))
        except RecordInvalid as error:  # a number that is none, say; the same bytes would give it again
            log.exception("what was found on post %d (%s) cannot be kept", post.id, post.url)
            reason = f"what was found cannot be kept: {error}"
        else:
            return examination
    store.record_problem(post.id, PostState.FAILED, f"cannot be examined: {reason}", at=now, next_try_at=again)
    return None
