"""What the reader must know of the watch itself: a gap before this digest, and what failed in its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digest import formats
from bot.digest.foreign import foreign
from bot.digest.formats import Clock
from storage import Store, Trouble

USUAL = timedelta(hours=36)
"""Two digests that are further apart have a gap between them; with a day of 25 hours and a late start they are not."""

TITLES: Mapping[str, str] = {
    "platform": "A platform refuses the watch: {subject}",
    "account": "An account cannot be seen: {subject}",
    "silence": "Nothing could be seen for a long time",
    "clock": "The clock of this machine went back",
    "disk": "The disk is nearly full",
    "model": "A model is missing: {subject}",
    "delivery": "A message could not be delivered: {subject}",
}
"""How each kind of trouble is called."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark; texts are safe to show and not escaped. `over` tells that it is only history."""

    title: str
    detail: str
    remedy: str
    when: str
    over: bool = False


def notice(trouble: Trouble, clock: Clock) -> Notice:
    """A trouble as people read it."""
    title = TITLES.get(trouble.kind, "{subject}").replace("{subject}", foreign(trouble.subject, 80))
    when = f"Since {clock.when(trouble.since)}"
    if trouble.over_at is not None:
        when = f"From {clock.when(trouble.since)} to {clock.when(trouble.over_at)}; it is over"
        title = f"Over: {title}"
    remedy = "" if trouble.over_at is not None else foreign(trouble.remedy, 300)
    return Notice(title, foreign(trouble.detail, 400), remedy, f"{when}.", over=trouble.over_at is not None)


def gap(covers_from: datetime | None, covers_to: datetime, clock: Clock) -> Notice | None:
    """The remark that a digest covers more than its day, None where it does not."""
    if covers_from is None or covers_to - covers_from <= USUAL:
        return None
    length = formats.span(covers_to - covers_from)
    return Notice(
        f"This digest covers {length}",
        "No digest was made between, because Doppelwatch did not run when one was due. "
        "What appeared and went again meanwhile was not seen.",
        "",
        f"From {clock.when(covers_from)} to {clock.when(covers_to)}.",
    )


def notices(store: Store, *, covers_from: datetime | None, covers_to: datetime, clock: Clock) -> tuple[Notice, ...]:
    """The gap before a digest, what is wrong, then what was wrong in its time and is over."""
    # a preview begins where a person wants it, which is no gap
    follows = any(one.covers_to == covers_from for one in store.digests())
    found = gap(covers_from, covers_to, clock) if follows else None
    troubles = [one for one in store.troubles(since=covers_from) if one.since <= covers_to]
    troubles.sort(key=lambda one: one.over_at is not None)
    return (*([found] if found else ()), *(notice(one, clock) for one in troubles))


__all__ = ["Notice", "gap", "notice", "notices"]
