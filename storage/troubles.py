"""When watching fails: what is wrong, since when, whether somebody was told, and when it was over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.outbox import NewDelivery, Outbox
from storage.rows import json_text, time_text, to_row


@dataclass(frozen=True, slots=True)
class Observed:
    """Something that is wrong now; `kind` and `subject` tell it from other troubles.

    Texts may come from outside.
    """

    kind: str
    subject: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is or was wrong, from `since` until `over_at`."""

    id: int
    kind: str
    subject: str
    detail: str
    remedy: str
    since: datetime
    told_at: datetime | None = None
    over_at: datetime | None = None


class Troubles(Outbox):
    """Keeping troubles, each one row from its begin to its end, so that each is told once."""

    def observe_troubles(self, observed: Sequence[Observed], now: datetime, *, settled: timedelta) -> None:
        """Bring the troubles to what is wrong now.

        Those that are not observed are over. One that comes back within `settled` of its end goes on as the same,
        so that what comes and goes is not told each time.
        """
        with self.transaction():
            keys = [[one.kind, one.subject] for one in observed]
            self.write(
                """
                UPDATE troubles SET over_at = ? WHERE over_at IS NULL
                AND json_array(kind, subject) NOT IN (SELECT value FROM json_each(?))
                """,
                [time_text(now), json_text(keys)],
            )
            for one in observed:
                self._observe(one, now, settled)

    def _observe(self, one: Observed, now: datetime, settled: timedelta) -> None:
        known = self.read(
            Trouble,
            """
            SELECT * FROM troubles WHERE kind = :kind AND subject = :subject AND (over_at IS NULL OR over_at >= :since)
            ORDER BY id DESC LIMIT 1
            """,
            to_row(one, since=now - settled),
        )
        if known:
            self.write(
                "UPDATE troubles SET over_at = NULL, detail = :detail, remedy = :remedy WHERE id = :id",
                to_row(one, id=known[0].id),
            )
        else:
            self.insert("troubles", to_row(one, since=now))

    def tell_troubles(self, told: Sequence[Trouble], new: Sequence[NewDelivery], at: datetime) -> None:
        """Queue the message on these troubles, and remember that they were told; both or neither."""
        with self.transaction():
            for one in told:
                self.write("UPDATE troubles SET told_at = ? WHERE id = ?", [time_text(at), one.id])
            self.queue(new, at)

    def troubles(self, *, now_only: bool = False, untold: bool = False, since: datetime | None = None) -> list[Trouble]:
        """Troubles, oldest first.

        Args:
            now_only: only those that are not over.
            untold: only those that nobody was told of.
            since: only those that are not over, or ended from then (included) on.
        """
        return self.read(
            Trouble,
            """
            SELECT * FROM troubles
            WHERE (NOT :now_only OR over_at IS NULL) AND (NOT :untold OR told_at IS NULL)
                AND (:since IS NULL OR over_at IS NULL OR over_at >= :since)
            ORDER BY since, id
            """,
            {"now_only": now_only, "untold": untold, "since": None if since is None else time_text(since)},
        )


__all__ = ["Observed", "Trouble", "Troubles"]
