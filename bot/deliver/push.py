"""Short messages to chats, push services and webhooks through Apprise, where the extra `apprise` is installed.

An extra and no dependency: with its plugins for more than a hundred services it is larger than most of what the watch
needs, and most watches never use it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from bot.deliver.contract import Kind, Message, Outcome, Receipt
from bot.digest.foreign import foreign
from bot.errors import ConfigError

INSTALL = "needs the extra apprise: pip install 'doppelwatch[apprise]'"


class PushChannel:
    """One Apprise address.

    Args:
        label: the user's name for it.
        address: reads the address, which holds tokens; called for each message.
    """

    def __init__(self, label: str, address: Callable[[], str]) -> None:
        self._label = label
        self._address = address

    @property
    def name(self) -> str:
        """`apprise` and the user's name for it."""
        return f"apprise {self._label}"

    def send(self, message: Message) -> Receipt:
        """Send the short form once. Services know no Message-ID: a kill between accept and commit shows it twice."""
        try:
            import apprise

            service = open_service(self._address())
        except ImportError:
            return Receipt(Outcome.LATER, INSTALL)
        except ConfigError as error:
            return Receipt(Outcome.LATER, str(error))
        kinds = {Kind.ALERT: apprise.NotifyType.WARNING, Kind.TROUBLE: apprise.NotifyType.FAILURE}
        said = _Said()
        # Apprise tells why it failed in its log alone; addresses in it are masked by Apprise itself
        log = logging.getLogger("apprise")
        before = log.propagate
        log.addHandler(said)
        log.propagate = False
        try:
            sent = service.notify(
                body=message.short,
                title=message.subject,
                notify_type=kinds.get(message.kind, apprise.NotifyType.INFO),
                body_format=apprise.NotifyFormat.TEXT,
            )
        finally:
            log.removeHandler(said)
            log.propagate = before
        if sent:
            return Receipt(Outcome.SENT)
        return Receipt(
            Outcome.LATER, f"the service behind {self.name} did not take it: {said.last or 'no reason given'}"
        )


def open_service(address: str) -> Any:
    """The service behind an address.

    Raises:
        ConfigError: it is none that Apprise knows; the message does not quote it.
        ImportError: the extra is not installed.
    """
    import apprise

    service = apprise.Apprise()
    if not service.add(address.strip()):
        raise ConfigError(
            "is no address that Apprise knows; see https://github.com/caronc/apprise/wiki for how to write it"
        )
    return service


class _Said(logging.Handler):
    """Keeps the last warning, safe to show."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = foreign(record.getMessage(), 200)


__all__ = ["INSTALL", "PushChannel", "open_service"]
