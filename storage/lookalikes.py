"""Handles that were asked for because they look like a protected person's, and what the platforms answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.rows import FOREVER, time_text, to_row
from storage.session import Session

EXISTS, ABSENT, WALL = "exists", "absent", "wall"
"""What an answer says of a handle; a wall tells neither."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """One handle on one platform, as it was asked for last; `state` is `exists`, `absent` or `wall`.

    A wall is an answer that tells neither: throttled, blocked, a login, a captcha, no answer. `rules` are the keys of
    the handle rules that made the candidate, `log10_lr` what the handle alone is worth by them. What is shown of the
    account is None where the platform does not show it. Of the avatar, `avatar_distance` is the number of differing
    bits (of 256) to the most like picture of the person, and `avatar_log10_lr` what its face says of being theirs.
    """

    person: str
    platform: str
    handle: str
    url: str
    rules: tuple[str, ...]
    log10_lr: float
    state: str
    outcome: str
    asked_at: datetime
    detail: str = ""
    requests: int = 0
    stable_id: str | None = None
    shown_handle: str | None = None
    display_name: str | None = None
    bio: str | None = None
    followers: int | None = None
    posts: int | None = None
    verified: bool | None = None
    avatar_url: str | None = None
    avatar_distance: int | None = None
    avatar_like: str | None = None
    avatar_log10_lr: float | None = None
    avatar_note: str = ""


class Lookalikes(Session):
    """Reading and writing of what was asked; one row a person, platform and handle."""

    def record_lookalike(self, found: Lookalike) -> None:
        """Keep an answer, in the place of an earlier one to the same question."""
        self.replace("lookalikes", "person, platform, handle", to_row(found))

    def lookalikes(self, person: str) -> list[Lookalike]:
        """All answers on a person's look-alikes, in the order in which they were first asked for."""
        return self.read(Lookalike, "SELECT * FROM lookalikes WHERE person = ? ORDER BY id", [person])

    def lookalike_requests_since(self, platform: str, since: datetime, until: datetime = FOREVER) -> int:
        """Requests that were sent to a platform for look-alikes from `since` to `until` (both included)."""
        sql = (
            "SELECT coalesce(sum(requests), 0) AS sent FROM lookalikes WHERE platform = ? AND asked_at BETWEEN ? AND ?"
        )
        return int(self.rows(sql, [platform, time_text(since), time_text(until)])[0]["sent"])


__all__ = ["ABSENT", "EXISTS", "WALL", "Lookalike", "Lookalikes"]
