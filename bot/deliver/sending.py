"""Sending what waits in the outbox: recorded before and after each try, with longer and longer waits between."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.config import Config
from bot.deliver.channels import open_channels
from bot.deliver.compose import Composer
from bot.deliver.contract import Channel, Outcome, Receipt
from bot.digest.foreign import foreign
from bot.log import redacted
from bot.pipeline.portraits import portraits
from storage import Delivery, StorageError, Store

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
"""The waits double from the one to the other."""

GIVE_UP = timedelta(days=3)
"""A delivery that is older is given up; mail servers do so after four or five days (RFC 5321, section 4.5.4.1)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did: deliveries that were accepted, that are tried again, and that failed for good."""

    sent: int = 0
    delayed: int = 0
    failed: int = 0


def wait_after(attempts: int) -> timedelta:
    """The wait after this many tries, the one in hand included."""
    doublings = min(max(attempts, 1) - 1, 12)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def send_due(
    store: Store,
    config: Config,
    now: datetime,
    *,
    stopping: threading.Event | None = None,
    channels: Mapping[str, Channel] | None = None,
) -> Sent:
    """Try every delivery whose time has come, once.

    A try is recorded before it begins. Killed after the receiver accepted and before that is recorded, it is made
    again with the same Message-ID: at least once, and a receiver who knows the Message-ID sees one.
    """
    counts = dict.fromkeys(Outcome, 0)
    due = store.due_deliveries(now)
    if not due:
        return Sent()
    ways = open_channels(config, store, now) if channels is None else channels
    with portraits(config.in_force(now)) as photos:
        composer = Composer(store, config, now, photos)
        for delivery in due:
            if stopping is not None and stopping.is_set():
                break
            counts[_try(store, delivery, ways, composer, now)] += 1
    return Sent(counts[Outcome.SENT], counts[Outcome.LATER], counts[Outcome.REFUSED])


def _try(
    store: Store, delivery: Delivery, channels: Mapping[str, Channel], composer: Composer, now: datetime
) -> Outcome:
    """One try of one delivery."""
    store.begin_try(delivery.id, next_try_at=now + wait_after(delivery.attempts + 1))
    channel = channels.get(delivery.channel)
    if channel is None:
        receipt = Receipt(Outcome.REFUSED, "is no longer in the configuration")
    else:
        receipt = _send(channel, composer, delivery)
        # a library's own words may quote the address, which holds tokens
        receipt = replace(receipt, problem=redacted(receipt.problem))
    if receipt.outcome is Outcome.SENT:
        store.record_sent(delivery.id, now)
        log.info("%s: sent to %s", delivery.key, delivery.channel)
        return Outcome.SENT
    too_old = now + wait_after(delivery.attempts + 1) > delivery.queued_at + GIVE_UP
    if receipt.outcome is Outcome.REFUSED or too_old:
        store.record_failure(delivery.id, receipt.problem, now)
        log.error("%s: given up: %s", delivery.key, receipt.problem)
        return Outcome.REFUSED
    store.record_delay(delivery.id, receipt.problem)
    log.warning("%s: not sent yet: %s", delivery.key, receipt.problem)
    return Outcome.LATER


def _send(channel: Channel, composer: Composer, delivery: Delivery) -> Receipt:
    try:
        return channel.send(composer.compose(delivery))
    except StorageError:
        raise
    except Exception as error:
        # a fault of ours in one message must not keep the others in
        log.exception("%s could not be made or sent", delivery.key)
        return Receipt(Outcome.LATER, f"the message could not be made ({type(error).__name__}: {foreign(str(error))})")


__all__ = ["GIVE_UP", "Sent", "send_due", "wait_after"]
