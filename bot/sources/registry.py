"""Which sources there are: one line for each, asked in this order."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import ConfigError, SourceError, UsageError
from bot.sources.addresses import handle_by_path, platform_by_host
from bot.sources.allowed import dialer_of
from bot.sources.bitchute import BitChute
from bot.sources.bluesky import Bluesky
from bot.sources.contract import Capabilities, Source
from bot.sources.dailymotion import Dailymotion
from bot.sources.dialer import Dialer, PublicDialer
from bot.sources.extracted import Extracted
from bot.sources.feed import Feed
from bot.sources.folder import Folder
from bot.sources.kick import Kick
from bot.sources.links import Links
from bot.sources.mastodon import Mastodon
from bot.sources.media import MediaFile
from bot.sources.odysee import Odysee
from bot.sources.peertube import PeerTube
from bot.sources.proxy import ProxyDialer
from bot.sources.rumble import Rumble
from bot.sources.tiktok import TikTok
from bot.sources.twitch import Twitch
from bot.sources.unlistable import way_round
from bot.sources.vimeo import Vimeo
from bot.sources.vk import VK
from bot.sources.youtube import YouTube

if TYPE_CHECKING:
    from bot.config import Config


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How sources reach the world; picklable, because it travels to worker processes.

    Attributes:
        dialer: the door to the network.
        cookies: platform name to the text of a cookie file or header (:mod:`bot.sources.cookies`); never logged.
        more_hosts: hosts that every source may ask beside its own (:mod:`bot.sources.allowed`).
        impersonate: platforms that refuse clients which are no browser are asked with a browser's handshake.
        proxies: platform name to the dialer of the proxy through which it is asked; may hold a login, never logged.
    """

    dialer: Dialer = field(default_factory=PublicDialer)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    more_hosts: tuple[str, ...] = ()
    impersonate: bool = False
    proxies: Mapping[str, ProxyDialer] = field(default_factory=dict, repr=False)

    def secrets(self) -> Iterator[str]:
        """What must be written nowhere: cookies, and the logins of proxies with their passwords."""
        yield from self.cookies.values()
        for proxy in self.proxies.values():
            if proxy.login is not None:
                yield from (proxy.login, proxy.login.partition(":")[2])

    def door(self, platform: str) -> Dialer:
        """The dialer for a platform: its proxy or the door, for its own hosts alone where these are known."""
        return dialer_of(platform, self.proxies.get(platform, self.dialer), self.more_hosts)


def _with_login(kind: type[Extracted]) -> Callable[[SourceSettings], Source]:
    """A source that takes cookies."""
    return lambda settings: kind(
        settings.door(kind.name), settings.cookies.get(kind.name), impersonate=settings.impersonate
    )


def _open(kind: type[Extracted]) -> Callable[[SourceSettings], Source]:
    """A source for which a login changes nothing."""
    return lambda settings: kind(settings.door(kind.name), impersonate=settings.impersonate)


ALL_SOURCES: Mapping[str, Callable[[SourceSettings], Source]] = {
    "tiktok": _with_login(TikTok),
    "youtube": _with_login(YouTube),
    "bluesky": _open(Bluesky),
    "twitch": _with_login(Twitch),
    "kick": _with_login(Kick),
    "rumble": _open(Rumble),
    "odysee": _open(Odysee),
    "dailymotion": _open(Dailymotion),
    "vimeo": _with_login(Vimeo),
    "bitchute": _open(BitChute),
    "vk": _with_login(VK),
    # on any host, told by the looks of the address: after all that have hosts of their own
    "web": lambda settings: MediaFile(settings.dialer),
    "feed": lambda settings: Feed(settings.dialer),
    "peertube": _open(PeerTube),
    "mastodon": lambda settings: Mastodon(settings.dialer),
    "list": lambda settings: Links(),
    "folder": lambda settings: Folder(),
}
"""Platform name to the source made with some settings."""

WITHOUT_HOST = ("feed", "list", "folder")
"""Sources whose accounts are told apart by their whole address."""

_PLAIN: tuple[Source, ...] = tuple(make(SourceSettings()) for make in ALL_SOURCES.values())


def capabilities() -> Mapping[str, Capabilities]:
    """What each source can see, by platform name; the README's table is made from it."""
    return {source.name: source.capabilities for source in _PLAIN}


def source_for(url: str, settings: SourceSettings) -> Source:
    """The source that takes this address. Raises SourceError, with what would be right, if none does."""
    for make in ALL_SOURCES.values():
        source = make(settings)
        if source.takes(url):
            return source
    way = way_round(platform_by_host(url) or "")
    if way is not None:
        raise SourceError(f"{url}: {way}")
    raise SourceError(
        f"{url} can be watched by no source; profiles look like https://www.tiktok.com/@name (the README names all "
        "platforms), feeds like feed:https://host/feed, folders like folder:/path, single files for `scan` like "
        "https://host/clip.mp4"
    )


def platform_of(url: str) -> str:
    """The platform's name, also of one that can be named as official without a source for it.

    Raises SourceError for a text that is no address at all.
    """
    for source in _PLAIN:
        if source.takes(url):
            return source.name
    platform = platform_by_host(url)
    if platform is None:
        raise SourceError(f"{url} is no address; profiles look like https://www.tiktok.com/@name, folders folder:/path")
    return platform


def handle_of(url: str) -> str:
    """The handle in an address, lower case and without `@`, empty where it has none."""
    for source in _PLAIN:
        if source.takes(url):
            return source.handle_of(url)
    return handle_by_path(url)


def same_account(url: str) -> str:
    """What tells accounts apart: platform and handle, with the host where a platform has many, or the whole address."""
    platform, handle = platform_of(url), handle_of(url)
    if platform in WITHOUT_HOST or not handle:
        return url
    if platform in ("peertube", "mastodon"):
        return url.rstrip("/").removesuffix("/videos")
    return f"{platform} {handle}"


def settings_of(config: Config) -> SourceSettings:
    """The settings of production: the public door, and the cookies and proxies that the configuration names.

    Raises SourceError for cookies that cannot be read or a library that lacks, and ConfigError for a proxy that is no
    address, before any poll is made.
    """
    polling = config.polling
    if polling.impersonate and importlib.util.find_spec("curl_cffi") is None:
        raise SourceError(
            "polling.impersonate needs a library that is not installed: pip install 'doppelwatch[impersonate]'"
        )
    proxies = {}
    for platform, address in config.proxies().items():
        try:
            proxies[platform] = ProxyDialer.named(address)
        except UsageError as error:
            raise ConfigError(f"{config.place('secrets', 'proxies', platform)}: {error}") from error
    settings = SourceSettings(PublicDialer(), config.cookies(), polling.hosts, polling.impersonate, proxies)
    for make in ALL_SOURCES.values():
        make(settings)
    return settings


__all__ = [
    "ALL_SOURCES",
    "SourceSettings",
    "capabilities",
    "handle_of",
    "platform_of",
    "same_account",
    "settings_of",
    "source_for",
]
