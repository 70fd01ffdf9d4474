"""Which accounts of one digest belong together, because their posts show the same pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.digest.model import AccountView, Campaign


def grouped(accounts: Sequence[AccountView]) -> list[AccountView]:
    """Bring accounts together that show the same clip; `accounts` come most pressing first, and so do the groups.

    Two accounts belong together where one's post names another's as a copy, where both name the same third post, or
    where the bytes are the same. An account that is not loud by itself is not raised by its company.
    """
    groups = _groups(accounts)
    ordered: list[AccountView] = []
    for account in accounts:
        members = groups[account.account_id]
        if members[0] is not account:
            continue
        handles = tuple(dict.fromkeys(one.handle for one in members))
        campaign = Campaign(account.account_id, handles) if len(members) > 1 else None
        ordered += [replace(one, campaign=campaign) for one in members]
    return ordered


def _groups(accounts: Sequence[AccountView]) -> Mapping[int, list[AccountView]]:
    """The group of each account, by the account's number, in the order of `accounts`."""
    head = {account.account_id: account.account_id for account in accounts}

    def root(number: int) -> int:
        while head[number] != number:
            head[number] = head[head[number]]
            number = head[number]
        return number

    holders: dict[str, int] = {}
    for account in accounts:
        for sign in _signs(account):
            first = holders.setdefault(sign, account.account_id)
            head[root(account.account_id)] = root(first)
    groups: dict[int, list[AccountView]] = {}
    for account in accounts:
        groups.setdefault(root(account.account_id), []).append(account)
    return {account.account_id: groups[root(account.account_id)] for account in accounts}


def _signs(account: AccountView) -> set[str]:
    """What tells a clip: its address, the addresses of its copies, the hash of its bytes."""
    signs: set[str] = set()
    for post in account.posts:
        copies = {one.text for one in post.copies}
        signs |= copies
        if post.sha256 is not None:
            signs.add(post.sha256)
        signs.add(post.link.text)
    return signs


__all__ = ["grouped"]
