"""What a poll says happened to an account: changes of its profile, a handle that changed hands, gone, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.sources.contract import Listing, Outcome
from storage import Account, AccountEvent, Profile, Store

SIGHTINGS = 3
"""An account is called gone when so many polls in a row found it gone: platforms answer so by mistake, too."""

APART = timedelta(hours=3)
"""And when the first and the last of them lie so far apart."""

FIELDS = ("handle", "display_name", "bio", "verified", "avatar_url")


def changes(account: Account, before: Profile | None, after: Profile | None, at: datetime) -> Iterator[AccountEvent]:
    """What of a profile is another than before. A field that was never shown before did not change."""
    if before is None or after is None:
        return
    for name in FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old is None or new is None or _told(name, old) == _told(name, new):
            continue
        yield AccountEvent(account.id, at, name.removesuffix("_url"), str(old), str(new))


def fate(account: Account, listing: Listing, store: Store, at: datetime) -> Iterator[AccountEvent]:
    """Whether the account's handle changed hands, and whether it is now to be called gone, or back.

    To be asked after the poll was recorded.
    """
    events = store.account_events(account.id)
    if listing.successor is not None:
        told = [event.after for event in events if event.kind == "handle_taken"]
        if listing.successor not in told:
            yield AccountEvent(account.id, at, "handle_taken", account.stable_id, listing.successor)
    gone = next((event.kind for event in reversed(events) if event.kind in ("gone", "back")), None) == "gone"
    if listing.outcome is Outcome.GONE and not gone and is_confirmed(account, store):
        yield AccountEvent(account.id, at, "gone", account.handle, listing.detail)
    if gone and listing.outcome.succeeded:
        yield AccountEvent(account.id, at, "back", None, account.handle)


def is_confirmed(account: Account, store: Store) -> bool:
    """Whether the latest polls ended alike, often enough and long enough, to be believed."""
    alike = store.outcomes_in_a_row(account.id, 50)
    return len(alike) >= SIGHTINGS and alike[0][1] - alike[-1][1] >= APART


def same_address(one: str, other: str) -> bool:
    """Whether two addresses of a profile's picture name the same one."""
    return _told("avatar_url", one) == _told("avatar_url", other)


def _told(name: str, value: object) -> object:
    """What of a value counts: of an avatar's address the path, because platforms sign it anew at each request."""
    if name != "avatar_url":
        return value
    try:
        return urlsplit(str(value)).path or value
    except ValueError:
        return value


__all__ = ["APART", "SIGHTINGS", "changes", "fate", "is_confirmed", "same_address"]
