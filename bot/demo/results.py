"""What the demo found, account by account, in the order of the digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.digest.model import AccountView, Measure, Page
from storage import Store


@dataclass(frozen=True, slots=True)
class Seen:
    """One watched account.

    Attributes:
        state: the outcome of the latest poll.
        label, priority: those of its strongest post; None where no post was judged.
        declared: its strongest post is declared as no own footage of the person.
        posts: how many were judged.
        views: of all judged posts together, None where no count is known; `grown` is how many of
            them came since the first look.
    """

    handle: str
    state: str
    label: str | None = None
    priority: str | None = None
    declared: bool = False
    posts: int = 0
    views: int | None = None
    grown: int = 0


def results(store: Store, page: Page) -> list[Seen]:
    """The accounts as the page lists them: alerts, minor ones, those without an alert, then those without a post."""
    accounts = {account.id: account for account in store.accounts()}
    shown: dict[int, list[AccountView]] = {}
    for view in _views(page):
        shown.setdefault(view.account_id, []).append(view)
    found = []
    for account_id, views in shown.items():
        lead, posts = views[0].posts[0], {post.post_id: post for view in views for post in view.posts}
        counts = [post.views for post in posts.values() if post.views is not None]
        found.append(
            Seen(
                handle=accounts[account_id].handle,
                state=accounts[account_id].outcome or "",
                label=lead.label,
                priority=lead.priority,
                declared=lead.declared,
                posts=len(posts),
                views=sum(count.value for count in counts) if counts else None,
                grown=sum(_change(count) for count in counts),
            )
        )
    # the page names accounts by handle where it tells how the watching went: those that could not be seen first
    rest = {account.handle: account for account in accounts.values() if account.id not in shown}
    found.extend(
        Seen(handle=health.handle, state=rest[health.handle].outcome or "")
        for health in page.health.accounts
        if health.handle in rest
    )
    return found


def _views(page: Page) -> Iterator[AccountView]:
    yield from page.alerts
    yield from page.minor
    for row in (*page.more, *page.quiet):
        yield replace(row.account, posts=(row.post,))


def _change(count: Measure) -> int:
    return count.change or 0
