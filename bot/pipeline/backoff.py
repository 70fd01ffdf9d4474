"""How long to wait where a platform asks for it."""

from __future__ import annotations

from datetime import timedelta

LONGEST_WAIT = timedelta(days=7)
"""A platform that asks for a longer pause is asked again all the same: the header may be a mistake or a trick."""


def asked_wait(retry_after_s: float | None) -> timedelta:
    """The pause that a platform asked for, none where it asked for none, and never longer than :data:`LONGEST_WAIT`."""
    if retry_after_s is None or not retry_after_s > 0:
        return timedelta()
    return timedelta(seconds=min(retry_after_s, LONGEST_WAIT.total_seconds()))


__all__ = ["LONGEST_WAIT", "asked_wait"]
