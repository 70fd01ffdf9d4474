"""Where the log goes: standard error, and the file that the configuration names, which rotates by its size.

The file belongs to whoever holds the store (:mod:`bot.lock`), so that one process alone writes and rotates it. Worker
processes, which may write no file, say what they have to say on standard error.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from bot.errors import ConfigError
from bot.log.lines import JsonLines, Shape, lines_of

if TYPE_CHECKING:
    from bot.config import Config

FILE_MODE, FOLDER_MODE = 0o600, 0o700

log = logging.getLogger(__name__)


class _StderrHandler(logging.Handler):
    """Standard error, whatever it is at the time of the line."""

    def emit(self, record: logging.LogRecord) -> None:
        # nobody could be told where this fails
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(self.format(record) + "\n")


class _FileHandler(RotatingFileHandler):
    """A file that is closed to others from its first byte on."""

    _lost = False
    """The last line could not be written."""
    _told = False
    """That was told, and no line was written since."""

    def _open(self) -> TextIOWrapper:
        # no link is followed: where the folder is open to others, it could lead to any file of this user
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.baseFilename, flags, FILE_MODE)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        self._lost = False
        super().emit(record)
        self._told = self._lost

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """Tell it once, and go on: a log that cannot be written must not end the watch.

        Without the line, which logging's own words would quote as it came.
        """
        self._lost = True
        error = sys.exc_info()[1]
        if not self._told:
            why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(f"The log cannot be written ({why}); lines are lost until it can.\n")


def write_to_stderr(level: int, shape: Shape = Shape.TEXT) -> None:
    """Let all that is logged in this process go to standard error, from a level on; replaces what was set before."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _StderrHandler)]:
        root.removeHandler(handler)
    handler = _StderrHandler()
    handler.setLevel(level)
    handler.setFormatter(lines_of(shape))
    root.addHandler(handler)
    root.setLevel(level)


def shape_on_stderr() -> Shape:
    """How lines are written to standard error in this process, for the workers that it starts."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _StderrHandler) and isinstance(handler.formatter, JsonLines):
            return Shape.JSON
    return Shape.TEXT


def watch_interpreter() -> None:
    """Write what nobody caught as a line of the log, so that an error's text neither acts nor tells a secret."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("this is a fault of Doppelwatch; please report it", exc_info=(kind, error, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            name = args.thread.name if args.thread is not None else "unknown"
            log.critical("the thread %s ended", name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread


@contextmanager
def keep_log(config: Config) -> Iterator[None]:
    """Write the log as the configuration says while the context is open; the caller holds the store's lock.

    Raises:
        ConfigError: the log's file cannot be made or written.
    """
    root = logging.getLogger()
    shape, before = Shape(config.log.format), root.level
    for standard in (one for one in root.handlers if isinstance(one, _StderrHandler)):
        standard.setFormatter(lines_of(shape))
    if config.log.file is None:
        yield
        return
    handler = _opened(config, config.log.file)
    handler.setLevel(logging.INFO)
    handler.setFormatter(lines_of(shape))
    root.addHandler(handler)
    root.setLevel(min(before, logging.INFO))
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


def log_files(config: Config) -> list[Path]:
    """The log's files that there are: the one that is written, and those that were put aside."""
    path = config.log.file
    if path is None:
        return []
    return [one for one in (path, *sorted(path.parent.glob(f"{glob.escape(path.name)}.[0-9]*"))) if one.is_file()]


def _opened(config: Config, path: Path) -> _FileHandler:
    try:
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return _FileHandler(path, maxBytes=config.log.size, backupCount=config.log.keep, encoding="utf-8")
    except OSError as error:
        why = "is a link" if path.is_symlink() else error.strerror
        raise ConfigError(
            f"{config.place('log', 'file')}: {path} cannot be written ({why}); name a file in a folder that this user "
            "may write"
        ) from error


__all__ = [
    "FILE_MODE",
    "FOLDER_MODE",
    "keep_log",
    "log_files",
    "shape_on_stderr",
    "watch_interpreter",
    "write_to_stderr",
]
