"""When reach is measured again: at growing gaps after a post was first seen, along with a look that is due anyway.

A list shows views and likes of all that stands on it, so one look that does not stop at known posts measures every
recent post of an account at once, and costs no request more than a look that stops where the list has one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.pipeline.seal import KEPT
from storage import Account, Store

RECENT = timedelta(days=14)
"""Posts that are younger than this may still spread: they are measured again, and judged again where that changed."""

LONGEST = timedelta(days=365)
"""A post with an alert is measured again for so long; others until the last of the configured gaps."""


def is_due(account: Account, gaps: Sequence[timedelta], store: Store, now: datetime) -> bool:
    """Whether a moment has passed at which a post of the account was to be measured again.

    Args:
        account: as it is kept; one that was never looked at in full is due.
        gaps: `polling.remeasure`.
        store: knows when posts were first seen, and which have an alert.
        now: the time.
    """
    before = account.measured_at
    return before is None or any(before < moment <= now for moment in _moments(account, gaps, store))


def next_moment(
    account: Account, gaps: Sequence[timedelta], store: Store, now: datetime, *, pace: timedelta, fastest: timedelta
) -> datetime | None:
    """The next moment that the account's pace would come to late: its gap is shorter than the pace, and no shorter
    than the configured interval. None where the pace will do.

    A gap of a day bears that a look in the pace of hours comes along; a gap of an hour does not. Nobody is looked at
    more often than the configuration says.
    """
    short = [gap for gap in gaps if fastest <= gap < pace]
    return min((moment for moment in _moments(account, short, store) if moment > now), default=None)


def _moments(account: Account, gaps: Sequence[timedelta], store: Store) -> Iterator[datetime]:
    alerts = {str(priority) for priority in KEPT}
    for seen, alerted in store.first_sightings(account.id, fresh=RECENT, alerts=alerts):
        yield from (seen + gap for gap in gaps)
        if alerted and gaps:
            gap = gaps[-1]
            while (gap := 2 * gap) <= LONGEST:
                yield seen + gap


__all__ = ["LONGEST", "RECENT", "is_due", "next_moment"]
