"""A clock that went back: what was planned by its wrong time must not wait until that time comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.rows import parse_time, time_text
from storage.session import Session

AHEAD = timedelta(hours=1)
"""A time that lies further ahead of now was written by another clock; what is less mends itself within that time."""

SOON = timedelta(hours=1)
"""What was planned by the wrong clock comes at the latest after this time, the shortest pause of a platform."""

_PLANS = (
    ("accounts", ("next_check_at",), ("outcome_since", "last_ok_at", "measured_at", "profile_at")),
    ("posts", ("next_try_at",), ()),
    ("platforms", ("held_until",), ("since", "ok_at", "control_at")),
    ("deliveries", ("next_try_at",), ("queued_at",)),
    ("stamping", ("next_try_at",), ("since",)),
)
"""Tables with the columns that plan something, and with those that tell how long ago something was."""


class Timekeeping(Session):
    """Finding that the clock went back, and undoing what that would hold up. What happened keeps its wrong time."""

    def went_back(self, now: datetime) -> timedelta | None:
        """How far the clock lies behind that of the latest poll, None where that is at most :data:`AHEAD`."""
        latest = self.rows("SELECT at FROM polls ORDER BY id DESC LIMIT 1")
        behind = parse_time(latest[0]["at"]) - now if latest else timedelta(0)
        return behind if behind > AHEAD else None

    def right_since(self, now: datetime) -> datetime | None:
        """When the first poll after the clock went back was made.

        None where it never did, or nothing was polled since.
        """
        value = self.rows(
            "SELECT min(at) AS at FROM polls WHERE id > (SELECT max(id) FROM polls WHERE at > ?)",
            [time_text(now + AHEAD)],
        )[0]["at"]
        return None if value is None else parse_time(value)

    def bring_back(self, now: datetime) -> timedelta | None:
        """Let nothing wait longer than :data:`SOON` that was planned before the clock went back.

        Returns:
            How far it went back, where anything had to be changed; repeated before the next poll it changes nothing.
        """
        with self.transaction():
            behind = self.went_back(now)
            if behind is None:
                return None
            changed = 0
            for table, plans, pasts in _PLANS:
                bounds = {**dict.fromkeys(plans, "soon"), **dict.fromkeys(pasts, "now")}
                changes = ", ".join(f"{column} = min({column}, :{bound})" for column, bound in bounds.items())
                beyond = " OR ".join(f"{column} > :{bound}" for column, bound in bounds.items())
                changed += self.write(
                    f"UPDATE {table} SET {changes} WHERE {beyond}",  # noqa: S608 - names are ours
                    {"now": time_text(now), "soon": time_text(now + SOON)},
                )
        return behind if changed else None


__all__ = ["AHEAD", "SOON", "Timekeeping"]
