"""The day in one sentence, and in one more what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from bot.digest.formats import plural
from bot.digest.model import ChangedView, Page
from bot.digest.wording import ALERTS, PRIORITIES, rank
from bot.verdict import Priority

_WHEN: Mapping[str, str] = {Priority.URGENT: "urgently", Priority.HIGH: "today", Priority.NORMAL: "when you can"}


def headline(page: Page) -> str:
    """What the reader must know first. "Nothing new" is said only where the watching worked."""
    if page.pressing:
        total = sum(page.pressing.values())
        subject = f"{plural(total, 'account')} {'needs' if total == 1 else 'need'} you"
        when = [(count, _WHEN.get(priority, priority)) for priority, count in page.pressing.items()]
        if len(when) == 1:
            return f"{subject} {when[0][1]}."
        return f"{subject}: {', '.join(f'{count} {word}' for count, word in when)}."
    risen = len(risen_posts(page))
    if risen:
        return f"{plural(risen, 'earlier post')} became more pressing."
    if not page.health.accounts:
        return "No account is watched, so nothing could be found."
    if page.health.silence_is_proven:
        return "Nothing new that needs you."
    return "No alert, but silence is not proven."


def risen_posts(page: Page) -> tuple[ChangedView, ...]:
    """The posts of earlier digests that need somebody now and did not, or less so, before."""
    return tuple(one for one in page.changed if one.priority in ALERTS and rank(one.priority) < rank(one.told))


def basis(page: Page) -> str:
    """How much was looked at, and how much could not be."""
    health = page.health
    parts = [f"{plural(page.examined, 'new post')} examined", f"{plural(len(health.accounts), 'account')} watched"]
    if page.changed:
        parts.append(f"{plural(len(page.changed), 'earlier verdict')} changed")
    missing = [
        text
        for count, text in (
            (len(health.unseen), f"{plural(len(health.unseen), 'account')} could not be seen"),
            (len(health.problems), f"{plural(len(health.problems), 'post')} could not be examined"),
            (health.waiting, f"{plural(health.waiting, 'post')} not examined yet"),
        )
        if count
    ]
    if missing:
        return f"{', '.join(parts)}; {', '.join(missing)}."
    return f"{', '.join(parts)}{', all seen' if health.accounts else ''}."


def tally(priorities: Mapping[str, int]) -> str:
    """The posts of a digest by priority: "3 urgent, 2 low, 3 without alert", or "no new posts"."""
    known = [one for one in priorities if one not in PRIORITIES]
    parts = [f"{priorities[one]:,} {_called(one)}" for one in (*known, *PRIORITIES) if priorities.get(one)]
    return ", ".join(parts) or "no new posts"


def _called(priority: str) -> str:
    words = PRIORITIES.get(priority)
    if words is None:
        return priority
    return "without alert" if words is PRIORITIES["none"] else words.name.lower()
