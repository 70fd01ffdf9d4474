"""Which sources there are: one line for each, asked in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import SourceError
from bot.sources.addresses import handle_by_path, platform_by_host
from bot.sources.contract import Capabilities, Source
from bot.sources.dialer import Dialer, PublicDialer
from bot.sources.folder import Folder
from bot.sources.media import MediaFile
from bot.sources.tiktok import TikTok

if TYPE_CHECKING:
    from bot.config import Config


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How sources reach the world; picklable, because it travels to worker processes.

    Attributes:
        dialer: the door to the network.
        cookies: platform name to the text of a cookie file or header (:mod:`bot.sources.cookies`); never logged.
    """

    dialer: Dialer = field(default_factory=PublicDialer)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


ALL_SOURCES: Mapping[str, Callable[[SourceSettings], Source]] = {
    "tiktok": lambda settings: TikTok(settings.dialer, settings.cookies.get("tiktok")),
    "web": lambda settings: MediaFile(settings.dialer),
    "folder": lambda settings: Folder(),
}
"""Platform name to the source made with some settings."""

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
    raise SourceError(
        f"{url} can be watched by no source; TikTok profiles look like https://www.tiktok.com/@name, "
        "folders like folder:/path, single files for `scan` like https://host/clip.mp4"
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


def settings_of(config: Config) -> SourceSettings:
    """The settings of production: the public door, and the cookies that the configuration names.

    Raises SourceError for cookies that cannot be read, before any poll is made.
    """
    settings = SourceSettings(PublicDialer(), config.cookies())
    for make in ALL_SOURCES.values():
        make(settings)
    return settings


__all__ = [
    "ALL_SOURCES",
    "SourceSettings",
    "capabilities",
    "handle_of",
    "platform_of",
    "settings_of",
    "source_for",
]
