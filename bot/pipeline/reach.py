"""How far a post goes, gathered from what was measured again and again."""

from __future__ import annotations

from detectors.specimen import ReachHistory, ReachPoint
from storage import Account, Post, Store

OTHERS = 30
"""Other posts of the account, the newest, whose views tell what is usual for it."""


def reach_history(post: Post, account: Account, *, store: Store) -> ReachHistory:
    """All that was measured of a post's reach, of its account's followers, and of the account's other posts."""
    return ReachHistory(
        post=tuple(ReachPoint(one.at, views=one.views, likes=one.likes) for one in store.post_metrics(post.id)),
        account=tuple(ReachPoint(one.at, followers=one.followers) for one in store.account_metrics(account.id)),
        usual_views=tuple(store.settled_views(account.id, but=post.id, at_most=OTHERS)),
        published_at=post.published_at,
    )
