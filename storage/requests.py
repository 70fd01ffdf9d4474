"""Requests beside polls: of control accounts, for pictures of profiles, and downloads of clips.

Platforms count what an address sends, whatever it is for. Polls and searches for look-alikes have rows of their own.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.rows import FOREVER, time_text
from storage.session import Session


class Purpose(StrEnum):
    """What requests were sent for."""

    CONTROL = "control"
    PICTURE = "picture"
    DOWNLOAD = "download"


class Requests(Session):
    """Reading and writing of what was sent beside polls."""

    def record_requests(self, platform: str, purpose: Purpose, requests: int, *, at: datetime) -> None:
        """Keep that a platform was sent requests; one row a try, also where none got through."""
        row = {"platform": platform, "purpose": str(purpose), "requests": requests, "at": time_text(at)}
        self.insert("requests", row)

    def other_requests_since(self, platform: str, since: datetime, until: datetime = FOREVER) -> int:
        """Requests to a platform from `since` to `until` (both included), without those of polls and of downloads."""
        sql = """
            SELECT coalesce(sum(requests), 0) AS sent FROM requests
            WHERE platform = ? AND at BETWEEN ? AND ? AND purpose <> 'download'
        """
        return int(self.rows(sql, [platform, time_text(since), time_text(until)])[0]["sent"])

    def downloads_since(self, platform: str, since: datetime, until: datetime = FOREVER) -> int:
        """Downloads that were begun from a platform from `since` to `until` (both included)."""
        sql = (
            "SELECT count(*) AS begun FROM requests WHERE platform = ? AND at BETWEEN ? AND ? AND purpose = 'download'"
        )
        return int(self.rows(sql, [platform, time_text(since), time_text(until)])[0]["begun"])

    def prune_requests(self, older_than: datetime) -> int:
        """Delete what is older than any limit looks back; returns how many rows went."""
        return self.write("DELETE FROM requests WHERE at < ?", [time_text(older_than)])


__all__ = ["Purpose", "Requests"]
