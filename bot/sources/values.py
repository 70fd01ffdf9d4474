"""What platforms say, as values that can be kept: numbers that are counts, times that a calendar has."""

from __future__ import annotations

import re
from datetime import UTC, datetime

LATEST_S = 32_503_680_000
"""The year 3000: whatever lies beyond is no time of a post."""


def count_of(value: object) -> int | None:
    """A count, also one that came as text; None for what is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < 2**63 else None


def text_of(value: object) -> str | None:
    """A text, or None for what is none."""
    return value if isinstance(value, str) else None


def seconds_of(value: object) -> float | None:
    """A length in seconds, None where it is none that a clip has."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e7 else None


def moment_of(value: object) -> datetime | None:
    """A time from seconds since 1970 or from ISO 8601 text, in UTC; None where it is none that a calendar has."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
        value = (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < LATEST_S:
        return None
    return datetime.fromtimestamp(value, UTC)


def id_of(value: object) -> str | None:
    """A platform's id of a post or an account, None where it is none that may stand in addresses and keys."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[A-Za-z0-9._:@~-]{1,200}", text) else None


def within(value: object, *path: str | int) -> object:
    """What lies at a path of keys and places in parsed JSON; None where the path breaks off."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def mapping_at(value: object, *path: str | int) -> dict[str, object]:
    """The mapping at a path, empty where there is none."""
    found = within(value, *path)
    return found if isinstance(found, dict) else {}


def items_at(value: object, *path: str | int) -> list[object]:
    """The list at a path, empty where there is none."""
    found = within(value, *path)
    return found if isinstance(found, list) else []


__all__ = ["count_of", "id_of", "items_at", "mapping_at", "moment_of", "seconds_of", "text_of", "within"]
