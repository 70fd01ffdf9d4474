"""From a row of the outbox to a message: what is told is looked up in the store when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.deliver import html
from bot.deliver.cards import Card
from bot.deliver.contract import Inline, Kind, Message
from bot.deliver.digest import MOST_FULL, digest_html
from bot.deliver.envelope import as_email
from bot.deliver.pictures import illustrate
from bot.deliver.posts import post_card
from bot.deliver.short import alert_short, digest_short, trouble_short
from bot.digest import formats, headline
from bot.digest.build import Portraits, build_page, nobody
from bot.digest.formats import Clock
from bot.digest.notices import Notice, notice
from bot.digest.text import render_text
from storage import Delivery, DigestRecord, Store

Make = Callable[[int | None], Message]
"""Makes a message with so many pictures at most; None is no limit."""

LASTS = "A quiet day proves nothing while this lasts. It is told once; the digests say when it is over."
"""What a message about trouble begins with."""

_NOBODY = "size@doppelwatch.invalid"


class Composer:
    """Makes messages of one configuration; what several receivers get is made once.

    Args:
        store: is only read.
        config: zone, size and address.
        now: the state of the accounts is told as of now.
        portraits: the photos that are shown beside the faces of alerts.
    """

    def __init__(self, store: Store, config: Config, now: datetime, portraits: Portraits = nobody) -> None:
        self._store = store
        self._config = config
        self._now = now
        self._portraits = portraits
        self._zone = ZoneInfo(config.digest.timezone)
        self._made: dict[tuple[object, ...], Message] = {}

    def compose(self, delivery: Delivery) -> Message:
        """The message of a delivery."""
        key = (delivery.kind, delivery.digest_id, delivery.items)
        if key not in self._made:
            self._made[key] = self._make(delivery)
        return replace(self._made[key], message_id=delivery.message_id, at=delivery.queued_at)

    def _make(self, delivery: Delivery) -> Message:
        match Kind(delivery.kind):
            case Kind.DIGEST:
                assert delivery.digest_id is not None, "a digest's delivery names it"
                return self.digest(self._store.digest(delivery.digest_id))
            case Kind.ALERT:
                return self.alert(delivery.items)
            case Kind.TROUBLE:
                return self.trouble(delivery.items)
            case Kind.TEST:
                return proof_message(self._now)

    def digest(self, record: DigestRecord) -> Message:
        """A day's digest."""
        store, address = self._store, self._config.deliver.address
        page = build_page(store, record, zone=self._zone, now=self._now, previous=None, portraits=self._portraits)
        subject = f"{formats.short_day(page.day)}: {headline.headline(page).rstrip('.')}"
        text = render_text(page)
        short = digest_short(page, address)

        def make(most: int | None) -> Message:
            body = digest_html(page, address=address, pictures=most)
            return self._message(Kind.DIGEST, subject, short=short, text=text, page=body.html, pictures=body.pictures)

        return within(make, self._config.mail.size)

    def alert(self, items: Sequence[int]) -> Message:
        """Posts that do not wait for the digest, by their numbers."""
        clock = self._clock()
        found = [post_card(self._store, item, clock, portraits=self._portraits) for item in items]
        cards = [card for card in found if card is not None]
        first = cards[0] if cards else None
        others = f" and {formats.plural(len(cards) - 1, 'other')}" if len(cards) > 1 else ""
        subject = f"{first.priority}: @{first.handle}{others}" if first else "An alert that was withdrawn"
        title = f"{formats.plural(len(cards), 'post')} to look at now" if cards else "The alert was withdrawn meanwhile"

        def make(most: int | None) -> Message:
            shown = illustrate(cards[:MOST_FULL], most)
            few = [f"{formats.plural(len(cards) - MOST_FULL, 'post')} are left out"] if len(cards) > MOST_FULL else []
            missing = sum(bool(card.pictures) for card in cards[:MOST_FULL]) - len(shown)
            few += [f"{formats.plural(missing, 'picture strip')} left out"] if missing > 0 else []
            page = html.render(
                "mail-alert.html",
                {
                    "subject": subject,
                    "day": formats.long_day(clock.day),
                    "headline_text": title,
                    "full": cards[:MOST_FULL],
                    "shown": {one.post_id: one for one in shown},
                    "left_out": " and ".join(few),
                },
            )
            pictures = tuple(Inline(one.name, one.jpeg) for one in shown)
            return self._message(
                Kind.ALERT,
                subject,
                short=alert_short(cards) or title,
                text=_alert_text(title, cards),
                page=page,
                pictures=pictures,
            )

        return within(make, self._config.mail.size)

    def trouble(self, items: Sequence[int]) -> Message:
        """What keeps the watch from seeing, by the numbers of the troubles."""
        clock = self._clock()
        told = [notice(one, clock) for one in self._store.troubles() if one.id in items]
        title = told[0].title if len(told) == 1 else f"{formats.plural(len(told), 'thing')} keep the watch from seeing"
        page = html.render(
            "mail-trouble.html",
            {
                "subject": title,
                "day": formats.long_day(clock.day),
                "headline_text": title,
                "lead": LASTS,
                "notices": told,
            },
        )
        return self._message(
            Kind.TROUBLE, title, short=trouble_short(told), text=f"{LASTS}\n\n{_remarks(told)}", page=page
        )

    def _clock(self) -> Clock:
        return Clock(self._zone, self._now.astimezone(self._zone).date())

    def _message(
        self, kind: Kind, subject: str, *, short: str, text: str, page: str, pictures: tuple[Inline, ...] = ()
    ) -> Message:
        # who receives it and when is put in with each delivery
        return Message(kind, "<>", self._now, subject, short, text, page, pictures)


def within(make: Make, size: int) -> Message:
    """The message with as many pictures as fit into a mail of this many bytes; a text that is too long is cut."""
    message = make(None)
    while (excess := _weight(message) - size) > 0 and message.pictures:
        kept, freed = len(message.pictures), 0
        while kept and freed < excess:
            kept -= 1
            freed += len(message.pictures[kept].jpeg) * 4 // 3
        message = make(kept)
    if excess > 0:
        # three bytes of mail for a byte of text at worst
        room = max(0, len(message.text) - excess - 500)
        cut = "\n\nThe rest was left out to keep this mail small; the digest's page has all of it.\n"
        message = replace(message, text=message.text[:room].rsplit("\n", 1)[0] + cut)
    return message


def _weight(message: Message) -> int:
    probe = replace(message, message_id="<size@doppelwatch.invalid>")
    return len(as_email(probe, sender=_NOBODY, to=_NOBODY).as_bytes())


def _remarks(remarks: Sequence[Notice]) -> str:
    """Remarks as text, with an empty line after each."""
    return "".join(
        "\n".join(part for part in (f"! {one.title}", one.detail, one.remedy, one.when) if part) + "\n\n"
        for one in remarks
    )


def _alert_text(title: str, cards: Sequence[Card]) -> str:
    parts = [f"{title}\n"]
    for card in cards:
        lines = [f"[{card.priority.upper()}] {card.label}", f"@{card.handle}, {card.who}"]
        lines += [f'"{card.caption}"'] if card.caption else []
        lines += [", ".join(card.facts), card.post.text]
        lines += [f"{asked} {support}" for asked, support in card.answers]
        lines += [f"It declares: {one}" for one in card.declared]
        lines += [f"+ {one}" for one in card.why] + [f"- {one}" for one in card.against]
        lines += [f"Next: {card.step}", f"doppelwatch explain {card.post_id}"]
        parts.append("\n".join(lines) + "\n")
    parts.append("Every judgement here is a graded support for a proposition, made by a program; a person decides.\n")
    return "\n".join(parts)


def proof_message(now: datetime) -> Message:
    """A message that proves a channel; it never stands in the outbox."""
    title = "This way out works"
    text = "This is the test that you asked for with `doppelwatch deliver --test`. Digests and alerts come this way.\n"
    page = html.render(
        "mail-trouble.html",
        {
            "subject": title,
            "day": formats.long_day(now.date()),
            "headline_text": title,
            "lead": text,
            "notices": [],
        },
    )
    return Message(Kind.TEST, "<>", now, f"Test: {title.lower()}", text, text, page)


__all__ = ["Composer", "proof_message", "within"]
