"""Whether a channel would work, found without sending anything: what `doppelwatch check` asks."""

from __future__ import annotations

from dataclasses import replace

from bot.config import Config
from bot.deliver.channels import mail_server
from bot.deliver.contract import Outcome, Receipt
from bot.deliver.push import INSTALL, open_service
from bot.deliver.smtp import greet
from bot.errors import ConfigError

TIMEOUT_S = 15.0
"""A server that greets later than this works, but nobody waits for a check so long."""


def prove_mail(config: Config) -> Receipt:
    """Whether the server answers, is protected as it should be, has a valid certificate and takes the login.

    The configuration names one.
    """
    server = mail_server(config, timeout_s=TIMEOUT_S)
    assert server is not None, "the caller asks for a configured server"
    if server.password is not None:
        try:
            secret = server.password()
        except ConfigError as error:
            return Receipt(Outcome.REFUSED, str(error))
        server = replace(server, password=lambda: secret)
    return greet(server)


def prove_push(config: Config, label: str) -> Receipt:
    """Whether the address can be read and is one that Apprise knows; nobody is asked."""
    try:
        open_service(config.secret("apprise", label))
    except ImportError:
        return Receipt(Outcome.REFUSED, INSTALL)
    except ConfigError as error:
        return Receipt(Outcome.REFUSED, str(error))
    return Receipt(Outcome.SENT, "is an address that Apprise knows; `doppelwatch deliver --test` proves it")


__all__ = ["prove_mail", "prove_push"]
