"""The pictures of accounts that look alike: fetched through the door, compared in a worker, and not kept."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.enrol import Enrolment
from bot.errors import BotError, SourceError
from bot.sources.contract import FetchRequest, ListRequest, Outcome
from bot.sources.registry import SourceSettings, platform_of, source_for
from bot.sources.worker import SourceWorker
from detectors.errors import DetectorError
from detectors.specimen import FaceReference
from storage import Lookalike, Purpose, Store

if TYPE_CHECKING:
    from detectors.avatar import AvatarLikeness

MAX_BYTES = 8_000_000
DEADLINE_S = 30.0

log = logging.getLogger(__name__)


class Avatars:
    """Compares the pictures of accounts with those of one person.

    Args:
        sources: the process that fetches.
        executor: where pictures are decoded.
        config: the models.
        folder: an existing folder for pictures in passing.
        known: names and files of the person's pictures.
        face: the person's enrolled photos, or None.
    """

    def __init__(
        self,
        *,
        sources: SourceWorker,
        executor: Executor,
        config: Config,
        folder: Path,
        known: Sequence[tuple[str, Path]],
        face: FaceReference | None,
    ) -> None:
        self._sources = sources
        self._executor = executor
        self._config = config
        self._folder = folder
        self._known = tuple(known)
        self._face = face

    def compared(self, answer: Lookalike) -> Lookalike:
        """The answer with what its picture tells; a picture that cannot be had is a note and nothing worse."""
        if answer.avatar_url is None or not (self._known or self._face is not None):
            return answer
        with tempfile.TemporaryDirectory(dir=self._folder) as place:
            fetched = self._sources.picture(
                FetchRequest(answer.avatar_url, Path(place), MAX_BYTES, 4, DEADLINE_S), answer.platform
            )
            requests = answer.requests + len(fetched.trail)
            if fetched.path is None:
                note = f"its picture could not be had ({fetched.outcome}: {fetched.detail})"
                return replace(answer, requests=requests, avatar_note=note)
            try:
                future = self._executor.submit(_likeness, fetched.path, self._known, self._face, self._config)
                like = future.result()
            except (DetectorError, BotError) as error:
                return replace(answer, requests=requests, avatar_note=f"its picture cannot be read: {error}")
        return replace(
            answer,
            requests=requests,
            avatar_distance=like.distance,
            avatar_like=like.like,
            avatar_log10_lr=like.log10_lr,
            avatar_note=like.note,
        )


def _likeness(
    path: Path, known: Sequence[tuple[str, Path]], face: FaceReference | None, config: Config
) -> AvatarLikeness:
    """Compare in a worker.

    Raises:
        ClipError: the picture cannot be read.
    """
    from bot.pipeline.examine import model_set
    from detectors.avatar import avatar_likeness

    return avatar_likeness(path, known, face, model_set(config))


@contextmanager
def avatars_of(
    person: str,
    config: Config,
    *,
    sources: SourceWorker,
    executor: Executor,
    store: Store,
    before_request: Callable[[str], None] = lambda platform: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Avatars]:
    """Gather the person's pictures: reference photos, and the avatars of the official accounts that can be listed.

    An official account that cannot be asked now is passed over; it costs a comparison, and is logged.

    Args:
        person: a name of the configuration.
        config: names photos, official accounts and models.
        sources: the process that asks and fetches.
        executor: where photos are enrolled and pictures decoded.
        store: what is enrolled is kept there, and what was sent.
        before_request: called with the platform before each request for an official account.
        clock: the time now.
    """
    config = config.in_force(clock())
    named = next(one for one in config.people if one.name == person)
    known = [(f"the photo {photo.name}", photo) for photo in named.photos]
    enrolled = Enrolment().references(config, executor, store)
    face = next((one for one in enrolled.faces if one.person == person), None)
    with tempfile.TemporaryDirectory(prefix="doppelwatch-avatars-") as place:
        folder = Path(place)
        for number, url in enumerate(named.official):
            before_request(platform_of(url))
            picture, requests = _official(url, sources, folder / str(number))
            if requests:
                store.record_requests(platform_of(url), Purpose.PICTURE, requests, at=clock())
            if picture is not None:
                known.append((f"the picture of {url}", picture))
        yield Avatars(sources=sources, executor=executor, config=config, folder=folder, known=known, face=face)


def _official(url: str, sources: SourceWorker, into: Path) -> tuple[Path | None, int]:
    """The avatar of an official account, None where it cannot be had, and how many requests it took."""
    try:
        if not source_for(url, SourceSettings()).is_account(url):
            return None, 0
    except SourceError:
        return None, 0  # a platform without a lister
    listing = sources.list_posts(ListRequest(url, limit=1, stop_after_known=1, max_requests=6, deadline_s=DEADLINE_S))
    address = listing.profile.avatar_url if listing.profile is not None else None
    if address is None:
        log.warning("%s: its picture is not known (%s), so none is compared with it", url, listing.outcome)
        return None, len(listing.trail)
    into.mkdir()
    fetched = sources.picture(FetchRequest(address, into, MAX_BYTES, 4, DEADLINE_S), platform_of(url))
    if fetched.outcome is not Outcome.OK:
        log.warning("%s: its picture could not be had (%s: %s)", url, fetched.outcome, fetched.detail)
    return fetched.path, len(listing.trail) + len(fetched.trail)


__all__ = ["Avatars", "avatars_of"]
