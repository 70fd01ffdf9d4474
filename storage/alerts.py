"""Alerts apart from the days on which they stand: which are news to be told at once, and the latest of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.outbox import NewDelivery, Outbox
from storage.rows import FOREVER, json_text, parse_time, time_text


@dataclass(frozen=True, slots=True)
class Alert:
    """A post and its priority, with when it was first judged to have it."""

    post_id: int
    priority: str
    since: datetime


class Alerts(Outbox):
    """Reading alerts, and recording which were told at once."""

    def news(self, priorities: Sequence[str], order: Sequence[str]) -> list[Alert]:
        """The posts of these priorities that nobody was told of as so pressing, most pressing first.

        A post was told if it was told at once, or if the page of its digest was written when it had this or a more
        pressing priority.

        Args:
            priorities: those that count.
            order: all priorities, most pressing first.
        """
        return self.read(
            Alert,
            """
            WITH ranks AS (SELECT key AS rank, value AS priority FROM json_each(:order))
            SELECT verdicts.post_id, verdicts.priority, verdicts.judged_at AS since
            FROM verdicts JOIN ranks AS held ON held.priority = verdicts.priority
            WHERE verdicts.priority IN (SELECT value FROM json_each(:priorities))
                AND NOT EXISTS (
                    SELECT 1 FROM immediate_alerts AS told JOIN ranks ON ranks.priority = told.priority
                    WHERE told.post_id = verdicts.post_id AND ranks.rank <= held.rank
                )
                AND NOT EXISTS (
                    SELECT 1 FROM digest_entries
                    JOIN digests ON digests.id = digest_entries.digest_id
                    JOIN judgements ON judgements.post_id = digest_entries.post_id
                        AND judgements.judged_at <= digests.rendered_at
                    JOIN ranks ON ranks.priority = judgements.priority
                    WHERE digest_entries.post_id = verdicts.post_id AND ranks.rank <= held.rank
                )
            ORDER BY held.rank, verdicts.judged_at, verdicts.post_id
            """,
            {"priorities": json_text(list(priorities)), "order": json_text(list(order))},
        )

    def tell_at_once(self, alerts: Sequence[Alert], new: Sequence[NewDelivery], at: datetime) -> None:
        """Queue the message on these alerts, and remember that they were told; both or neither."""
        with self.transaction():
            for alert in alerts:
                row = {"post_id": alert.post_id, "priority": alert.priority, "at": time_text(at)}
                self.insert("immediate_alerts", row)
            self.queue(new, at)

    def told_at_once(self, until: datetime = FOREVER) -> datetime | None:
        """When alerts were last told at once, up to a time (included); None where they were not."""
        sql = "SELECT max(at) AS at FROM immediate_alerts WHERE at <= ?"
        value = self.rows(sql, [time_text(until)])[0]["at"]
        return None if value is None else parse_time(value)

    def latest_alerts(self, priorities: Sequence[str], most: int) -> list[Alert]:
        """The latest posts of these priorities, newest first, by when they were first judged to be of any of them."""
        return self.read(
            Alert,
            """
            SELECT verdicts.post_id, verdicts.priority, min(judgements.judged_at) AS since
            FROM verdicts JOIN judgements ON judgements.post_id = verdicts.post_id
            WHERE verdicts.priority IN (SELECT value FROM json_each(:priorities))
                AND judgements.priority IN (SELECT value FROM json_each(:priorities))
            GROUP BY verdicts.post_id ORDER BY since DESC, verdicts.post_id DESC LIMIT :most
            """,
            {"priorities": json_text(list(priorities)), "most": most},
        )


__all__ = ["Alert", "Alerts"]
