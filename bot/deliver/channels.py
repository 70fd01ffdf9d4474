"""The ways out that a configuration names."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.deliver.contract import Channel
from bot.deliver.feed import FeedChannel, atom
from bot.deliver.folder import FolderChannel
from bot.deliver.push import PushChannel
from bot.deliver.smtp import TIMEOUT_S, MailChannel, Server
from storage import Store


def mail_server(config: Config, *, timeout_s: float = TIMEOUT_S) -> Server | None:
    """The configured server, None where mail is not configured."""
    mail = config.mail
    if mail.server is None:
        return None
    return Server(
        host=mail.server,
        port=mail.port_used,
        security=mail.security,
        user=mail.user,
        password=partial(config.secret, "mail_password") if mail.user is not None else None,
        authority=mail.authority,
        timeout_s=timeout_s,
    )


def channel_names(config: Config) -> list[str]:
    """The names of all channels, as the outbox keeps them, in the order in which they are tried."""
    names = [f"mail {to}" for to in config.mail.to] if config.mail.server is not None else []
    names += [f"apprise {label}" for label in config.secrets.apprise]
    names += ["feed"] if config.deliver.feed is not None else []
    names += ["folder"] if config.deliver.folder is not None else []
    return names


def open_channels(
    config: Config, store: Store | None, now: datetime, *, timeout_s: float = TIMEOUT_S
) -> dict[str, Channel]:
    """The channels by name. Without a store there is no feed, which is made of nothing else."""
    found: list[Channel] = []
    server = mail_server(config, timeout_s=timeout_s)
    if server is not None and config.mail.sender is not None:
        found += [MailChannel(server, sender=config.mail.sender, to=to) for to in config.mail.to]
    found += [PushChannel(label, partial(config.secret, "apprise", label)) for label in config.secrets.apprise]
    if config.deliver.feed is not None and store is not None:
        zone = ZoneInfo(config.digest.timezone)
        found.append(FeedChannel(config.deliver.feed, partial(atom, store, zone, now)))
    if config.deliver.folder is not None:
        found.append(FolderChannel(config.deliver.folder, sender=config.mail.sender))
    return {channel.name: channel for channel in found}


__all__ = ["channel_names", "mail_server", "open_channels"]
