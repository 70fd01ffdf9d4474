"""The pictures of profiles: fetched when a profile names another address, kept by hash, hashed for comparison.

And the pictures of the protected people with which they are compared: reference photos, and the profile pictures of
official accounts. Pictures are read in worker processes, for they may come from anybody. None of it changes what a poll
sends: a picture is asked for by itself, counted in the platform's limits, and left alone until its address changes.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.enrol import sha256_of
from bot.errors import BotError, SourceError
from bot.pipeline.breaker import DOWNLOADS, THRESHOLD, after_poll, door_of, downloads_of
from bot.pipeline.fetch import temporary_folder
from bot.pipeline.happened import same_address
from bot.pipeline.likenesses import accounts_with
from bot.sources.contract import Fetched, FetchRequest, ListRequest, Outcome
from bot.sources.registry import SourceSettings, platform_of, same_account, source_for
from bot.sources.worker import SourceWorker
from detectors.errors import DetectorError
from storage import Avatar, EvidenceError, PersonPicture, Purpose, Store
from storage.avatars import OFFICIAL, PHOTO

if TYPE_CHECKING:
    from detectors.profile_picture import ProfilePicture, StillHashes

log = logging.getLogger(__name__)

MAX_BYTES = 8_000_000
MAX_REQUESTS = 4
DEADLINE_S = 30.0

AGAIN_AFTER = timedelta(days=1)
"""A picture that could not be had is asked for again after so long."""

MOST_TRIES = 4
"""So often in all; then it waits for another address."""

OFFICIAL_EVERY = timedelta(days=7)
"""How often an official account that is not watched is asked for its picture."""

Waits = Callable[[str, str], bool]
"""Given an account's address and its platform, whether it must wait: quiet hours, limits, a platform left alone.

A picture lies with the clips, so that it waits where downloads do; a list waits where lists do.
"""


@dataclass(slots=True)
class HashedPhotos:
    """Which reference photos were looked at last: names, files with size and time of change; None before the first."""

    state: object = None


@dataclass(frozen=True, slots=True)
class Gallery:
    """Brings all pictures up to date, cheap where nothing changed.

    Attributes:
        config: the people, and the models.
        store: where pictures and hashes are kept.
        sources: the process that asks and fetches.
        executor: where pictures are read.
        list_waits, picture_waits: whether a platform is to be asked for no list, or no picture, now.
        stopped: whether to leave after the picture in hand.
        photos: what was looked at before, by which a cycle without a change reads no photo.
    """

    config: Config
    store: Store
    sources: SourceWorker
    executor: Executor
    list_waits: Waits
    picture_waits: Waits
    stopped: Callable[[], bool] = lambda: False
    photos: HashedPhotos = field(default_factory=HashedPhotos)

    def bring_up_to_date(self, now: datetime) -> int:
        """Hash new reference photos, then fetch the pictures of profiles that name another address than before.

        Returns how many pictures were asked for.
        """
        self._hash_photos(now)
        asked = 0
        for number, address in self._wanted(now):
            if self.stopped():
                return asked
            account = self.store.account(number)
            if not self.picture_waits(account.url, account.platform):
                self._look(number, account.url, account.platform, address, now)
                asked += 1
        for person, url in self._unwatched():
            if self.stopped():
                return asked
            if self._is_due(person, url, now) and not self.list_waits(url, platform_of(url)):
                self._ask_official(person, url, now)
                asked += 1
        return asked

    def _wanted(self, now: datetime) -> Iterator[tuple[int, str]]:
        """Accounts whose profile names a picture that was not fetched yet, with its address."""
        tries = self.store.latest_tries()
        for number, address in self.store.announced_avatars():
            latest = tries.get(number)
            if latest is None or not same_address(latest.address, address):
                yield number, address
            elif latest.sha256 is None and abs(now - latest.seen_at) >= AGAIN_AFTER:
                made = [one for one in self.store.avatars(number) if same_address(one.address, address)]
                if len(made) < MOST_TRIES:
                    yield number, address

    def _look(self, number: int, url: str, platform: str, address: str, now: datetime) -> None:
        """Fetch one profile's picture, and keep it or why there is none."""
        avatar = Avatar(number, now, address)
        with tempfile.TemporaryDirectory(prefix="avatar-", dir=temporary_folder(self.store)) as place:
            fetched, seen, problem = self._fetched(address, platform, Path(place))
            if seen is not None and fetched.path is not None:
                try:
                    kept = self.store.evidence.keep_file(fetched.path)
                    small = self.store.evidence.keep_bytes(seen.jpeg, ".jpg")
                except EvidenceError as error:
                    problem = str(error)
                else:
                    avatar = replace(
                        avatar, sha256=kept.sha256, shown_sha256=small.sha256,
                        hash=seen.hashes.whole, mirrored=seen.hashes.mirrored,
                    )  # fmt: skip
        with self.store.transaction():
            self._count(url, platform, fetched, len(fetched.trail), now)
            copies = accounts_with(avatar, self.store) if avatar.hash is not None else []
            self.store.record_avatar(replace(avatar, problem=" ".join(problem.split())), copies=copies)
        if problem:
            log.info("%s: its picture could not be had: %s", url, problem)

    def _fetched(self, address: str, platform: str, into: Path) -> tuple[Fetched, ProfilePicture | None, str]:
        """Download and read a picture; what came, what is seen, and why nothing is."""
        from detectors.profile_picture import profile_picture

        fetched = self.sources.picture(FetchRequest(address, into, MAX_BYTES, MAX_REQUESTS, DEADLINE_S), platform)
        if fetched.path is None:
            return fetched, None, f"{fetched.outcome}: {fetched.detail}"
        try:
            return fetched, self.executor.submit(profile_picture, fetched.path).result(), ""
        except (DetectorError, BotError) as error:
            return fetched, None, f"it cannot be read: {error}"
        except Exception as error:
            # a fault of ours or of a library on one picture must not end the cycle, today and every day after
            log.exception("the picture at %s could not be read", address)
            return fetched, None, f"it cannot be read: {type(error).__name__}"

    def _count(self, url: str, platform: str, fetched: Fetched, requests: int, now: datetime) -> None:
        """Keep what a platform was sent, and a throttle of its media; other failures say nothing of clips."""
        self.store.record_requests(platform, Purpose.PICTURE, requests, at=now)
        door = door_of(url)
        if door is not None and fetched.outcome is Outcome.RATE_LIMITED:
            media = downloads_of(door)
            self.store.record_platform(
                after_poll(
                    self.store.platform_state(media), media, fetched.outcome, now=now, detail=fetched.detail,
                    retry_after_s=fetched.retry_after_s, threshold=DOWNLOADS,
                )
            )  # fmt: skip

    def _hash_photos(self, now: datetime) -> None:
        """Hash the reference photos that were not hashed yet, and forget whatever left the configuration."""
        state = tuple((one.name, one.official, tuple(map(_stamp, one.photos))) for one in self.config.people)
        if state == self.photos.state:
            return
        known = {one.key for one in self.store.person_pictures()}
        wanted = {(person.name, OFFICIAL, url) for person in self.config.people for url in person.official}
        for person in self.config.people:
            for photo in person.photos:
                try:
                    key = (person.name, PHOTO, sha256_of(photo))
                except OSError:
                    continue  # enrolment, which reads the same files, tells it
                wanted.add(key)
                if key not in known:
                    self._hash_photo(PersonPicture(*key, photo.name, now), photo)
        self.store.retain_person_pictures(wanted)
        self.photos.state = state

    def _hash_photo(self, made: PersonPicture, photo: Path) -> None:
        from detectors.profile_picture import photo_hashes

        try:
            hashes = self.executor.submit(photo_hashes, photo).result()
        except (DetectorError, BotError) as error:
            log.info("%s: profile pictures are not compared with it: %s", made.name, error)
            return
        self.store.record_person_picture(replace(made, hashes=_joined(hashes)))

    def _unwatched(self) -> Iterator[tuple[str, str]]:
        """The official accounts that can be listed and are not watched, each with its person."""
        watched = {same_account(account.url) for account in self.config.accounts}
        for person in self.config.people:
            for url in person.official:
                if same_account(url) not in watched and _is_listable(url):
                    yield person.name, url

    def _is_due(self, person: str, url: str, now: datetime) -> bool:
        before = next((one for one in self.store.person_pictures() if one.key == (person, OFFICIAL, url)), None)
        return before is None or abs(now - before.made_at) >= (OFFICIAL_EVERY if before.hashes else AGAIN_AFTER)

    def _ask_official(self, person: str, url: str, now: datetime) -> None:
        """Ask an official account for its picture; one that cannot be had is tried again another day."""
        platform = platform_of(url)
        listing = self.sources.list_posts(
            ListRequest(url, limit=1, stop_after_known=1, max_requests=MAX_REQUESTS, deadline_s=DEADLINE_S)
        )
        fetched, problem = Fetched(listing.outcome), f"{listing.outcome}: {listing.detail}"
        seen: ProfilePicture | None = None
        address = listing.profile.avatar_url if listing.profile is not None else None
        if address is not None:
            with tempfile.TemporaryDirectory(prefix="avatar-", dir=temporary_folder(self.store)) as place:
                fetched, seen, problem = self._fetched(address, platform, Path(place))
        hashes = b"" if seen is None else _joined(seen.hashes)
        door = door_of(url)
        with self.store.transaction():
            self._count(url, platform, fetched, len(listing.trail) + len(fetched.trail), now)
            if door is not None and listing.outcome in THRESHOLD:
                state = self.store.platform_state(door)
                told = after_poll(
                    state, door, listing.outcome, now=now, detail=listing.detail, retry_after_s=listing.retry_after_s
                )
                self.store.record_platform(told)
            self.store.record_person_picture(PersonPicture(person, OFFICIAL, url, url, now, hashes))
        if seen is None:
            log.info("%s: its picture is not known (%s), so none is compared with it", url, problem)


def _joined(hashes: StillHashes) -> bytes:
    """The hashes to compare with, one behind the other; what is whole and square has the same twice, and it once."""
    return b"".join(dict.fromkeys(bits for bits in (hashes.whole, hashes.square) if bits is not None))


def _is_listable(url: str) -> bool:
    """Whether a source takes the address as an account."""
    try:
        return source_for(url, SourceSettings()).is_account(url)
    except SourceError:
        return False  # a platform without a lister


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), found.st_size, found.st_mtime_ns


__all__ = ["AGAIN_AFTER", "MOST_TRIES", "OFFICIAL_EVERY", "Gallery", "HashedPhotos"]
