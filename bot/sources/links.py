"""A file of post addresses as a source: for platforms without any lister, a person collects the posts."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SourceError
from bot.sources.contract import Capabilities, Fetched, FetchRequest, ListedPost, Listing, ListRequest, Outcome

SCHEME = "list:"
MAX_BYTES = 10_000_000

CAPABILITIES = Capabilities(
    lists=True,
    downloads=True,
    example="list:/path/to/posts.txt",
    note="a file of post addresses, one a line; each is fetched by the source that takes it",
)


@dataclass(frozen=True, slots=True)
class Links:
    """Source of `list:/path`: one address a line; empty lines and those that begin with `#` are passed over."""

    @property
    def name(self) -> str:
        """The platform's name."""
        return "list"

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        return CAPABILITIES

    def takes(self, url: str) -> bool:
        """Tell whether this is a list's address."""
        return url.startswith(SCHEME) and len(url) > len(SCHEME)

    def is_account(self, url: str) -> bool:
        """Every list can be watched."""
        return self.takes(url)

    def handle_of(self, url: str) -> str:
        """Nobody's: a list is of posts of anybody."""
        return ""

    def list_posts(self, request: ListRequest) -> Listing:
        """List the addresses, new ones before known ones, the last line first in each, up to the limit."""
        path = Path(os.path.expanduser(request.url.removeprefix(SCHEME)))  # noqa: PTH111  # never fails
        try:
            if path.stat().st_size > MAX_BYTES:
                return Listing(Outcome.UNSUPPORTED, f"{path.name} has more than {MAX_BYTES:,} bytes")
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except FileNotFoundError:
            return Listing(Outcome.GONE, f"there is no file {path}")
        except UnicodeDecodeError:
            return Listing(Outcome.UNSUPPORTED, f"{path.name} is no text in UTF-8")
        except OSError as error:
            return Listing(Outcome.BLOCKED, f"{path} cannot be read: {error.strerror}")
        wanted = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        wrong = [number for number, address in enumerate(wanted, 1) if not _fetched_by_a_source(address)]
        posts = [
            ListedPost(hashlib.sha256(address.encode()).hexdigest()[:32], address)
            for address in dict.fromkeys(reversed(wanted))
            if _fetched_by_a_source(address)
        ]
        posts.sort(key=lambda post: post.platform_id in request.known)
        detail = ""
        if wrong:
            detail = f"{len(wrong)} of {len(wanted)} addresses are posts that no source can fetch"
        return Listing(Outcome.OK if posts else Outcome.EMPTY, detail, posts=tuple(posts[: request.limit]))

    def fetch(self, request: FetchRequest) -> Fetched:
        """A list is no post; its posts are fetched by the sources of their addresses."""
        return Fetched(Outcome.UNSUPPORTED, "a list is no post")


def _fetched_by_a_source(address: str) -> bool:
    from bot.sources.registry import SourceSettings, source_for

    if not re.match(r"https?://", address):
        return False
    try:
        source = source_for(address, SourceSettings())
    except SourceError:
        return False
    return source.capabilities.downloads and not source.is_account(address)


__all__ = ["SCHEME", "Links"]
