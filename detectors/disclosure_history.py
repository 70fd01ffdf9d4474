"""Declarations that stood in a profile once and are gone: since when, and what stood there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from detectors.disclosure_mentions import Mention, mentions
from detectors.disclosure_words import KINDS
from detectors.specimen import ProfileText

PROFILE_FIELDS = ("bio", "display_name", "handle")
"""Fields that speak for the account as a whole, and in which a declaration can disappear."""

_FULL = frozenset(kind.name for kind in KINDS if kind.log10_lr >= 1.0)


@dataclass(frozen=True, slots=True)
class Gone:
    """A declaration that a field no longer holds.

    Attributes:
        mention: what stood there last.
        stood: the field as it was then.
        last_seen_at: when it was last seen there, None where unknown.
        since: when the field was first seen without it, None where unknown.
    """

    mention: Mention
    stood: str
    last_seen_at: datetime | None
    since: datetime | None


def declared(field: str, profile: ProfileText) -> Mention | None:
    """The plainest declaration in one field of a profile that is not denied."""
    text = getattr(profile, field)
    if not text:
        return None
    said = [one for one in mentions(field, text) if one.kind in _FULL and not one.denied]
    return max(said, key=lambda one: one.log10_lr, default=None)


def gone(now: ProfileText, earlier: Sequence[ProfileText]) -> tuple[Gone, ...]:
    """Fields that declared in an earlier profile and do not any more; a field that could not be seen says nothing.

    Args:
        now: the latest profile.
        earlier: oldest first.
    """
    found = []
    for field in PROFILE_FIELDS:
        course = [one for one in (*earlier, now) if getattr(one, field) is not None]
        if getattr(now, field) is None or declared(field, now) is not None:
            continue
        last = next((place for place in range(len(course) - 1, -1, -1) if declared(field, course[place])), None)
        if last is None:
            continue
        there, after = course[last], course[last + 1]
        mention = declared(field, there)
        assert mention is not None
        found.append(Gone(mention, getattr(there, field), there.seen_at, after.seen_at))
    return tuple(found)
