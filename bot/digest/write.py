"""A digest on disk: the page, its text version, and the list of all digests."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.digest import files
from bot.digest.archive import write_archive
from bot.digest.build import Portraits, build_page, nobody
from bot.digest.html import render_index, render_page
from bot.digest.index_build import build_index
from bot.digest.text import render_text
from storage import DigestRecord, Store


class DigestSettings(Protocol):
    """What a digest needs of the configuration; :class:`bot.config.sections.DigestSettings` is one."""

    @property
    def timezone(self) -> str:
        """IANA name of the zone in which times are told."""
        ...

    @property
    def folder(self) -> Path:
        """Where the pages are written."""
        ...


def write_digest(
    store: Store, digest: DigestRecord, *, settings: DigestSettings, now: datetime, portraits: Portraits = nobody
) -> Path:
    """Write one day's digest: ``2026-11-25.html``, ``2026-11-25.txt`` beside it, and ``index.html`` anew.

    The pages of accounts and cases that it links come first (:mod:`bot.digest.archive`).

    The same store, digest and `now` give the same bytes. Each file is written whole or not at all, the page
    last but for the list: where it is there, its text version is, too.

    Args:
        store: is only read.
        digest: the day; its entries are in the store.
        settings: zone and folder.
        now: when the state of the accounts is looked up.
        portraits: the reference photos that stand beside the faces of alerts.

    Returns:
        The path of the page.

    Raises:
        BotError: the folder or a file cannot be written.
        ValueError: the digest's day is no ISO date.
    """
    day = date.fromisoformat(digest.day)
    folder = settings.folder
    files.prepare(folder)
    zone = ZoneInfo(settings.timezone)
    write_archive(store, folder, zone=zone, portraits=portraits)
    page = build_page(
        store,
        digest,
        zone=zone,
        now=now,
        previous=_previous(store, digest, folder),
        portraits=portraits,
        archived=True,
    )
    path = folder / f"{day.isoformat()}.html"
    files.write(path.with_suffix(".txt"), render_text(page))
    files.write(path, render_page(page))
    files.write(folder / "index.html", render_index(build_index(store, folder)))
    return path


def _previous(store: Store, digest: DigestRecord, folder: Path) -> date | None:
    """The day of the latest digest before this one, where its page lies in the folder."""
    before = (one.day for one in store.digests() if one.day < digest.day)
    latest = next(before, None)
    return date.fromisoformat(latest) if latest is not None and (folder / f"{latest}.html").is_file() else None
