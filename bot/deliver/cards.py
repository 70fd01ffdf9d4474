"""What a mail says of one account or post: short enough for a phone, with the reasons for and against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest import formats, wording
from bot.digest.foreign import Link
from bot.digest.formats import Clock
from bot.digest.model import AccountView, Measure, Page, Picture, PostView, Row

_TONES = ("urgent", "high", "normal", "low", "none")

MOST_MORE = 3
"""Further posts of an account that are named with their address."""


@dataclass(frozen=True, slots=True)
class Card:
    """One account with its strongest post; texts are safe to show and not escaped.

    `tone` is a priority of ours, for the colour; `pictures` are the frames of the strip, `portrait` the photo of the
    protected person that stands before them, `more` the next posts.
    """

    tone: str
    priority: str
    label: str
    handle: str
    who: str
    profile: Link
    post: Link
    post_id: int
    caption: str
    facts: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    against: tuple[str, ...]
    declared: tuple[str, ...]
    step: str
    sha256: str | None
    pictures: tuple[Picture, ...] = ()
    portrait: Picture | None = None
    more: tuple[tuple[str, Link], ...] = ()
    others: int = 0


def tone_of(priority: str) -> str:
    """The priority for the colour; one that is not known looks urgent, so that nobody misses it."""
    return priority if priority in _TONES else "urgent"


def card(account: AccountView, clock: Clock) -> Card:
    """An account of a page."""
    lead = account.lead
    names = [wording.platform_name(account.platform)]
    if account.display_name:
        names.insert(0, f"“{account.display_name}”")
    if account.followers is not None:
        names.append(measured(account.followers, "follower"))
    return Card(
        tone=tone_of(lead.priority),
        priority=wording.priority_name(lead.priority),
        label=lead.label_text,
        handle=account.handle,
        who=" · ".join(names),
        profile=account.link,
        post=lead.link,
        post_id=lead.post_id,
        caption=lead.caption,
        facts=_facts(lead, clock),
        answers=tuple((answer.asked, answer.support) for answer in lead.answers if answer.question != "spread"),
        why=lead.reasons.towards,
        against=lead.reasons.against,
        declared=tuple(f"“{quote.text}” in the {quote.place}" for quote in lead.declarations[:2]),
        step=wording.next_step(lead.label, lead.priority, account.platform, account.person),
        sha256=lead.sha256,
        pictures=tuple(picture for picture in lead.pictures if picture.at_s is not None) or lead.pictures,
        portrait=account.portrait,
        more=tuple((post.caption or "Post without words", post.link) for post in account.posts[1 : 1 + MOST_MORE]),
        others=len(account.posts[1 + MOST_MORE :]) + account.posts_elsewhere,
    )


def _facts(post: PostView, clock: Clock) -> tuple[str, ...]:
    posted = post.published_at
    facts = [f"posted {clock.when(posted)}" if posted else f"first seen {clock.when(post.first_seen_at)}"]
    if post.duration_s is not None:
        facts.append(f"{formats.clip_time(post.duration_s)} long")
    facts.append(measured(post.views, "view") if post.views else "views not shown")
    return tuple(facts)


def measured(measure: Measure, noun: str) -> str:
    """A count and its growth: "11.5 M views (+320 K in 20 h)"."""
    count = f"{formats.short_count(measure.value)} {noun if measure.value == 1 else noun + 's'}"
    if measure.change is None:
        return count
    return f"{count} ({formats.signed_count(measure.change)} in {formats.span(measure.over)})"


@dataclass(frozen=True, slots=True)
class Line:
    """One post in one line of a list."""

    tone: str
    priority: str
    label: str
    handle: str
    caption: str
    post: Link
    views: str


def line(row: Row) -> Line:
    """A row of a page."""
    post = row.post
    return Line(
        tone=tone_of(post.priority),
        priority=wording.priority_name(post.priority),
        label=post.label_text,
        handle=row.account.handle,
        caption=post.caption,
        post=post.link,
        views=measured(post.views, "view") if post.views else "",
    )


def lines(page: Page, accounts: Sequence[AccountView]) -> list[Line]:
    """Accounts that get no card of their own, by their strongest post, then the page's own further posts."""
    return [line(Row(account, account.lead)) for account in accounts] + [line(row) for row in page.more]


__all__ = ["Card", "Line", "card", "line", "lines", "measured"]
