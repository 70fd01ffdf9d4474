"""The way out: what is told is queued as rows, made into messages, and sent until it is accepted or given up.

`deliver` is the whole round; the other names are its parts, for commands and tests.
"""

from __future__ import annotations

import threading
from datetime import datetime

from bot.config import Config
from bot.deliver.channels import channel_names, open_channels
from bot.deliver.digest import digest_html
from bot.deliver.immediate import queue_alerts
from bot.deliver.queueing import hand_out
from bot.deliver.sending import Sent, send_due
from bot.deliver.watchdog import queue_troubles
from storage import Store


def deliver(store: Store, config: Config, now: datetime, *, stopping: threading.Event | None = None) -> Sent:
    """Queue new alerts and troubles, then send everything that is due.

    The caller holds the store's lock, so that no two processes send the same. Without any channel nothing happens.
    """
    if not channel_names(config):
        return Sent()
    queue_alerts(store, config, now)
    queue_troubles(store, config, now)
    return send_due(store, config, now, stopping=stopping)


__all__ = [
    "Sent",
    "channel_names",
    "deliver",
    "digest_html",
    "hand_out",
    "open_channels",
    "queue_alerts",
    "queue_troubles",
    "send_due",
]
