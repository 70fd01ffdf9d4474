"""From the store to the list of all digests, open cases and accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from bot.digest.foreign import foreign
from bot.digest.index_model import Index, IndexedAccount, IndexEntry, OpenCase
from bot.digest.views import label_of, synthesis_of
from bot.digest.wording import ALERTS, in_order, is_loud, rank
from storage import Account, Store

MOST_CASES = 300
"""Open cases that are listed, the most pressing."""


def build_index(store: Store, folder: Path) -> Index:
    """The list of all digests; those whose page does not lie in this folder are named without a link."""
    priorities = store.digest_priorities()
    entries = []
    for digest in store.digests():
        held = in_order(priorities.get(digest.id, {}))
        entries.append(
            IndexEntry(
                day=date.fromisoformat(digest.day),
                file=f"{digest.day}.html" if (folder / f"{digest.day}.html").is_file() else None,
                priorities=held,
                is_loud=any(is_loud(priority) for priority in held),
            )
        )
    accounts = {account.id: account for account in store.accounts(enabled_only=False)}
    cases = sorted(_open_cases(store, accounts), key=lambda one: (rank(one.priority), -one.post_id))
    return Index(
        entries=tuple(entries),
        cases=tuple(one for one in cases[:MOST_CASES] if (folder / "cases" / f"{one.post_id}.html").is_file()),
        cases_left_out=len(cases[MOST_CASES:]),
        accounts=tuple(
            IndexedAccount(
                one.id,
                foreign(one.handle, 60),
                one.platform,
                None if one.person is None else foreign(one.person, 80),
                one.enabled,
            )
            for one in accounts.values()
            if (folder / "accounts" / f"{one.id}.html").is_file()
        ),
    )


def _open_cases(store: Store, accounts: Mapping[int, Account]) -> Iterator[OpenCase]:
    """The alerts that stand on the findings alone."""
    for account_id, verdict in store.open_verdicts(ALERTS):
        account = accounts[account_id]
        text = label_of(verdict.label, verdict.rule, account, synthesis_of(verdict))
        yield OpenCase(verdict.post_id, foreign(account.handle, 60), text, verdict.priority)
