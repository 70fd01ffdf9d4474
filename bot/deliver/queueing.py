"""What goes into the outbox: a row for each receiver, with the Message-ID that all its tries will have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.deliver.channels import channel_names
from bot.deliver.contract import Kind
from bot.deliver.envelope import domain_of, new_message_id
from bot.pipeline.calendar import instant
from storage import DigestRecord, NewDelivery, Store


def deliveries_of(
    config: Config, kind: Kind, key: str, *, digest_id: int | None = None, items: Sequence[int] = ()
) -> list[NewDelivery]:
    """One delivery for each channel; `key` tells what is told, whoever receives it."""
    domain = domain_of(config.mail.sender)
    return [
        NewDelivery(f"{key} {name}", str(kind), name, new_message_id(kind, domain), digest_id, tuple(items))
        for name in channel_names(config)
    ]


def hand_out(store: Store, config: Config, now: datetime, *, early: bool = False) -> int:
    """Queue every digest that is complete, whose page is written, and that was not handed out; returns how many.

    Complete is a digest that reaches to its day's digest time; with `early` every one is. Digests of before the first
    channel was configured stay where they are: only the latest is handed out then.
    """
    if not channel_names(config):
        return 0
    at, zone = config.digest.time, ZoneInfo(config.digest.timezone)
    digests = store.digests()
    latest = max((one.day for one in digests if one.handed_out_at is not None), default=None)
    waiting = [
        one
        for one in digests
        if one.handed_out_at is None
        and one.rendered_at is not None
        and (early or one.covers_to >= instant(date.fromisoformat(one.day), at, zone))
    ]
    chosen = waiting[:1] if latest is None else [one for one in waiting if one.day > latest]
    return sum(_hand_out(store, config, digest, now) for digest in sorted(chosen, key=lambda one: one.day))


def _hand_out(store: Store, config: Config, digest: DigestRecord, now: datetime) -> bool:
    new = deliveries_of(config, Kind.DIGEST, f"digest {digest.day}", digest_id=digest.id)
    return store.hand_out(digest.id, new, now)


__all__ = ["deliveries_of", "hand_out"]
