"""The `Retry-After` header, which holds seconds or a date (RFC 9110, 10.2.3)."""

from __future__ import annotations

import email.utils
import time

LONGEST_S = 7 * 86_400.0
"""A header that asks for more may be a mistake or a trick."""


def retry_after_s(text: str | None) -> float | None:
    """The seconds to wait, a week at most; None where the header is absent or says nothing."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return min(float(text.strip()[:9]), LONGEST_S)
    try:
        at = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return min(max(at.timestamp() - time.time(), 0.0), LONGEST_S)


__all__ = ["retry_after_s"]
