"""A record of the log as text for people or as JSON: one line each, in which nothing acts and no secret stands."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from enum import StrEnum

from bot.log.redaction import redacted
from bot.visible import visible

LONGEST = 20_000
"""Characters of one message or trace that are written; a page of megabytes in an error must not fill the disk."""

CUT = "…"


class Shape(StrEnum):
    """How lines of the log are written."""

    TEXT = "text"
    JSON = "json"


class TextLines(logging.Formatter):
    """`2026-11-25T06:30:00.123Z WARNING bot.pipeline.poll: what happened`.

    A trace follows, each of its lines behind a bar, so that nothing in it can pass for a line of the log.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as its line, without a line break at the end."""
        head = f"{_time(record)} {record.levelname} {visible(record.name)}: {visible(_message(record))}"
        trace = _trace(self, record)
        return "\n".join([head, *(f"  | {visible(line)}" for line in trace.split("\n") if line)])


class JsonLines(logging.Formatter):
    """One object a line, ASCII: `at`, `level`, `name`, `process`, `message`, and `trace` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as its object."""
        said = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "name": record.name,
            "process": record.process,
            "message": _message(record),
        }
        trace = _trace(self, record)
        if trace:
            said["trace"] = trace
        return json.dumps(said, ensure_ascii=True)


def lines_of(shape: Shape) -> logging.Formatter:
    """The formatter of a shape."""
    return JsonLines() if shape is Shape.JSON else TextLines()


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except (TypeError, ValueError, KeyError) as error:
        # a library whose arguments do not fit its words must not cost the line
        text = f"{record.msg} (its arguments do not fit: {error})"
    # a secret that is cut in its middle would not be known any more, so the cut comes after
    shown = redacted(text[: 2 * LONGEST])
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + CUT


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts = []
    if record.exc_info and record.exc_info[1] is not None:
        parts.append(formatter.formatException(record.exc_info))
    if record.stack_info:
        parts.append(record.stack_info)
    # its end names the error, so it is the beginning that goes
    text = redacted("\n".join(parts))
    return text if len(text) <= LONGEST else CUT + text[-LONGEST:]


__all__ = ["LONGEST", "JsonLines", "Shape", "TextLines", "lines_of"]
