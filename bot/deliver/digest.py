"""A day's digest as a mail: the most pressing accounts in full, the others in a line each, within a size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.deliver import html
from bot.deliver.cards import Card, card, line, lines
from bot.deliver.contract import Inline
from bot.deliver.pictures import Shown, illustrate
from bot.digest import formats, headline
from bot.digest.formats import Clock
from bot.digest.model import Page, Row
from bot.digest.notices import Notice

MOST_FULL = 12
"""Accounts in full: what a breakfast has room for."""

MOST_LINES = 60
"""Posts and accounts in a line each, of those that need somebody; half as many of the lesser ones."""


@dataclass(frozen=True, slots=True)
class Body:
    """The HTML with its pictures, and what was left out of it in words, empty where nothing was."""

    html: str
    pictures: tuple[Inline, ...]
    left_out: str


def digest_html(page: Page, *, address: str | None = None, pictures: int | None = None) -> Body:
    """A page as HTML of less than :data:`bot.deliver.html.LIMIT` bytes.

    Args:
        page: the day.
        address: where a web server shows the folder of the digests, with a slash at its end.
        pictures: how many pictures at most, of the most pressing accounts; None is no limit.
    """
    clock = Clock(page.zone, page.day)
    cards = [card(account, clock) for account in page.alerts]
    shown = illustrate(cards[:MOST_FULL], pictures)
    full, most = min(len(cards), MOST_FULL), MOST_LINES
    while True:
        body = _rendered(page, clock, cards=cards, shown=shown, full=full, most=most, address=address)
        if len(body.html.encode()) <= html.LIMIT or (full == 0 and most == 0):
            return body
        # a card is worth more than a dozen lines; lines go only when two cards are left
        if full > 2 or most == 0:
            full -= 1
        else:
            most //= 2


def _rendered(
    page: Page,
    clock: Clock,
    *,
    cards: Sequence[Card],
    shown: Sequence[Shown],
    full: int,
    most: int,
    address: str | None,
) -> Body:
    pressing = lines(page, page.alerts[full:])
    minor = [line(Row(account, account.lead)) for account in page.minor]
    lists = [("Also needs you", pressing[:most]), ("Lower priority", minor[: most // 2])]
    drawn = {one.post_id: one for one in shown if one.post_id in {card.post_id for card in cards[:full]}}
    left_out = _left_out(
        in_a_line=len(page.alerts[full:]),
        posts=len(pressing[most:]) + len(minor[most // 2 :]) + page.more_left_out,
        pictures=sum(bool(card.pictures) for card in cards) - len(drawn),
    )
    text = html.render(
        "mail-digest.html",
        {
            "subject": headline.headline(page),
            "day": formats.long_day(page.day),
            "headline_text": headline.headline(page),
            "basis": headline.basis(page),
            "span": _span(page, clock),
            "blind": _blind(page),
            "page_address": f"{address}{page.day.isoformat()}.html" if address else None,
            "page_file": f"{page.day.isoformat()}.html",
            "notices": page.notices,
            "full": cards[:full],
            "shown": drawn,
            "lists": [(title, rows) for title, rows in lists if rows],
            "unseen": _unseen(page, clock),
            "left_out": left_out,
            "watched": _watched(page),
        },
    )
    return Body(text, tuple(Inline(one.name, one.jpeg) for one in drawn.values()), left_out)


def _left_out(*, in_a_line: int, posts: int, pictures: int) -> str:
    parts = []
    if in_a_line:
        parts.append(f"{formats.plural(in_a_line, 'account')} {'is' if in_a_line == 1 else 'are'} told in a line")
    if posts:
        parts.append(f"{formats.plural(posts, 'post')} {'is' if posts == 1 else 'are'} left out")
    if pictures > 0:
        parts.append(f"{formats.plural(pictures, 'picture strip')} {'is' if pictures == 1 else 'are'} left out")
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


def _span(page: Page, clock: Clock) -> str:
    to = clock.when(page.covers_to)
    start = f"From {clock.when(page.covers_from)} to" if page.covers_from else "The first digest: everything until"
    return f"{start} {to}, time zone {clock.zone_name(page.covers_to)}."


def _blind(page: Page) -> str:
    unseen = page.health.unseen
    named = ", ".join(f"@{account.handle} ({account.word.lower()})" for account in unseen[:6])
    return named + (f" and {formats.plural(len(unseen) - 6, 'other')}" if len(unseen) > 6 else "")


def _unseen(page: Page, clock: Clock) -> list[Notice]:
    """The accounts that could not be seen, with why and what to do; the page has those beyond six."""
    return [
        Notice(
            f"@{account.handle}: {account.word.lower()}",
            f"{account.meaning}{f' In detail: {account.detail}.' if account.detail else ''}",
            account.remedy,
            f"Since {clock.when(account.since)}." if account.since else "",
        )
        for account in page.health.unseen[:6]
    ]


def _watched(page: Page) -> str:
    fine = len(page.health.fine)
    quiet = len(page.quiet) + page.rows_left_out
    return (
        f"{formats.plural(fine, 'account')} watched as {'it' if fine == 1 else 'they'} should be; "
        f"{formats.plural(quiet, 'post')} without an alert. The text part of this mail names all of them."
    )


__all__ = ["MOST_FULL", "Body", "digest_html"]
