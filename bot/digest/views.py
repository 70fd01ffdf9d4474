"""One post or account of the store as the values that pages show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.digest import exhibits
from bot.digest.foreign import foreign, link
from bot.digest.model import AccountView, Answer, Change, Measure, PostView
from bot.digest.reasons import reasons
from bot.digest.wording import QUESTIONS, change_text, label_text, rank
from bot.verdict import DECIDED, DECLARED
from storage import Account, AccountEvent, Post, PostMetric, Store, StoredFinding, StoredVerdict

_POINTS = 48
"""Measurements drawn of one count: a small chart has no room for more."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged post with its account, its verdict and its reach; small, so that ten thousand of them can be sorted."""

    post: Post
    account: Account
    verdict: StoredVerdict
    views: Measure | None
    likes: int | None

    @property
    def weight(self) -> float:
        """Sum of the log10 likelihood ratios of identity and synthesis."""
        return sum(_weight(self.verdict, question) or 0.0 for question in ("identity", "synthesis"))

    @property
    def pressing(self) -> tuple[int, float, int, int]:
        """Sort key: priority, then support for identity and synthesis, then views; the number settles ties."""
        views = self.views.value if self.views is not None else -1
        return rank(self.verdict.priority), -self.weight, -views, self.post.id


def judged(post: Post, account: Account, verdict: StoredVerdict, metrics: Sequence[PostMetric]) -> Judged:
    """Put a post together with what belongs to it; `metrics` are its own, oldest first."""
    likes = [metric.likes for metric in metrics if metric.likes is not None]
    views = measure([(metric.at, metric.views) for metric in metrics])
    return Judged(post, account, verdict, views, likes[-1] if likes else None)


def measure(series: Sequence[tuple[datetime, int | None]]) -> Measure | None:
    """A count over time, oldest first; None where it was never shown."""
    known = [(at, value) for at, value in series if value is not None]
    if not known:
        return None
    drawn = known
    if len(known) > _POINTS:
        drawn = [known[round(place * (len(known) - 1) / (_POINTS - 1))] for place in range(_POINTS)]
    return Measure(value=known[-1][1], at=known[-1][0], first=known[0][1], first_at=known[0][0], series=tuple(drawn))


def account_view(store: Store, account: Account) -> AccountView:
    """An account without its posts, as it was last seen."""
    profile = store.latest_profile(account.id)
    return AccountView(
        account_id=account.id,
        handle=foreign(account.handle, 60),
        display_name=foreign(profile.display_name, 80) if profile is not None else "",
        bio=foreign(profile.bio, 280) if profile is not None else "",
        platform=account.platform,
        person=None if account.person is None else foreign(account.person, 80),
        link=link(account.url),
        verified=bool(profile is not None and profile.verified),
        followers=measure([(one.at, one.followers) for one in store.account_metrics(account.id)]),
        posts=(),
    )


def post_view(one: Judged, findings: Sequence[StoredFinding]) -> PostView:
    """A post with its label, reasons and numbers, and without pictures."""
    post, verdict = one.post, one.verdict
    answers = tuple(_answer(verdict, question) for question in QUESTIONS)
    disclosure = _weight(verdict, "disclosure")
    return PostView(
        post_id=post.id,
        account_id=post.account_id,
        link=link(post.url),
        caption=foreign(post.caption, 200),
        published_at=post.published_at,
        first_seen_at=post.first_seen_at,
        duration_s=post.duration_s,
        label=verdict.label,
        label_text=label_of(verdict.label, verdict.rule, one.account, _weight(verdict, "synthesis")),
        priority=verdict.priority,
        summary=foreign(verdict.summary, 600),
        answers=answers,
        declared=disclosure is not None and disclosure > DECLARED,
        quotes=exhibits.quotes(findings),
        reasons=reasons(verdict, findings),
        views=one.views,
        likes=one.likes,
        sha256=post.media_sha256,
        judged_at=verdict.judged_at,
        weight=one.weight,
        copies=exhibits.copies(findings),
    )


def label_of(label: str, rule: str, account: Account, synthesis: float | None) -> str:
    """What people read for a label that a rule gave."""
    person = None if account.person is None else foreign(account.person, 80)
    return label_text(label, person, synthesis, decided=rule.startswith(DECIDED))


def synthesis_of(verdict: StoredVerdict) -> float | None:
    """The sum of the question of synthesis, by which a label speaks of signs or of hints."""
    return _weight(verdict, "synthesis")


def change_view(event: AccountEvent) -> Change:
    """Something that happened to an account, in words and with what it was before."""
    return Change(
        at=event.at,
        kind=event.kind,
        what=change_text(event.kind),
        before=None if event.before is None else foreign(event.before, 280),
        after=None if event.after is None else foreign(event.after, 280),
    )


def _answer(verdict: StoredVerdict, question: str) -> Answer:
    """One question of a stored verdict; one that is not there was not answered."""
    return Answer(
        question=question,
        asked=QUESTIONS[question],
        support=foreign(str(_stored(verdict, question).get("support") or "not examined"), 120),
        log10_lr=_weight(verdict, question),
    )


def _stored(verdict: StoredVerdict, question: str) -> Mapping[str, object]:
    stored = verdict.questions.get(question)
    return stored if isinstance(stored, Mapping) else {}


def _weight(verdict: StoredVerdict, question: str) -> float | None:
    value = _stored(verdict, question).get("log10_lr")
    return float(value) if isinstance(value, (int, float)) else None
