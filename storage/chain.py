"""The custody log as text: one line an entry, each with the SHA-256 of the line before it.

The hash of an entry is that of its line with the line break, so that ``sha256sum`` checks the log without this program:
``sed -n 4p custody.jsonl | sha256sum`` prints the `before` of line 5.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

BEGINNING = "0" * 64
"""What the first entry has for the line before it."""

SEALED, RELEASED, PURGED = "sealed", "released", "purged"
"""Kinds of entries: a record was kept; the case was let go; it was deleted on request. The last two are tombstones."""

KINDS = (SEALED, RELEASED, PURGED)

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry.

    Attributes:
        id: its number, from 1 without gaps.
        at: when, ISO 8601 as the store writes times.
        kind: one of :data:`KINDS`.
        case_id: number of the post that the case is about.
        content_sha256: of the record that was sealed; of the latest one that went, for a tombstone.
        before: SHA-256 of the line before, :data:`BEGINNING` for the first.
    """

    id: int
    at: str
    kind: str
    case_id: int
    content_sha256: str
    before: str

    @property
    def line(self) -> str:
        """The entry as its line, ASCII, with the line break."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")) + "\n"

    @property
    def sha256(self) -> str:
        """The hash of its line, by which the next entry holds it."""
        return hashlib.sha256(self.line.encode("ascii")).hexdigest()


def first_break(entries: Sequence[LogEntry]) -> str | None:
    """What the first entry that does not fit is and why, or None where the chain is whole."""
    before = BEGINNING
    for number, entry in enumerate(entries, 1):
        if entry.id != number:
            return f"entry {number} is missing (the next one is {entry.id})"
        if entry.kind not in KINDS or not _SHA256.fullmatch(entry.content_sha256):
            return f"entry {number} is none that this program writes"
        if entry.before != before:
            return f"entry {number} does not follow entry {number - 1}: one of the two was changed"
        before = entry.sha256
    return None


def live(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """Of one case's entries, oldest first, those whose records must be there: all after the latest tombstone."""
    ends = [number for number, entry in enumerate(entries, 1) if entry.kind != SEALED]
    return list(entries[ends[-1] if ends else 0 :])


def read_lines(text: str) -> list[LogEntry]:
    """Entries of a log that was written as lines.

    Raises:
        ValueError: a line is none of ours; the message names it.
    """
    entries = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        try:
            entry = LogEntry(**json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"line {number} cannot be read") from error
        if entry.line != line:
            raise ValueError(f"line {number} is not written as this program writes it")
        entries.append(entry)
    return entries


def write_lines(entries: Iterable[LogEntry]) -> str:
    """The log as text."""
    return "".join(entry.line for entry in entries)


__all__ = [
    "BEGINNING",
    "KINDS",
    "PURGED",
    "RELEASED",
    "SEALED",
    "LogEntry",
    "first_break",
    "live",
    "read_lines",
    "write_lines",
]
