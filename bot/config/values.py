"""How single values are written in the configuration: durations, sizes, times of day, paths, names.

Each kind of value is an annotated type that carries its parser, the way back to text, and the words by which the
documentation calls it. Parsers raise `ValueError` with a message that follows the key: "must be ...".
"""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Strict, ValidationInfo, WithJsonSchema

_SHOWN = 60
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """What the documentation says about a kind of value.

    Attributes:
        name: one or two words for the table, such as "duration".
        write: the value as it stands in a YAML file.
    """

    name: str
    write: Callable[[Any], str] = str


def shown(value: object) -> str:
    """A value as a message quotes it: one line, printable, at most 60 characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list, tuple)):
        return "a list" if not isinstance(value, dict) else "a group of keys"
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(value))
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return text if isinstance(value, (int, float)) else f'"{text}"'


_SECONDS: dict[str, int] = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("week", "weeks"), 7 * 86_400),
}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([A-Za-z]+)")
_PARTS = re.compile(rf"\s*(?:{_PART.pattern}\s*)+")


def duration(value: object) -> timedelta:
    """Read a duration: numbers with units, such as "45 min", "1 h 30 min", "30 days".

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    if isinstance(value, timedelta):
        return value
    how = 'write a number and a unit, like "90 s", "45 min", "6 h" or "30 days"'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError(f"{value} lacks its unit; {how}")
    if not isinstance(value, str) or not _PARTS.fullmatch(value):
        raise ValueError(f"{shown(value)} is no duration; {how}")
    seconds = Decimal(0)
    for number, unit in _PART.findall(value):
        if unit.lower() not in _SECONDS:
            raise ValueError(f"{shown(unit)} is no unit of time; {how}")
        seconds += Decimal(number) * _SECONDS[unit.lower()]
    if seconds > 10**10:
        raise ValueError(f"{shown(value)} is longer than anything here can last; {how}")
    return timedelta(microseconds=int(seconds * 1_000_000))


def write_duration(value: timedelta) -> str:
    """A duration as text that :func:`duration` reads back: "45 min", "1 h 30 min", "30 days"."""
    seconds, micros = divmod(round(value.total_seconds() * 1_000_000), 1_000_000)
    parts = []
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {'day' if unit == 'days' and count == 1 else unit}")
    if micros:
        parts.append(f"{seconds}.{micros:06d}".rstrip("0") + " s")
    elif seconds or not parts:
        parts.append(f"{seconds} s")
    return " ".join(parts)


_BYTES: dict[str, int] = {
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "tb": 1000**4,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
    "tib": 1024**4,
}
_SIZE = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]+)\s*")


def size(value: object) -> int:
    """Read a size in bytes: a number with a unit, such as "200 MB" (decimal) or "1.5 GiB" (binary).

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    how = 'write a number and a unit, like "200 MB" or "3 GB"'
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not (match := _SIZE.fullmatch(value)):
        raise ValueError(f"{shown(value)} is no size; {how}")
    if match[2].lower() not in _BYTES:
        raise ValueError(f"{shown(match[2])} is no unit of size; {how}")
    return int(Decimal(match[1]) * _BYTES[match[2].lower()])


def write_size(value: int) -> str:
    """A size as text that :func:`size` reads back."""
    for unit in ("TB", "GB", "MB", "kB"):
        length = _BYTES[unit.lower()]
        if value and value % (length // 10) == 0 and value >= length:
            return f"{Decimal(value) / length:f} {unit}"
    return f"{value} B"


def time_of_day(value: object) -> time:
    """Read a time of day such as "07:30", without a zone.

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", value) if isinstance(value, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'{shown(value)} is no time of day; write it like "07:30" or "19:05"')
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of each day, from `start` up to `end`, which may lie after midnight."""

    start: time
    end: time

    def hold(self, moment: time) -> bool:
        """Whether a time of day lies in it."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def hours(value: object) -> Hours:
    """Read a part of each day such as "23:00-06:00".

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    if isinstance(value, Hours):
        return value
    how = 'write the first and the last time of day, like "23:00-06:00"'
    if not isinstance(value, str) or value.count("-") != 1:
        raise ValueError(f"{shown(value)} is no part of a day; {how}")
    start, end = (time_of_day(part) for part in value.split("-"))
    if start == end:
        raise ValueError(f"{shown(value)} begins where it ends; {how}")
    return Hours(start, end)


def folder_of(info: ValidationInfo) -> Path:
    """The folder to which relative paths belong: that of the configuration file, else the working folder."""
    context = info.context
    folder = context.get("folder") if isinstance(context, dict) else None
    return folder if isinstance(folder, Path) else Path.cwd()


def absolute(value: object, info: ValidationInfo) -> Path:
    """Read a path: `~` is the user's home, a relative path starts at the configuration file's folder.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, (str, Path)):
        raise ValueError(f"{shown(value)} is no path; write it as text")
    if isinstance(value, str) and not value.strip():
        raise ValueError("is no path; name a file or folder")
    if isinstance(value, str) and not value.isprintable():
        raise ValueError(f"{shown(value)} holds a line break or an invisible character, which no path here may")
    try:
        path = Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{shown(str(value))}: there is no home folder of that name; write the whole path") from error
    return folder_of(info) / path


def is_folder(path: Path) -> bool:
    """Whether there is a folder; unlike `Path.is_dir` also for names that are too long or may not be looked at."""
    return os.path.isdir(path)  # noqa: PTH112


def one_line(value: object) -> str:
    """Read a name: text in one line, without control characters, 1 to 200 characters after trimming.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, (bool, int, float)):
        raise ValueError(f'{shown(value)} must be text; put it in quotes: "{shown(value)}"')
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {shown(value)}")
    text = unicodedata.normalize("NFC", value.strip())
    if not text:
        raise ValueError("is empty; write it in one line")
    if not text.isprintable():
        raise ValueError(f"{shown(text)} holds a line break or an invisible character; write it in one plain line")
    if len(text) > _LONGEST_NAME:
        raise ValueError(f"{shown(text)} is longer than {_LONGEST_NAME} characters")
    return text


Duration = Annotated[timedelta, BeforeValidator(duration), Kind("duration", write_duration)]
"""A duration."""


def growing(values: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    """Hold a list of durations to one that grows.

    Raises:
        ValueError: one is not longer than the one before it.
    """
    for before, after in itertools.pairwise(values):
        if after <= before:
            raise ValueError(
                f"has {write_duration(after)} behind {write_duration(before)}; write them growing, each once"
            )
    return values


Size = Annotated[int, Strict(), BeforeValidator(size), Kind("size", write_size)]
"""A size in bytes."""


def yes_or_no(value: object) -> bool:
    """A truth value as YAML 1.2 has it.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} is neither; write true or false")
    return value


_HOST = re.compile(r"(?=.{4,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")


def host_name(value: object) -> str:
    """The registered name of a host.

    Raises:
        ValueError: it is none, or an address.
    """
    name = value.strip().lower().rstrip(".") if isinstance(value, str) else ""
    if not _HOST.fullmatch(name) or name.rpartition(".")[2].isdigit():
        raise ValueError(f"{shown(value)} is no name of a host; write it alone, like cdn.example.com")
    return name


def day(value: object) -> date:
    """Read a day of the calendar such as 2027-12-31.

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    try:
        # fromisoformat takes weeks and days without dashes, too, which people may have meant as something else
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{shown(value)} is no day of the calendar; write it like 2027-12-31") from error
    raise ValueError(f"{shown(value)} is no day; write it like 2027-12-31")


Day = Annotated[date, BeforeValidator(day), Kind("day", lambda value: value.isoformat())]
"""A day of the calendar."""

Flag = Annotated[bool, BeforeValidator(yes_or_no), Kind("true or false", lambda value: "true" if value else "false")]

Host = Annotated[str, BeforeValidator(host_name), Kind("host")]

Count = Annotated[int, Strict(), Kind("number", lambda value: f"{value:_}")]
"""A whole number."""

TimeOfDay = Annotated[
    time, BeforeValidator(time_of_day), Kind("time of day", lambda value: f'"{value.strftime("%H:%M")}"')
]
"""A time of day."""

PartOfDay = Annotated[
    Hours, BeforeValidator(hours), Kind("hours", lambda value: f'"{value}"'), WithJsonSchema({"type": "string"})
]
"""A part of each day."""

LocalPath = Annotated[Path, BeforeValidator(absolute), Kind("path")]
"""An absolute path, made so from the configuration file's folder."""

BUNDLED = "bundled"
"""The word that stands for what comes with Doppelwatch; a file of that name is written `./bundled`."""


def model_file(value: object, info: ValidationInfo) -> Path | None:
    """Read which model file is meant: None for the bundled one, else an absolute path.

    Raises:
        ValueError: it is neither.
    """
    if value is None:  # a list item without a value, which must not become the bundled model
        raise ValueError(f"is no path; name a file, or write {BUNDLED}")
    return None if value == BUNDLED else absolute(value, info)


def one_or_several(value: object, info: ValidationInfo) -> object:
    """One model file stands for a list of one; what is wrong with it is said of the key, not of an item.

    Raises:
        ValueError: it is neither a list nor a model file.
    """
    if isinstance(value, (list, tuple)):
        return value
    model_file(value, info)
    return (value,)


def voters(files: tuple[Path | None, ...]) -> tuple[Path | None, ...]:
    """Hold a list of models that vote to one vote each, and to what a clip can wait for.

    Raises:
        ValueError: one is named twice, or there are too many.
    """
    for number, file in enumerate(files):
        if file in files[:number]:
            raise ValueError(f"names {shown(str(file or BUNDLED))} twice; each model has one vote")
    if len(files) > MOST_VOTERS:
        raise ValueError(f"names {len(files)} models; at most {MOST_VOTERS} vote")
    return files


MOST_VOTERS = 5
"""Models that vote at most: each looks at every face, and stays in the memory of each worker."""

ModelFiles = Annotated[
    tuple[Annotated[Path | None, BeforeValidator(model_file), Kind("path")], ...],
    BeforeValidator(one_or_several),
    AfterValidator(voters),
]
"""Model files of one role that vote, None for the bundled one; one path may be written without a list."""

Name = Annotated[str, BeforeValidator(one_line), Kind("text")]
"""A name in one line."""
