"""Which hosts each source may ask: a platform's own and those of its content network, and no others.

A page that came from a platform names further addresses, and it may be anybody's words. The door keeps all clients out
of private networks; this list keeps the client of one platform from being sent to a third one. Sources of which anybody
may run a server, or whose posts lie on servers that an account chooses, have no list.

A content network gets new names from time to time. What is refused for that is told by name, and the option
`polling.hosts` lets it through.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sources.addresses import is_of
from bot.sources.dialer import Dialer, DialRefused

HOSTS_OF: Mapping[str, tuple[str, ...]] = {
    "tiktok": (
        "tiktok.com", "tiktokv.com", "tiktokv.us", "tiktokv.eu", "tiktokcdn.com", "tiktokcdn-us.com",
        "tiktokcdn-eu.com", "tiktokcdn-in.com", "ttwstatic.com", "byteoversea.com", "ibytedtos.com", "ibyteimg.com",
        "muscdn.com", "bytefcdn-oversea.com", "akamaized.net",
    ),
    "youtube": (
        "youtube.com", "youtu.be", "youtube-nocookie.com", "googlevideo.com", "ytimg.com", "ggpht.com",
        "googleapis.com", "googleusercontent.com",
    ),
    "twitch": ("twitch.tv", "ttvnw.net", "jtvnw.net", "twitchcdn.net", "twitchsvc.net", "cloudfront.net"),
    "kick": ("kick.com", "live-video.net", "cloudfront.net"),
    "rumble": ("rumble.com", "rmbl.ws", "1a-1791.com", "rumble.cloud"),
    "odysee": ("odysee.com", "odysee.live", "odycdn.com", "lbry.tv", "lbry.com", "lbryplayer.xyz", "spee.ch"),
    "dailymotion": ("dailymotion.com", "dai.ly", "dmcdn.net"),
    "vimeo": ("vimeo.com", "vimeocdn.com", "akamaized.net"),
    "bitchute": ("bitchute.com",),
    "vk": ("vk.com", "vk.ru", "vkvideo.ru", "vkuser.net", "vkuservideo.net", "okcdn.ru", "userapi.com", "mycdn.me"),
}  # fmt: skip
"""Source to registered names, each with all names below it; a source that is not here may ask any public host."""


@dataclass(frozen=True, slots=True)
class HostsDialer:
    """Another dialer for some hosts alone.

    Attributes:
        inner: makes the connections.
        hosts: registered names.
        source: whose hosts these are, for the message.
    """

    inner: Dialer
    hosts: tuple[str, ...]
    source: str

    @property
    def ca_pem(self) -> str | None:
        """The inner one's."""
        return self.inner.ca_pem

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect, if it is one of the hosts."""
        name = host.lower().rstrip(".")
        if not any(is_of(name, one) for one in self.hosts):
            raise DialRefused(host, None, f"none of the hosts of {self.source}; if it is one, add it to polling.hosts")
        return self.inner.dial(host, port, timeout)


def dialer_of(source: str, dialer: Dialer, more: tuple[str, ...] = ()) -> Dialer:
    """The dialer for a source.

    Args:
        source: its name.
        dialer: the door.
        more: hosts that the configuration adds, for every source.
    """
    hosts = HOSTS_OF.get(source)
    return dialer if hosts is None else HostsDialer(dialer, (*hosts, *more), source)


__all__ = ["HOSTS_OF", "HostsDialer", "dialer_of"]
