"""The outbox: a delivery is a row before it is a message, and ends as sent or as failed, never in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.errors import RecordNotFound
from storage.rows import time_text, to_row
from storage.session import Session


class DeliveryState(StrEnum):
    """Where a delivery stands. FAILED is final until somebody asks for another try."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One message to one receiver, on its way into the outbox.

    Attributes:
        key: what is told to whom; a key that is there already adds nothing, so that queueing can be repeated.
        kind: `digest`, `alert` or `trouble`.
        channel: the way out and the receiver, such as `mail jane@example.org`.
        message_id: the Message-ID of every try, so that a receiver who gets it twice sees one.
        digest_id: the digest that is told.
        items: numbers of the posts or troubles that are told, for the other kinds.
    """

    key: str
    kind: str
    channel: str
    message_id: str
    digest_id: int | None = None
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox; `problem` says why the latest try did not succeed."""

    id: int
    key: str
    kind: str
    channel: str
    message_id: str
    digest_id: int | None
    items: tuple[int, ...]
    queued_at: datetime
    state: DeliveryState
    attempts: int = 0
    next_try_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str = ""


class Outbox(Session):
    """Queueing deliveries, and recording each try before and after it."""

    def queue(self, new: Sequence[NewDelivery], at: datetime) -> int:
        """Put deliveries into the outbox, due at once; returns how many were not there yet."""
        with self.transaction():
            return sum(self.insert_new("deliveries", "key", to_row(one, queued_at=at, next_try_at=at)) for one in new)

    def hand_out(self, digest_id: int, new: Sequence[NewDelivery], at: datetime) -> bool:
        """Queue a digest's deliveries and close it: what is judged from now on stands in a later one.

        Returns:
            Whether this was the first time; a digest is handed out once.

        Raises:
            RecordNotFound: there is no such digest.
        """
        with self.transaction():
            first = self.write(
                "UPDATE digests SET handed_out_at = ? WHERE id = ? AND handed_out_at IS NULL",
                [time_text(at), digest_id],
            )
            if first:
                self.queue(new, at)
            elif not self.rows("SELECT 1 FROM digests WHERE id = ?", [digest_id]):
                raise RecordNotFound(f"{self._path}: there is no digest number {digest_id}")
        return bool(first)

    def due_deliveries(self, now: datetime) -> list[Delivery]:
        """The deliveries whose time to try has come, oldest first."""
        sql = "SELECT * FROM deliveries WHERE state = 'waiting' AND next_try_at <= ? ORDER BY queued_at, id"
        return self.read(Delivery, sql, [time_text(now)])

    def deliveries(self, state: DeliveryState | None = None, *, ended_since: datetime | None = None) -> list[Delivery]:
        """Deliveries, newest first; of one state or all, and only those that ended from `ended_since` (included) on."""
        return self.read(
            Delivery,
            """
            SELECT * FROM deliveries
            WHERE (:state IS NULL OR state = :state) AND (:since IS NULL OR ended_at >= :since)
            ORDER BY queued_at DESC, id DESC
            """,
            {
                "state": None if state is None else str(state),
                "since": None if ended_since is None else time_text(ended_since),
            },
        )

    def begin_try(self, delivery_id: int, *, next_try_at: datetime) -> None:
        """A try begins: should the program be killed in it, the next one comes at this time."""
        self._change(
            "UPDATE deliveries SET attempts = attempts + 1, next_try_at = ? WHERE id = ? AND state = 'waiting'",
            [time_text(next_try_at), delivery_id],
        )

    def record_sent(self, delivery_id: int, at: datetime) -> None:
        """The receiver accepted it."""
        self._change(
            "UPDATE deliveries SET state = 'sent', ended_at = ?, next_try_at = NULL, problem = '' WHERE id = ?",
            [time_text(at), delivery_id],
        )

    def record_delay(self, delivery_id: int, problem: str) -> None:
        """The try did not succeed; the next one comes at the time that was set when it began."""
        self._change("UPDATE deliveries SET problem = ? WHERE id = ?", [problem, delivery_id])

    def record_failure(self, delivery_id: int, problem: str, at: datetime) -> None:
        """It failed for good."""
        self._change(
            "UPDATE deliveries SET state = 'failed', ended_at = ?, next_try_at = NULL, problem = ? WHERE id = ?",
            [time_text(at), problem, delivery_id],
        )

    def try_failed_again(self, now: datetime) -> int:
        """Make all failed deliveries due again, with their time and tries counted anew; returns how many."""
        return self.write(
            """
            UPDATE deliveries SET state = 'waiting', attempts = 0, queued_at = :now, next_try_at = :now, ended_at = NULL
            WHERE state = 'failed'
            """,
            {"now": time_text(now)},
        )

    def _change(self, sql: str, parameters: Sequence[object]) -> None:
        if not self.write(sql, parameters):
            raise RecordNotFound(f"{self._path}: there is no delivery that this could be recorded of")


__all__ = ["Delivery", "DeliveryState", "NewDelivery", "Outbox"]
