"""Single posts as cards, apart from the digest in which they stand or will stand."""

from __future__ import annotations

from dataclasses import replace

from bot.deliver.cards import Card, card
from bot.digest import exhibits
from bot.digest.build import Portraits, nobody
from bot.digest.formats import Clock
from bot.digest.views import account_view, judged, post_view
from storage import Store

_FRAMES = 3
_PICTURE_BYTES = 600_000


def post_card(
    store: Store, post_id: int, clock: Clock, *, pictures: bool = True, portraits: Portraits = nobody
) -> Card | None:
    """A judged post as a card; None where it has no verdict (any more). Without `pictures` none are read."""
    verdict = store.verdict(post_id)
    if verdict is None:
        return None
    post = store.post(post_id)
    account = store.account(post.account_id)
    findings = store.findings(post_id)
    view = post_view(judged(post, account, verdict, store.post_metrics(post_id)), findings)
    if pictures:
        budget = exhibits.Budget(_PICTURE_BYTES)
        shown, _ = exhibits.pictures(findings, store.evidence, budget, frames=_FRAMES, crops=0)
        view = replace(view, pictures=shown)
    portrait = portraits(account.person) if pictures and account.person is not None else None
    return card(replace(account_view(store, account), posts=(view,), portrait=portrait), clock)


__all__ = ["post_card"]
