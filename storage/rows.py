"""Records to rows and back: the one place that knows how a Python value lies in a column.

========== =======================================================================
datetime   TEXT, UTC, always 27 characters: ``2026-11-24T07:30:00.000000Z``
bool       INTEGER 0 or 1
enum       TEXT, its value
mappings   TEXT, JSON with sorted keys; tuples come back as lists below the top level
float      REAL; what is not finite is no measurement and becomes NULL
int        INTEGER; what does not fit 64 bits is no count and becomes NULL
str        TEXT, always valid Unicode
========== =======================================================================

Fixed width makes the order of the text the order of the times, so that indexes and comparisons work.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from storage.errors import RecordInvalid

Record = TypeVar("Record")
Row = dict[str, Any]

_LARGEST = 2**63 - 1


FOREVER = datetime.max.replace(tzinfo=UTC)
"""Later than any time in a column."""


def time_text(value: datetime) -> str:
    """A time as fixed-width UTC text.

    Raises:
        RecordInvalid: the time carries no zone, so that nobody can say which instant it is.
    """
    if value.tzinfo is None:
        raise RecordInvalid(f"the time {value.isoformat()} has no zone; give a time with one, as in datetime.now(UTC)")
    try:
        utc = value.astimezone(UTC)
    except OverflowError as error:
        raise RecordInvalid(
            f"the time {value.isoformat()} does not exist in UTC; give one between 0001 and 9999"
        ) from error
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_time(text: str) -> datetime:
    """The time that :func:`time_text` wrote."""
    return datetime.fromisoformat(text)


def clean_text(text: str) -> str:
    """The text as valid Unicode: split surrogate pairs are joined, lone halves become U+FFFD.

    Platforms send captions as JSON, where half an emoji is legal; SQLite refuses it.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def json_text(value: object) -> str:
    """A mapping or sequence as JSON text with sorted keys, so that equal values are equal text.

    Raises:
        RecordInvalid: something in it has no place in JSON, as bytes, NaN or an infinity.
    """
    try:
        return clean_text(json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")))
    except (TypeError, ValueError) as error:
        raise RecordInvalid(
            f"this cannot be kept as JSON: {error}; keep numbers, text, lists and mappings only"
        ) from error


def column_value(value: object) -> object:
    """One Python value as SQLite keeps it; the table above."""
    kept = value
    match value:
        case datetime():
            kept = time_text(value)
        case bool():
            kept = int(value)
        case str():
            kept = clean_text(str(value))
        case int():
            kept = value if -_LARGEST - 1 <= value <= _LARGEST else None
        case float():
            kept = value if math.isfinite(value) else None
        case Mapping() | tuple() | list():
            kept = json_text(value)
        case None:
            pass
        case _:
            raise RecordInvalid(
                f"a {type(value).__name__} has no column type; see storage/rows.py for those that have one"
            )
    return kept


def to_row(record: object, **overrides: object) -> Row:
    """A record as the columns of its table; `overrides` add columns or replace values.

    Raises:
        RecordInvalid: a value cannot be kept.
    """
    assert dataclasses.is_dataclass(record)
    values = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)} | overrides
    return {name: column_value(value) for name, value in values.items()}


def from_row(kind: type[Record], row: Mapping[str, Any]) -> Record:
    """The record of a row; columns that the record does not have are left out."""
    return kind(**{name: read(row[name]) for name, read in _readers(kind).items()})  # type: ignore[arg-type] # a class is hashable


@functools.cache
def _readers(kind: type[Any]) -> dict[str, Callable[[Any], Any]]:
    """For each field of a record, how its column is read."""
    return {name: _reader(hint) for name, hint in typing.get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a column is read for a field with this type; None stays None where the type allows it."""
    if isinstance(hint, types.UnionType):
        inner = _reader(next(part for part in typing.get_args(hint) if part is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    origin = typing.get_origin(hint)
    if origin is tuple:
        return lambda text: tuple(json.loads(text))
    if origin is Mapping:
        return json.loads
    if hint is datetime:
        return parse_time
    if hint is bool or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        reader: Callable[[Any], Any] = hint
        return reader
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    """SQLite gives this type back as it took it."""
    return value
