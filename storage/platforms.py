"""How the platforms answer, and what happened to accounts: breakers that outlive a restart, and changes by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.polls import Polls
from storage.records import SeenPost
from storage.rows import FOREVER, time_text, to_row


@dataclass(frozen=True, slots=True)
class PlatformState:
    """How a platform answers, or one server of a platform that has many; `door` is what it is kept under.

    `failures` counts answers in a row that say something about the platform and not about an account, `trips` how
    often in a row the platform was left alone since it last answered. Until `held_until` it is asked nothing.
    """

    door: str
    outcome: str
    since: datetime
    detail: str = ""
    failures: int = 0
    trips: int = 0
    held_until: datetime | None = None
    ok_at: datetime | None = None
    control_outcome: str | None = None  # how the control account answered at `control_at`
    control_detail: str = ""
    control_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Something that happened to an account; append-only. Texts are as the platform showed them."""

    account_id: int
    at: datetime
    kind: str  # handle, display_name, bio, verified, avatar, handle_taken, gone or back
    before: str | None = None
    after: str | None = None


class Platforms(Polls):
    """Reading and writing what is known of platforms, beside the polls of their accounts."""

    def platform_state(self, door: str) -> PlatformState | None:
        """How a platform answered last, None where it was never asked."""
        sql = "SELECT * FROM platforms WHERE door = ?"
        return next(iter(self.read(PlatformState, sql, [door])), None)

    def platform_states(self) -> list[PlatformState]:
        """All platforms that were asked, by name."""
        return self.read(PlatformState, "SELECT * FROM platforms ORDER BY door")

    def record_platform(self, state: PlatformState) -> None:
        """Keep how a platform answers now."""
        self.replace("platforms", "door", to_row(state))

    def record_event(self, event: AccountEvent) -> None:
        """Keep something that happened to an account."""
        self.insert("account_events", to_row(event))

    def account_events(self, account_id: int | None = None, *, since: datetime | None = None) -> list[AccountEvent]:
        """What happened, oldest first; to one account or all, from `since` (included) on."""
        return self.read(
            AccountEvent,
            """
            SELECT * FROM account_events
            WHERE (:account_id IS NULL OR account_id = :account_id) AND (:since IS NULL OR at >= :since)
            ORDER BY at, id
            """,
            {"account_id": account_id, "since": None if since is None else time_text(since)},
        )

    def outcomes_in_a_row(self, account_id: int, most: int) -> Sequence[tuple[str, datetime]]:
        """The latest polls that ended like the very latest, newest first: outcome and time; `most` at most."""
        rows = self.rows(
            "SELECT outcome, at FROM polls WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT ?", [account_id, most]
        )
        alike = []
        for row in rows:
            if row["outcome"] != rows[0]["outcome"]:
                break
            alike.append((str(row["outcome"]), datetime.fromisoformat(row["at"])))
        return alike

    def requests_since(self, platform: str, since: datetime, until: datetime = FOREVER) -> int:
        """Requests that polls of a platform's accounts sent from `since` to `until` (both included)."""
        rows = self.rows(
            """
            SELECT coalesce(sum(polls.requests), 0) AS sent FROM polls
            JOIN accounts ON accounts.id = polls.account_id
            WHERE accounts.platform = ? AND polls.at BETWEEN ? AND ?
            """,
            [platform, time_text(since), time_text(until)],
        )
        return int(rows[0]["sent"])

    def describe_post(self, post_id: int, shown: SeenPost, *, at: datetime) -> None:
        """Take over what a post's own page says: caption and label as they are there, the rest where no list did."""
        with self.transaction():
            self._refresh(self.post(post_id), shown)
            # a listing that shows counts does so at every look
            if not self.rows("SELECT 1 FROM post_metrics WHERE post_id = ? LIMIT 1", [post_id]):
                self._measure(post_id, shown, at)


__all__ = ["AccountEvent", "PlatformState", "Platforms"]
