"""Single posts as cards, apart from the digest in which they stand or will stand."""

from __future__ import annotations

from bot.deliver.cards import Card, measured, name_of, tone_of
from bot.digest import exhibits, formats, wording
from bot.digest.foreign import foreign, link
from bot.digest.formats import Clock
from bot.digest.model import Measure
from bot.digest.reasons import reasons
from bot.verdict import DECIDED
from storage import Store

_FRAMES = 3
_PICTURE_BYTES = 600_000


def post_card(store: Store, post_id: int, clock: Clock) -> Card | None:
    """A judged post as a card; None where it has no verdict (any more)."""
    verdict = store.verdict(post_id)
    if verdict is None:
        return None
    post = store.post(post_id)
    account = store.account(post.account_id)
    findings = store.findings(post_id)
    profile = store.latest_profile(account.id)
    person = None if account.person is None else foreign(account.person, 80)
    support = {name: dict(value) for name, value in verdict.questions.items() if isinstance(value, dict)}
    made = support.get("synthesis", {}).get("log10_lr")
    said = reasons(verdict, findings)
    who = [wording.platform_name(account.platform)]
    if profile is not None and profile.display_name:
        who.insert(0, f"“{foreign(profile.display_name, 80)}”")
    pictures, _ = exhibits.pictures(findings, store.evidence, exhibits.Budget(_PICTURE_BYTES), frames=_FRAMES, crops=0)
    declared = [f"“{one.text}” in the {one.place}" for one in exhibits.quotes(findings) if not one.is_hint]
    return Card(
        tone=tone_of(verdict.priority),
        priority=name_of(verdict.priority),
        label=wording.label_text(
            verdict.label,
            person,
            float(made) if isinstance(made, (int, float)) else None,
            decided=verdict.rule.startswith(DECIDED),
        ),
        handle=foreign(account.handle, 60),
        who=" · ".join(who),
        profile=link(account.url),
        post=link(post.url),
        post_id=post.id,
        caption=foreign(post.caption, 200),
        facts=(
            f"posted {clock.when(post.published_at)}"
            if post.published_at
            else f"first seen {clock.when(post.first_seen_at)}",
            *([f"{formats.clip_time(post.duration_s)} long"] if post.duration_s is not None else []),
            views(store, post.id) or "views not shown",
        ),
        answers=tuple(
            (asked, foreign(str(support[question].get("support") or "not examined"), 120))
            for question, asked in wording.QUESTIONS.items()
            if question in support and question != "spread"
        ),
        why=said.towards,
        against=said.against,
        declared=tuple(declared[:2]),
        step=wording.next_step(verdict.label, verdict.priority, account.platform, person),
        sha256=post.media_sha256,
        pictures=pictures,
    )


def views(store: Store, post_id: int) -> str:
    """Views and their growth in words; empty where none were ever shown."""
    known = [(one.at, one.views) for one in store.post_metrics(post_id) if one.views is not None]
    if not known:
        return ""
    return measured(Measure(known[-1][1], known[-1][0], known[0][1], known[0][0]), "view")


__all__ = ["post_card", "views"]
