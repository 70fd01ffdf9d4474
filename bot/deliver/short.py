"""Short forms for chats and push services: a few lines that say what, who and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.deliver.cards import Card, card
from bot.digest import formats, headline
from bot.digest.formats import Clock
from bot.digest.model import Page
from bot.digest.notices import Notice

LIMIT = 1500
"""Characters at most: several services cut a message at 2,000."""

MOST = 5
"""Accounts or remarks that are named."""


def digest_short(page: Page, address: str | None) -> str:
    """A digest in a few lines."""
    clock = Clock(page.zone, page.day)
    lines = [headline.headline(page), headline.basis(page)]
    lines += _named(card(account, clock) for account in page.alerts[:MOST])
    if (others := sum(page.pressing.values()) - len(page.alerts[:MOST])) > 0:
        lines.append(f"and {formats.plural(others, 'other account')}")
    lines += [f"! {notice.title}" for notice in page.notices[:MOST] if not notice.over]
    if address:
        lines.append(f"{address}{page.day.isoformat()}.html")
    return within(lines)


def alert_short(cards: Sequence[Card]) -> str:
    """Alerts in a line or two each."""
    others = [f"and {formats.plural(len(cards) - MOST, 'other post')}"] if len(cards) > MOST else []
    return within([*_named(cards[:MOST]), *others])


def trouble_short(notices: Sequence[Notice]) -> str:
    """Remarks in two lines each."""
    return within([line for notice in notices[:MOST] for line in (f"{notice.title}: {notice.detail}", notice.remedy)])


def _named(cards: Iterable[Card]) -> list[str]:
    return [f"[{one.priority}] @{one.handle}: {one.label} ({one.facts[-1]}) {one.post.text}".rstrip() for one in cards]


def within(lines: Iterable[str]) -> str:
    """The first lines that fit; what is left out is said."""
    kept: list[str] = []
    length = 0
    for line in filter(None, lines):
        if length + len(line) + 1 > LIMIT - 4:
            kept.append("...")
            break
        kept.append(line)
        length += len(line) + 1
    return "\n".join(kept)


__all__ = ["LIMIT", "alert_short", "digest_short", "trouble_short", "within"]
