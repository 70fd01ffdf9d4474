"""What ends a poll or a download from our side.

All are `DownloadCancelled`, because extractors catch network and extraction errors and go on, but let a
cancellation through.
"""

from __future__ import annotations

from yt_dlp.utils import DownloadCancelled


class LimitReached(DownloadCancelled):  # type: ignore[misc]  # yt-dlp is not typed
    """Base: one of the request's own bounds was met."""

    def __init__(self, message: str) -> None:
        self.msg = message
        super().__init__(message)


class DeadlinePassed(LimitReached):
    """The time of the whole request is over."""


class BudgetSpent(LimitReached):
    """The extractor wanted one request more than it may make."""


class BodyTooLarge(LimitReached):
    """A page or a clip is longer than allowed, declared or as it came.

    Attributes:
        media: it was the clip, not a page.
    """

    def __init__(self, message: str, *, media: bool) -> None:
        super().__init__(message)
        self.media = media


class FormatRefused(LimitReached):
    """What was chosen is no video file that may be kept, or would come by a way that cannot be guarded."""


class PageInsteadOfMedia(LimitReached):
    """The media host answered with a web page, which would otherwise be kept as if it were the clip."""


class WalkEnded(LimitReached):
    """The walk has what it wanted, and the next page would cost a request."""


__all__ = [
    "BodyTooLarge",
    "BudgetSpent",
    "DeadlinePassed",
    "FormatRefused",
    "LimitReached",
    "PageInsteadOfMedia",
    "WalkEnded",
]
