"""How good the alerts were, by what people decided on them, and the share of false alarms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.digest.wording import ALERTS
from bot.verdict import Decision
from detectors.metrics import wilson
from storage import Review, Store


@dataclass(frozen=True, slots=True)
class Quality:
    """The alerts for one protected person.

    Attributes:
        person: whom the accounts are watched for; None for accounts that name nobody.
        alerts: posts that the rules called urgent, high or normal, before any person decided.
        confirmed, dismissed, imitation, official: alerts by the latest decision on them.
        missed: posts that were no alerts and that a person confirmed.
    """

    person: str | None
    alerts: int = 0
    confirmed: int = 0
    dismissed: int = 0
    imitation: int = 0
    official: int = 0
    missed: int = 0

    @property
    def decided(self) -> int:
        """Alerts on which somebody decided."""
        return self.confirmed + self.dismissed + self.imitation + self.official

    @property
    def open(self) -> int:
        """Alerts on which nobody decided yet."""
        return self.alerts - self.decided

    @property
    def false_alarms(self) -> int:
        """Alerts that were dismissed, or on what is the person's own; an imitation that may stay was worth telling."""
        return self.dismissed + self.official

    @property
    def false_share(self) -> float | None:
        """Share of false alarms among the decided, 0 to 1; None before the first decision."""
        return self.false_alarms / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval (Wilson 1927), as if people had picked at random on which alerts they decide."""
        return wilson(self.false_alarms, self.decided) if self.decided else None


def quality(store: Store, people: Sequence[str]) -> list[Quality]:
    """The alerts for each person: those of the configuration in its order, then whoever was watched for before.

    Whether a post was an alert is what the rules said before the first decision on it.
    """
    accounts = {account.id: account.person for account in store.accounts(enabled_only=False)}
    reviews: dict[int, list[Review]] = defaultdict(list)
    for review in store.reviews():
        reviews[review.post_id].append(review)
    counts: dict[str | None, Counter[str]] = {name: Counter() for name in people}
    for account_id, post_id, priority in store.judged_priorities():
        history = reviews[post_id]
        count = counts.setdefault(accounts[account_id], Counter())
        decision = history[-1].decision if history else None
        if (history[0].priority if history else priority) in ALERTS:
            count["alerts"] += 1
            if decision is not None:
                count[_FIELDS[Decision(decision)]] += 1
        elif decision == Decision.CONFIRM:
            count["missed"] += 1
    return [Quality(person, **count) for person, count in counts.items()]


_FIELDS = {
    Decision.CONFIRM: "confirmed",
    Decision.DISMISS: "dismissed",
    Decision.IMITATION: "imitation",
    Decision.OFFICIAL: "official",
}


def as_json(one: Quality) -> Mapping[str, Any]:
    """One object in the documented shape (docs/json.md)."""
    return {
        "person": one.person,
        "alerts": one.alerts,
        "confirmed": one.confirmed,
        "dismissed": one.dismissed,
        "imitation": one.imitation,
        "official": one.official,
        "open": one.open,
        "missed": one.missed,
        "false_alarms": one.false_alarms,
        "false_share": None if one.false_share is None else round(one.false_share, 4),
        "interval": None if one.interval is None else [round(end, 4) for end in one.interval],
    }
