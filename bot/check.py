"""Validate everything that can be without polling: folders, time, secrets, models, references.

Photos, recordings and models are read in a worker process with the limits of the configuration: a photo may come from a
stranger, and a model that the worker cannot load within its memory would fail in the watch as well.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cases.stamping import INSTALL as INSTALL_STAMPS
from bot.cases.stamping import certificates
from bot.config import Config, Person
from bot.config.places import KeyPath, dotted
from bot.config.secrets import reveal
from bot.config.values import is_folder, write_size
from bot.deliver.contract import Outcome, Receipt
from bot.deliver.proving import prove_mail, prove_push
from bot.errors import BotError, ConfigError, UsageError
from bot.lawful import basis, period
from bot.lock import open_to_others
from bot.pipeline.examine import model_set
from bot.sources.contract import ListRequest
from bot.sources.folder import SCHEME, path_of
from bot.sources.links import SCHEME as LIST
from bot.sources.links import Links
from bot.sources.proxy import ProxyDialer
from bot.sources.registry import ALL_SOURCES, SourceSettings, source_for
from bot.sources.told import what_is_seen
from bot.workers import LimitedExecutor
from detectors.container import shown_name
from detectors.errors import ClipError, DetectorError, ModelError
from detectors.model_files import NEEDED, ROLES, load_model
from detectors.photo import faces_in_photo
from detectors.recording import Recorded, listen_to
from detectors.trust_list import count_certificates
from detectors.voice import LEAST_REFERENCE_S
from detectors.voice_mismatch import LEAST_RECORDINGS
from detectors.voice_mismatch import LEAST_REFERENCE_S as LEAST_TO_CALL_ANOTHER_S
from storage import Store
from storage.errors import SchemaTooOld, StorageError, StoreMissing
from storage.opening import FILE_NAME


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"  # the watch can run, and will see less than it could
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and how it ended.

    Attributes:
        path: the key of the configuration that it is about.
        level: how it ended.
        message: one line for people.
    """

    path: KeyPath
    level: Level
    message: str

    @property
    def what(self) -> str:
        """The key as text, `people[0].photos[1]`; `config` for the whole file."""
        return dotted(self.path) or "config"


Step = Callable[[], Checked]
"""One check, when its turn comes."""


class Checker:
    """The checks of one configuration.

    Args:
        config: what to check; it is valid in itself.
        executor: a worker process with the configuration's limits.
        now: for the time of the next digest.
    """

    def __init__(self, config: Config, executor: LimitedExecutor, now: datetime) -> None:
        self._config = config
        self._executor = executor
        self._now = now

    def steps(self) -> list[Step]:
        """Every check in the order of the file; reading in the worker begins now, results come with the steps."""
        config = self._config
        return [
            self._subjects,
            self._store,
            *self._references(),
            *(step for index, account in enumerate(config.accounts) for step in self._account(index, account.url)),
            partial(self._folder, ("digest", "folder"), config.digest.folder),
            self._time_zone,
            *self._channels(),
            *self._models(),
            *([partial(_timestamps, config)] if config.timestamps.authority is not None else []),
            *(partial(self._cookies, platform) for platform in config.secrets.cookies),
            *(partial(self._proxy, platform) for platform in config.secrets.proxies),
        ]

    def _subjects(self) -> Checked:
        """Whether there is anything to watch."""
        people, accounts = len(self._config.people), len(self._config.accounts)
        if not accounts:
            return Checked((), Level.WARNING, "is valid, and watches nobody yet; name accounts in it")
        if not people:
            return Checked((), Level.WARNING, f"is valid, with {_count(accounts, 'account')} and nobody to protect")
        return Checked((), Level.OK, f"is valid: {_count(people, 'person', 'people')}, {_count(accounts, 'account')}")

    def _store(self) -> Checked:
        """The store's folder, and whether the database in it is one that this version can use."""
        folder = self._config.store
        checked = self._folder(("store",), folder)
        if checked.level is Level.ERROR or not os.path.lexists(folder / FILE_NAME):
            return checked
        try:
            Store.open(folder, read_only=True).close()
        except (SchemaTooOld, StoreMissing):
            return Checked(checked.path, Level.OK, f"{folder} will be brought up to date by the next run")
        except StorageError as error:
            return Checked(checked.path, Level.ERROR, str(error))
        why = open_to_others(folder)
        return checked if why is None else Checked(checked.path, Level.WARNING, why)

    def _folder(self, path: KeyPath, folder: Path) -> Checked:
        """Whether a folder is there, or can be made, and be written; nothing is created."""
        if os.path.lexists(folder) and not is_folder(folder):
            return Checked(path, Level.ERROR, f"{folder} is no folder; name another one")
        there = folder
        while not is_folder(there):
            if os.path.lexists(there):
                return Checked(path, Level.ERROR, f"{there} is no folder, so {folder} cannot be made; name another one")
            there = there.parent
        if not _may(there, os.W_OK):
            return Checked(
                path, Level.ERROR, f"{there} cannot be written by this user; give the right, or name another one"
            )
        free, needed = shutil.disk_usage(there).free, self._config.limits.file_size
        if free < needed:
            few = f"only {free / 1e6:,.0f} MB are free, less than one file may have ({write_size(needed)})"
            return Checked(path, Level.WARNING, f"{folder}: {few}")
        return Checked(path, Level.OK, f"{folder} can be written" if there == folder else f"{folder} will be made")

    def _account(self, index: int, url: str) -> Iterator[Step]:
        """Whether a watched folder or list is there; of other accounts, which only polling asks, what can be seen."""
        path: KeyPath = ("accounts", index, "url")
        if url.startswith(SCHEME):
            yield partial(_watched_folder, path, path_of(url))
        elif url.startswith(LIST):
            yield partial(_watched_list, path, url)
        else:
            yield partial(_watched_account, path, url, set(self._config.secrets.cookies))

    def _time_zone(self) -> Checked:
        zone = ZoneInfo(self._config.digest.timezone)
        at = self._config.digest.time
        local = self._now.astimezone(zone)
        day = local.date() + timedelta(days=local.time() >= at)
        return Checked(
            ("digest", "time"), Level.OK, f"the next digest is due {datetime.combine(day, at, zone):%Y-%m-%d %H:%M %Z}"
        )

    def _channels(self) -> Iterator[Step]:
        """The ways out: the mail server is greeted, nothing is sent."""
        config = self._config
        if config.mail.server is not None:
            yield partial(_proven, ("mail", "server"), partial(prove_mail, config))
        if config.deliver.feed is not None:
            yield partial(self._folder, ("deliver", "feed"), config.deliver.feed.parent)
        if config.deliver.folder is not None:
            yield partial(self._folder, ("deliver", "folder"), config.deliver.folder)
        for label in config.secrets.apprise:
            yield partial(_proven, ("secrets", "apprise", label), partial(prove_push, config, label))

    def _references(self) -> Iterator[Step]:
        for index, person in enumerate(self._config.people):
            if not person.official:
                yield partial(_unofficial, ("people", index, "official"), person)
            if person.photos or person.recordings:
                yield partial(_lawful, ("people", index, "basis"), basis(person, self._config))
                yield partial(_lawful, ("people", index, "until"), period(person, self._config, self._now))
            for number, photo in enumerate(person.photos):
                faces = self._executor.submit(faces_in_photo, photo, model_set(self._config))
                path: KeyPath = ("people", index, "photos", number)
                yield partial(_photo, path, photo, person, faces)
            heard = [self._executor.submit(listen_to, recording) for recording in person.recordings]
            for number, recording in enumerate(person.recordings):
                path = ("people", index, "recordings", number)
                yield partial(_recording, path, recording, heard[number])
            if heard:
                yield partial(_voice, ("people", index, "recordings"), person, heard)

    def _models(self) -> Iterator[Step]:
        models = model_set(self._config)
        for role in ROLES:
            files = models.of(role)
            for number, file in enumerate(files):
                if file is None and role not in NEEDED:
                    continue
                path: KeyPath = ("models", role, number) if len(files) > 1 else ("models", role)
                yield partial(_model, path, self._executor.submit(describe_model, role, file))
        if models.trust_list is not None:
            yield partial(_trust_list, ("models", "trust_list"), models.trust_list)

    def _cookies(self, platform: str) -> Checked:
        secret = self._config.secrets.cookies[platform]
        path = ("secrets", "cookies", platform)
        try:
            ALL_SOURCES[platform](SourceSettings(cookies={platform: reveal(secret)}))
        except BotError as error:
            return Checked(path, Level.ERROR, str(error))
        return Checked(path, Level.OK, f"can be read from {secret}")

    def _proxy(self, platform: str) -> Checked:
        secret = self._config.secrets.proxies[platform]
        path = ("secrets", "proxies", platform)
        try:
            ProxyDialer.named(reveal(secret).strip())
        except (ConfigError, UsageError) as error:
            return Checked(path, Level.ERROR, str(error))
        return Checked(path, Level.OK, f"read from {secret}; not tried")


def _proven(path: KeyPath, prove: Callable[[], Receipt]) -> Checked:
    """A channel; a secret that cannot be read is told with its own place, which is not said twice."""
    receipt = prove()
    if receipt.outcome is Outcome.SENT:
        return Checked(path, Level.OK, receipt.problem)
    return Checked(path, Level.ERROR, receipt.problem.rpartition(": secrets.mail_password: ")[2])


def _watched_folder(path: KeyPath, folder: Path) -> Checked:
    if not is_folder(folder):
        return Checked(path, Level.ERROR, f"there is no folder {folder}; make it, or correct the address")
    if not _may(folder, os.R_OK):
        return Checked(path, Level.ERROR, f"{folder} cannot be read by this user; give the right")
    return Checked(path, Level.OK, f"{folder} can be read")


def _watched_list(path: KeyPath, url: str) -> Checked:
    listing = Links().list_posts(ListRequest(url, limit=1_000_000))
    name = shown_name(Path(url.removeprefix(LIST)))
    if not listing.outcome.succeeded:
        return Checked(path, Level.ERROR, listing.detail)
    if not listing.posts:
        return Checked(
            path, Level.WARNING, f"{name} names no post yet{'; ' + listing.detail if listing.detail else ''}"
        )
    level = Level.WARNING if listing.detail else Level.OK
    return Checked(
        path, level, "; ".join(filter(None, (f"{name}: {_count(len(listing.posts), 'post')}", listing.detail)))
    )


def _watched_account(path: KeyPath, url: str, cookies: set[str]) -> Checked:
    source = source_for(url, SourceSettings())
    text = what_is_seen(source.name, source.capabilities)
    if source.capabilities.needs_cookies and source.name not in cookies:
        remedy = f"much is shown to logins alone; name cookies in secrets.cookies.{source.name}"
        return Checked(path, Level.WARNING, f"{text}; {remedy}")
    return Checked(path, Level.OK, text)


def _may(folder: Path, right: int) -> bool:
    """Whether this process may read or write in a folder."""
    return os.access(folder, right | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def _lawful(path: KeyPath, told: tuple[bool, str]) -> Checked:
    good, words = told
    return Checked(path, Level.OK if good else Level.WARNING, words)


def _unofficial(path: KeyPath, person: Person) -> Checked:
    words = f"{person.name} has no official account here, so handles are compared with the name alone"
    return Checked(path, Level.WARNING, words)


def describe_model(role: str, path: Path | None) -> str:
    """Load a model as an examination would, and say which it is."""
    _, card = load_model(role, path)
    return f"{card.name} {card.version}, SHA-256 {card.sha256[:16]}..."


def _photo(path: KeyPath, photo: Path, person: Person, future: Future[int]) -> Checked:
    name = shown_name(photo)
    try:
        faces = future.result()
    except ModelError:
        return Checked(path, Level.WARNING, f"{name} was not looked at, because the face model cannot be loaded")
    except (DetectorError, BotError) as error:
        return Checked(path, Level.ERROR, _named(name, error))
    if faces == 0:
        remedy = f"give a photo that shows {person.name} from the front"
        return Checked(path, Level.ERROR, f"{name}: no face was found; {remedy}")
    if faces > 1:
        remedy = f"cut it to the face of {person.name}, or give another photo"
        return Checked(path, Level.ERROR, f"{name}: {faces} faces were found; {remedy}")
    return Checked(path, Level.OK, f"{name}: one face")


def _recording(path: KeyPath, recording: Path, future: Future[Recorded]) -> Checked:
    name = shown_name(recording)
    try:
        heard = future.result()
    except (DetectorError, BotError) as error:
        return Checked(path, Level.ERROR, _named(name, error))
    return Checked(path, Level.OK, f"{name}: {heard.sound_s:.1f} s of sound, {heard.speech_s:.1f} s like speech")


def _voice(path: KeyPath, person: Person, futures: Sequence[Future[Recorded]]) -> Checked:
    """Whether the recordings that can be used are enough to say what a voice comparison may say."""
    heard = [one.result() for one in futures if one.exception() is None]
    speech_s = sum(one.speech_s for one in heard)
    there = f"{speech_s:.0f} s of speech in {_count(len(heard), 'recording')} of {person.name}"
    if speech_s < LEAST_REFERENCE_S:
        remedy = f"give recordings with {LEAST_REFERENCE_S:.0f} s, better {LEAST_TO_CALL_ANOTHER_S:.0f} s"
        return Checked(path, Level.WARNING, f"{there} are too little to compare a voice with; {remedy}")
    if speech_s < LEAST_TO_CALL_ANOTHER_S or len(heard) < LEAST_RECORDINGS:
        more = f"{LEAST_RECORDINGS} recordings with {LEAST_TO_CALL_ANOTHER_S:.0f} s in all"
        return Checked(path, Level.WARNING, f"{there} can show a likeness; to tell another voice, give {more}")
    return Checked(path, Level.OK, f"{there} are enough to compare voices with")


def _model(path: KeyPath, future: Future[str]) -> Checked:
    try:
        return Checked(path, Level.OK, future.result())
    except (DetectorError, BotError) as error:
        return Checked(path, Level.ERROR, str(error))


def _trust_list(path: KeyPath, file: Path) -> Checked:
    try:
        certificates = _count(count_certificates(file), "certificate")
    except ModelError as error:
        return Checked(path, Level.ERROR, str(error))
    if find_spec("c2pa") is None:
        words = f"{certificates}, which nothing reads: pip install 'doppelwatch[c2pa]'"
        return Checked(path, Level.WARNING, words)
    return Checked(path, Level.OK, certificates)


def _timestamps(config: Config) -> Checked:
    """Whether stamps can be checked; the authority is not asked, because it counts what it is asked."""
    path: KeyPath = ("timestamps", "certificates")
    if find_spec("rfc3161_client") is None:
        return Checked(("timestamps", "authority"), Level.ERROR, INSTALL_STAMPS)
    assert config.timestamps.certificates is not None, "the configuration has both or neither"
    try:
        pem = certificates(config.timestamps.certificates)
    except ConfigError as error:
        return Checked(path, Level.ERROR, str(error))
    return Checked(path, Level.OK, f"{_count(pem.count(b'BEGIN CERTIFICATE'), 'certificate')}; not tried")


def _named(name: str, error: Exception) -> str:
    """The error with the file's name, which errors of the worker process lack."""
    return str(error) if isinstance(error, ClipError) else f"{name}: {error}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


__all__ = ["Checked", "Checker", "Level"]
