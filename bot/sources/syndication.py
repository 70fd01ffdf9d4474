"""Feeds as entries: RSS, Atom and JSON Feed in one shape, and the videos that an entry holds."""

from __future__ import annotations

import calendar
import html
import io
import json
import re
import urllib.parse
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from bot.sources.exchange import Failed
from bot.sources.failures import PAGE
from bot.sources.folder import VIDEO_SUFFIXES
from bot.sources.values import items_at, mapping_at, moment_of, text_of

Entry = Mapping[str, Any]

_VIDEO_TAG = re.compile(r"<(?:video|source)\b[^>]*?\bsrc\s*=\s*[\"']([^\"']{1,2000})[\"']", re.IGNORECASE)
"""A video within the text of an entry, as feed bridges write it."""

_TAG = re.compile(r"<[^>]*>")


def entries_of(body: bytes) -> tuple[Entry, list[Entry]]:
    """The feed's own words and its entries, in the names of feedparser.

    Raises Failed for what is no feed, a page of a firewall above all.
    """
    if body.lstrip()[:1] == b"{":
        return _json_feed(body)
    import feedparser

    # a stream, because feedparser opens files and addresses that are given as text
    parsed = feedparser.parse(io.BytesIO(body))
    if not parsed.get("version"):
        looks = "challenge" if b"<html" in body[:2000].lower() else "no_data" if body.strip() else "empty"
        raise Failed("what came is no feed", PAGE[looks])
    return parsed.get("feed", {}), list(parsed.get("entries", ()))


def _json_feed(body: bytes) -> tuple[Entry, list[Entry]]:
    """JSON Feed (jsonfeed.org, version 1.1) in the names of feedparser."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise Failed("what came is no feed", PAGE["no_data"]) from error
    if "jsonfeed.org" not in str(mapping_at(data).get("version")):
        raise Failed("what came is no feed", PAGE["no_data"])
    feed = {"title": data.get("title"), "subtitle": data.get("description"), "link": data.get("home_page_url")}
    entries: list[Entry] = []
    for item in items_at(data, "items"):
        one = mapping_at(item)
        files = [mapping_at(file) for file in items_at(one, "attachments")]
        entries.append(
            {
                "id": one.get("id"),
                "link": one.get("url") or one.get("external_url"),
                "title": one.get("title") or one.get("content_text"),
                "summary": one.get("content_html") or one.get("content_text") or one.get("summary"),
                "published_at": moment_of(one.get("date_published")),
                "enclosures": [{"href": file.get("url"), "type": file.get("mime_type")} for file in files],
            }
        )
    return feed, entries


def published(entry: Entry) -> datetime | None:
    """When the entry was published; its change counts where the feed tells nothing else."""
    if isinstance(entry.get("published_at"), datetime):
        at: datetime = entry["published_at"]
        return at
    for name in ("published_parsed", "updated_parsed"):
        if entry.get(name):
            try:
                return moment_of(calendar.timegm(entry[name]))
            except (ValueError, OverflowError, TypeError):
                return None
    return None


def videos(entry: Entry) -> list[str]:
    """Addresses of the videos that an entry holds: enclosures, media elements, video elements in its text."""
    found = []
    for name in ("enclosures", "media_content"):
        for one in entry.get(name) or ():
            address = text_of(one.get("href")) or text_of(one.get("url"))
            if address and (is_video_type(one.get("type")) or one.get("medium") == "video" or _named_video(address)):
                found.append(address)
    texts = [text_of(entry.get("summary")) or ""]
    texts += [text_of(part.get("value")) or "" for part in entry.get("content") or ()]
    for text in texts:
        found += [html.unescape(address) for address in _VIDEO_TAG.findall(text)]
    whole = (_whole(text_of(entry.get("link")) or "", address) for address in found)
    return list(dict.fromkeys(address for address in whole if address.startswith(("http://", "https://"))))


def _whole(link: str, address: str) -> str:
    """An address as seen from an entry's own; empty where one of them is none, such as half an IPv6 address."""
    try:
        return urllib.parse.urljoin(link, address)
    except ValueError:
        return ""


def words(entry: Entry) -> str:
    """Title and text of an entry without markup; the text alone where it begins with the title."""
    title = plain(text_of(entry.get("title")) or "")
    text = plain(text_of(entry.get("summary")) or "")
    return text if text.startswith(title.rstrip(".…")) else "\n".join(filter(None, (title, text)))


def plain(markup: str) -> str:
    """Text without its markup."""
    return html.unescape(_TAG.sub(" ", markup.replace("<br", "\n<br").replace("</p>", "\n</p>"))).strip()


def is_video_type(kind: object) -> bool:
    """Whether a media type is one of videos."""
    return isinstance(kind, str) and kind.lower().startswith("video/")


def _named_video(address: str) -> bool:
    try:
        path = urllib.parse.urlsplit(address).path
    except ValueError:
        return False
    return PurePosixPath(path).suffix.lower() in VIDEO_SUFFIXES


__all__ = ["Entry", "entries_of", "is_video_type", "plain", "published", "videos", "words"]
