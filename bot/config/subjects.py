"""What the configuration is about: addresses of accounts, and the time zone."""

from __future__ import annotations

import difflib
import zoneinfo

from pydantic import ValidationInfo

from bot.config.values import absolute, folder_of, is_folder, shown
from bot.errors import SourceError


def official_account(url: str) -> str:
    """Check the address of a person's own account, on any platform.

    Raises:
        ValueError: it is no web address, or names no account.
    """
    from bot.sources.registry import handle_of, platform_of

    try:
        platform = platform_of(url)
    except SourceError as error:
        raise ValueError(
            f"{shown(url)} is no address of an account; write it whole, like https://www.tiktok.com/@name"
        ) from error
    if platform in ("folder", "list", "feed", "web") or not handle_of(url) or not url.isprintable():
        raise ValueError(
            f"{shown(url)} names no account; write the profile's address, like https://www.tiktok.com/@name"
        )
    return url


def watched_account(url: str, info: ValidationInfo) -> str:
    """Check the address of an account to watch; a folder's path is made absolute.

    Raises:
        ValueError: no source takes it, or it is not an account but a single post or file.
    """
    from bot.sources.folder import SCHEME
    from bot.sources.links import SCHEME as LIST
    from bot.sources.registry import SourceSettings, source_for

    text = url.strip()
    if not text.isprintable():
        raise ValueError(f"{shown(text)} holds a line break or an invisible character; copy the address again")
    is_bare = bool(text) and "://" not in text and not text.startswith(SCHEME)
    if is_bare and (text.startswith(("/", "./", "../", "~")) or is_folder(folder_of(info) / text)):
        text = SCHEME + text
    if text.startswith(SCHEME) and len(text) > len(SCHEME):
        return SCHEME + str(absolute(text.removeprefix(SCHEME), info))
    if text.startswith(LIST) and len(text) > len(LIST):
        return LIST + str(absolute(text.removeprefix(LIST), info))
    try:
        source = source_for(text, SourceSettings())
    except SourceError as error:
        raise ValueError(str(error).replace(text, shown(text))) from error
    if not source.is_account(text):
        raise ValueError(
            f"{shown(url)} is a single post, not an account; watch its account, or give it to `doppelwatch scan`"
        )
    return text


def asked_platform(name: str) -> str:
    """Check the name of a platform that is asked over the network.

    Raises:
        ValueError: there is no such source, or it asks nobody.
    """
    from bot.sources.registry import ALL_SOURCES

    known = [one for one in ALL_SOURCES if one not in ("folder", "list")]
    if name not in known:
        raise ValueError(f"{shown(name)} is no platform that is asked; those are {', '.join(known)}")
    return name


def time_zone(name: str) -> str:
    """Check the name of a time zone.

    Raises:
        ValueError: there is no such zone; the message names one like it.
    """
    known = zoneinfo.available_timezones()
    if name in known:
        return name
    if not known:
        raise ValueError("this machine has no time zone data; install it with: pip install tzdata")
    folded = {zone.casefold(): zone for zone in known}
    near = difflib.get_close_matches(name.casefold(), folded, 1)
    near = near or [zone for zone in sorted(folded) if zone.rpartition("/")[2] == name.casefold()][:1]
    meant = f'did you mean "{folded[near[0]]}"?' if near else 'use a name such as "Europe/Berlin" or "UTC"'
    raise ValueError(f"{shown(name)} is no time zone; {meant}")
