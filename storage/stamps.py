"""Time stamps of an authority outside over the custody log: each covers an entry and all entries before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.chain import LogEntry
from storage.rows import time_text, to_row
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Stamp:
    """One stamp.

    Attributes:
        id: number of the row.
        entry_id: number of the log's entry whose line it covers.
        entry_sha256: SHA-256 of that line, which was stamped.
        at: the time that it says.
        authority: address of the authority that was asked.
        response: its whole answer (TimeStampResp of RFC 3161, DER) in base64.
    """

    id: int
    entry_id: int
    entry_sha256: str
    at: datetime
    authority: str
    response: str


@dataclass(frozen=True, slots=True)
class Stamping:
    """How asking for stamps goes.

    Attributes:
        failures: how many tries in a row failed; 0 after a stamp.
        problem: why the last one did, in one line; empty after a stamp.
        since: when the first of these failures was, or the stamp came.
        next_try_at: not before that.
    """

    failures: int
    problem: str
    since: datetime
    next_try_at: datetime


class Stamps(Session):
    """Keeping stamps, and when to ask for the next one."""

    def stamps(self) -> list[Stamp]:
        """All stamps, oldest first."""
        return self.read(Stamp, "SELECT * FROM stamps ORDER BY id")

    def stamp_over(self, entry_id: int) -> Stamp | None:
        """The oldest stamp that covers an entry of the log, None where there is none yet."""
        found = self.read(Stamp, "SELECT * FROM stamps WHERE entry_id >= ? ORDER BY entry_id, id LIMIT 1", [entry_id])
        return found[0] if found else None

    def unstamped(self) -> LogEntry | None:
        """The log's latest entry if no stamp covers it."""
        found = self.read(
            LogEntry,
            """
            SELECT * FROM custody_log WHERE id > (SELECT coalesce(max(entry_id), 0) FROM stamps)
            ORDER BY id DESC LIMIT 1
            """,
        )
        return found[0] if found else None

    def stamping(self) -> Stamping | None:
        """How asking goes, None where nobody was asked yet."""
        found = self.read(Stamping, "SELECT * FROM stamping")
        return found[0] if found else None

    def record_stamp(
        self, entry: LogEntry, response: str, *, at: datetime, authority: str, now: datetime, next_try_at: datetime
    ) -> None:
        """Keep a stamp that was checked; the next one is asked for at `next_try_at`."""
        with self.transaction():
            row = {
                "entry_id": entry.id,
                "entry_sha256": entry.sha256,
                "at": time_text(at),
                "authority": authority,
                "response": response,
            }
            self.insert("stamps", row)
            self._note(Stamping(0, "", now, next_try_at))

    def record_stamp_failure(self, problem: str, *, now: datetime, next_try_at: datetime) -> None:
        """Note that none could be had."""
        with self.transaction():
            before = self.stamping()
            failing = before is not None and before.failures > 0
            since = before.since if before is not None and failing else now
            count = before.failures + 1 if before is not None else 1
            self._note(Stamping(count, problem, since, next_try_at))

    def _note(self, stamping: Stamping) -> None:
        self.replace("stamping", "id", to_row(stamping, id=1))

    def stamp_faults(self) -> Iterator[str]:
        """Stamps that do not belong to the log; whether their signatures are good is not asked here."""
        entries = {entry.id: entry for entry in self.read(LogEntry, "SELECT * FROM custody_log")}
        for stamp in self.stamps():
            entry = entries.get(stamp.entry_id)
            if entry is None or entry.sha256 != stamp.entry_sha256:
                yield f"time stamp {stamp.id}: is not one of the log's entry {stamp.entry_id}"


__all__ = ["Stamp", "Stamping", "Stamps"]
