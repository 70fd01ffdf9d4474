"""The reference photos that stand beside the faces of alerts: cut to the face, small, and kept nowhere.

Photos may come from anywhere, so they are read in a worker process, as for enrolment. The process is started when the
first photo is asked for: most days have no alert and need none.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.config import Config
from bot.digest import Portraits
from bot.digest.foreign import foreign
from bot.digest.model import Picture
from bot.errors import BotError
from bot.workers import LimitedExecutor
from detectors.errors import DetectorError
from detectors.picture_headers import declared_size

log = logging.getLogger(__name__)

TIMEOUT_S = 30.0
"""Seconds for one photo; loading the libraries on a slow machine takes most of it."""

_TRIED = 3
"""Photos tried for each person; what is wrong with them was told when the person was enrolled."""

_made: dict[tuple[Path, int, int], bytes] = {}
"""What was cut out by this process, by file, size and time of change: a daemon writes a page after each cycle."""


@contextmanager
def portraits(config: Config) -> Iterator[Portraits]:
    """Give a photo by the name of a person, for as long as a page is made."""
    photos = {person.name: person.photos for person in config.people}
    with ExitStack() as stack:
        executors: list[LimitedExecutor] = []

        def portrait(name: str) -> Picture | None:
            for path in photos.get(name, ())[:_TRIED]:
                jpeg = _cut(path, config, executors, stack)
                size = declared_size(io.BytesIO(jpeg)) if jpeg is not None else None
                if jpeg is not None and size is not None:
                    label = foreign(f"reference photo of {name}", 80)
                    return Picture(jpeg, max(1, size[0]), max(1, size[1]), label, kind="reference")
            return None

        yield portrait


def _cut(path: Path, config: Config, executors: list[LimitedExecutor], stack: ExitStack) -> bytes | None:
    try:
        found = path.stat()
    except OSError as error:
        log.info("%s: no reference photo for the page: %s", path.name, error.strerror)
        return None
    key = path, found.st_size, found.st_mtime_ns
    if key not in _made:
        if not executors:
            executor = LimitedExecutor(memory_bytes=config.limits.memory, timeout_s=TIMEOUT_S)
            executors.append(stack.enter_context(executor))
        try:
            _made[key] = executors[0].submit(_face, path, config).result()
        except (BotError, DetectorError) as error:
            # the page is worth more than the photo on it
            log.info("%s: no reference photo for the page: %s", path.name, error)
            return None
    return _made[key]


def _face(path: Path, config: Config) -> bytes:
    """Runs in the worker."""
    from bot.pipeline.examine import model_set
    from detectors.photo import face_picture

    return face_picture(path, model_set(config))
