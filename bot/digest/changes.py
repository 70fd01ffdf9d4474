"""What changed in the time that a digest covers: verdicts that earlier pages told otherwise, and profiles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from bot.digest.avatars import ProfilePictures
from bot.digest.foreign import foreign, link
from bot.digest.model import Change, ChangedView, ProfileChanges
from bot.digest.views import change_view, label_of, measure, synthesis_of
from bot.digest.wording import rank
from bot.verdict import DECIDED
from storage import AccountEvent, DigestRecord, Store, VerdictChange

_MOST = 12
"""Changes named of one profile: who changes it more often is told by the number of them."""


def changed_verdicts(store: Store, digest: DigestRecord) -> tuple[ChangedView, ...]:
    """Posts of earlier digests whose verdict changed: what became more pressing first, then what is pressing now."""
    views = [_changed(store, one) for one in store.verdict_changes(digest.id)]
    return tuple(sorted(views, key=lambda one: (rank(one.priority) >= rank(one.told), rank(one.priority), one.post_id)))


def _changed(store: Store, one: VerdictChange) -> ChangedView:
    post = store.post(one.post_id)
    account = store.account(post.account_id)
    decided = one.rule.startswith(DECIDED)
    reviews = store.reviews(post.id) if decided else []
    verdict = store.verdict(post.id)
    synthesis = None if verdict is None else synthesis_of(verdict)
    return ChangedView(
        post_id=post.id,
        account_id=account.id,
        handle=foreign(account.handle, 60),
        platform=account.platform,
        person=None if account.person is None else foreign(account.person, 80),
        caption=foreign(post.caption, 120),
        link=link(post.url),
        told_on=date.fromisoformat(one.told_on),
        told_text=label_of(one.told_label, one.told_rule, account, synthesis),
        told=one.told_priority,
        label=one.label,
        label_text=label_of(one.label, one.rule, account, synthesis),
        priority=one.priority,
        at=one.at,
        decided=decided,
        note=foreign(reviews[-1].note, 200) if reviews else "",
        views=measure([(metric.at, metric.views) for metric in store.post_metrics(post.id)]),
    )


def profile_changes(store: Store, digest: DigestRecord) -> Mapping[int, tuple[Change, ...]]:
    """What happened to accounts in the time that the digest covers, by the account's number, oldest first."""
    found: dict[int, list[AccountEvent]] = defaultdict(list)
    for event in store.account_events(since=digest.covers_from):
        if event.at <= digest.covers_to and (digest.covers_from is None or event.at > digest.covers_from):
            found[event.account_id].append(event)
    pictures = ProfilePictures(store)
    return {
        number: tuple(pictures.illustrated(change_view(event), event) for event in some[-_MOST:])
        for number, some in found.items()
    }


def without_cards(
    store: Store, changes: Mapping[int, tuple[Change, ...]], shown: Collection[int]
) -> tuple[ProfileChanges, ...]:
    """The changes of accounts that are not among those `shown` in full."""
    return tuple(
        ProfileChanges(number, foreign(store.account(number).handle, 60), some)
        for number, some in sorted(changes.items())
        if number not in shown
    )
