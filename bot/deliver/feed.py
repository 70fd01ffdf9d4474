"""An Atom feed of the alerts (RFC 4287): one file, made anew from the store, for a web server or a local reader."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import __version__
from bot.deliver.contract import Message, Outcome, Receipt
from bot.deliver.html import render_feed
from bot.deliver.posts import post_card
from bot.digest import files, wording
from bot.digest.foreign import foreign
from bot.digest.formats import Clock
from bot.digest.notices import notice
from bot.errors import BotError
from storage import StorageError, Store

MOST = 100
"""Entries of a feed; readers keep the older ones."""

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://doppelwatch.invalid/feed")
_MOST_TROUBLES = 20


def atom(store: Store, zone: ZoneInfo, now: datetime) -> str:
    """The latest alerts and troubles as an Atom document; ids follow from addresses, so that they stay the same."""
    clock = Clock(zone, now.astimezone(zone).date())
    entries = []
    for alert in store.latest_alerts([str(one) for one in wording.ALERTS], MOST):
        card = post_card(store, alert.post_id, clock, pictures=False)
        verdict = store.verdict(alert.post_id)
        if card is None or verdict is None:
            continue
        quoted = f"“{card.caption}” " if card.caption else ""
        entries.append(
            {
                "id": _urn(f"post {store.post(alert.post_id).url}"),
                "title": f"{card.priority}: @{card.handle}: {card.label}",
                "published": _stamp(alert.since),
                "updated": _stamp(max(alert.since, verdict.judged_at or alert.since)),
                "link": card.post.href,
                "category": card.tone,
                "summary": f"{quoted}{'; '.join(card.facts)}. {foreign(verdict.summary, 600)}",
            }
        )
    for trouble in store.troubles()[-_MOST_TROUBLES:]:
        told = notice(trouble, clock)
        entries.append(
            {
                "id": _urn(f"trouble {trouble.kind} {trouble.subject} {trouble.since.isoformat()}"),
                "title": told.title,
                "published": _stamp(trouble.since),
                "updated": _stamp(trouble.over_at or trouble.since),
                "link": None,
                "category": "trouble",
                "summary": f"{told.detail} {told.remedy}".strip(),
            }
        )
    entries.sort(key=lambda entry: str(entry["published"]), reverse=True)
    updated = max((str(entry["updated"]) for entry in entries), default=_stamp(datetime(2026, 1, 1, tzinfo=UTC)))
    feed = {"id": _urn("feed"), "updated": updated, "entries": entries[:MOST]}
    return render_feed({"feed": feed, "version": __version__})


def _urn(text: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, text)}"


def _stamp(time: datetime) -> str:
    """A time of RFC 3339, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class FeedChannel:
    """Keeps the feed's file as the store is now; which message is told does not matter.

    Args:
        path: the file; its folder is made if it is not there.
        make: the feed's text.
    """

    def __init__(self, path: Path, make: Callable[[], str]) -> None:
        self._path = path
        self._make = make

    @property
    def name(self) -> str:
        """`feed`; there is one."""
        return "feed"

    def send(self, message: Message) -> Receipt:
        """Write the file, whole or not at all."""
        remedy = "choose another deliver.feed in the configuration"
        try:
            files.prepare(self._path.parent, what="the feed", remedy=remedy)
            files.write(self._path, self._make(), what="the feed", remedy=remedy)
        except (BotError, StorageError) as error:
            return Receipt(Outcome.LATER, str(error))
        return Receipt(Outcome.SENT)


__all__ = ["FeedChannel", "atom"]
