"""Validate everything that can be without polling: folders, time, secrets, models, references.

Photos, recordings and models are read in a worker process with the limits of the configuration: a photo may come from a
stranger, and a model that the worker cannot load within its memory would fail in the watch as well.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config, Person
from bot.config.places import KeyPath, dotted
from bot.config.secrets import reveal
from bot.config.values import is_folder, write_size
from bot.errors import BotError
from bot.pipeline.examine import model_set
from bot.sources.folder import SCHEME, path_of
from bot.sources.registry import ALL_SOURCES, SourceSettings
from bot.workers import LimitedExecutor
from detectors.container import shown_name
from detectors.errors import ClipError, DetectorError, ModelError
from detectors.model_files import NEEDED, ROLES, load_model
from detectors.photo import faces_in_photo
from detectors.recording import seconds_of_sound
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
            *self._models(),
            *(partial(self._cookies, platform) for platform in config.secrets.cookies),
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
        return checked

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
        """Whether a watched folder is there; other accounts can only be asked by polling."""
        if url.startswith(SCHEME):
            yield partial(_watched_folder, ("accounts", index, "url"), path_of(url))

    def _time_zone(self) -> Checked:
        zone = ZoneInfo(self._config.digest.timezone)
        at = self._config.digest.time
        local = self._now.astimezone(zone)
        day = local.date() + timedelta(days=local.time() >= at)
        return Checked(
            ("digest", "time"), Level.OK, f"the next digest is due {datetime.combine(day, at, zone):%Y-%m-%d %H:%M %Z}"
        )

    def _references(self) -> Iterator[Step]:
        for index, person in enumerate(self._config.people):
            if not person.official:
                yield partial(_unofficial, ("people", index, "official"), person)
            for number, photo in enumerate(person.photos):
                faces = self._executor.submit(faces_in_photo, photo, model_set(self._config))
                path: KeyPath = ("people", index, "photos", number)
                yield partial(_photo, path, photo, person, faces)
            for number, recording in enumerate(person.recordings):
                seconds = self._executor.submit(seconds_of_sound, recording)
                path = ("people", index, "recordings", number)
                yield partial(_recording, path, recording, seconds)

    def _models(self) -> Iterator[Step]:
        models = model_set(self._config)
        for role in ROLES:
            files = models.of(role)
            for number, file in enumerate(files):
                if file is None and role not in NEEDED:
                    continue
                path: KeyPath = ("models", role, number) if len(files) > 1 else ("models", role)
                yield partial(_model, path, self._executor.submit(describe_model, role, file))

    def _cookies(self, platform: str) -> Checked:
        secret = self._config.secrets.cookies[platform]
        path = ("secrets", "cookies", platform)
        try:
            ALL_SOURCES[platform](SourceSettings(cookies={platform: reveal(secret)}))
        except BotError as error:
            return Checked(path, Level.ERROR, str(error))
        return Checked(path, Level.OK, f"can be read from {secret}")


def _watched_folder(path: KeyPath, folder: Path) -> Checked:
    if not is_folder(folder):
        return Checked(path, Level.ERROR, f"there is no folder {folder}; make it, or correct the address")
    if not _may(folder, os.R_OK):
        return Checked(path, Level.ERROR, f"{folder} cannot be read by this user; give the right")
    return Checked(path, Level.OK, f"{folder} can be read")


def _may(folder: Path, right: int) -> bool:
    """Whether this process may read or write in a folder."""
    return os.access(folder, right | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


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


def _recording(path: KeyPath, recording: Path, future: Future[float]) -> Checked:
    name = shown_name(recording)
    try:
        return Checked(path, Level.OK, f"{name}: {future.result():.1f} s of sound")
    except (DetectorError, BotError) as error:
        return Checked(path, Level.ERROR, _named(name, error))


def _model(path: KeyPath, future: Future[str]) -> Checked:
    try:
        return Checked(path, Level.OK, future.result())
    except (DetectorError, BotError) as error:
        return Checked(path, Level.ERROR, str(error))


def _named(name: str, error: Exception) -> str:
    """The error with the file's name, which errors of the worker process lack."""
    return str(error) if isinstance(error, ClipError) else f"{name}: {error}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


__all__ = ["Checked", "Checker", "Level"]
