"""Watched accounts: which there are, which are due, and what has been seen of them over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.records import Account, AccountMetric, PollRecord, Profile, WantedAccount
from storage.rows import parse_time, time_text, to_row
from storage.session import Session


class Accounts(Session):
    """Reading and configuring accounts; polls are recorded in :mod:`storage.polls`."""

    def sync_accounts(self, wanted: Sequence[WantedAccount]) -> None:
        """Bring the accounts to what the configuration names; nothing is ever deleted.

        New ones are added and due at once. Those no longer named are disabled, and enabled again when they
        come back. The handle is left as the platform last showed it. An account whose interval got shorter
        is due at once, unless it is backing off after a failure.
        """
        with self.transaction() as db:
            known = {account.url: account for account in self.accounts(enabled_only=False)}
            db.execute("UPDATE accounts SET enabled = 0 WHERE enabled = 1")
            for account in wanted:
                before = known.get(account.url)
                db.execute(
                    """
                    INSERT INTO accounts (url, platform, person, handle, interval_s)
                    VALUES (:url, :platform, :person, :handle, :interval_s)
                    ON CONFLICT (url) DO UPDATE SET platform = excluded.platform, person = excluded.person,
                        interval_s = excluded.interval_s, enabled = 1
                    """,
                    to_row(account),
                )
                if before is not None and account.interval_s < before.interval_s and before.error_count == 0:
                    db.execute("UPDATE accounts SET next_check_at = NULL WHERE id = ?", [before.id])

    def accounts(self, *, enabled_only: bool = True) -> list[Account]:
        """The accounts in the order in which they were added; with `enabled_only` those still watched."""
        return self.read(Account, "SELECT * FROM accounts WHERE enabled >= ? ORDER BY id", [int(enabled_only)])

    def account(self, account_id: int) -> Account:
        """One account by its number.

        Raises:
            RecordNotFound: there is none.
        """
        return self.read_one(
            Account, f"account number {account_id}", "SELECT * FROM accounts WHERE id = ?", [account_id]
        )

    def due_accounts(self, now: datetime) -> list[Account]:
        """The watched accounts that are to be polled by now, the longest overdue first.

        Accounts that were never polled come before all others.
        """
        return self.read(
            Account,
            """
            SELECT * FROM accounts
            WHERE enabled = 1 AND (next_check_at IS NULL OR next_check_at <= ?)
            ORDER BY next_check_at, id
            """,
            [time_text(now)],
        )

    def hasten(self, account_id: int, at: datetime) -> None:
        """Let an account be due at a time before the one at which it would be."""
        self.write(
            "UPDATE accounts SET next_check_at = min(next_check_at, ?) WHERE id = ?", [time_text(at), account_id]
        )

    def known_ids(self, account_id: int) -> frozenset[str]:
        """The platform's ids of all posts of an account that were ever seen."""
        rows = self.rows("SELECT platform_id FROM posts WHERE account_id = ?", [account_id])
        return frozenset(row["platform_id"] for row in rows)

    def profiles(self, account_id: int) -> list[Profile]:
        """Every state of an account's profile, oldest first."""
        return self.read(Profile, "SELECT * FROM profiles WHERE account_id = ? ORDER BY seen_at, id", [account_id])

    def latest_profile(self, account_id: int) -> Profile | None:
        """The profile as last seen, or None where it never was."""
        sql = "SELECT * FROM profiles WHERE account_id = ? ORDER BY seen_at DESC, id DESC LIMIT 1"
        return next(iter(self.read(Profile, sql, [account_id])), None)

    def account_metrics(self, account_id: int) -> list[AccountMetric]:
        """Followers and posts of an account over time, oldest first."""
        sql = "SELECT * FROM account_metrics WHERE account_id = ? ORDER BY at, id"
        return self.read(AccountMetric, sql, [account_id])

    def first_poll_after(self, after: datetime | None) -> datetime | None:
        """When the first poll after a time was made, or the first of all; None where there is none."""
        value = self.rows(
            "SELECT min(at) AS at FROM polls WHERE :after IS NULL OR at > :after",
            {"after": None if after is None else time_text(after)},
        )[0]["at"]
        return None if value is None else parse_time(value)

    def latest_poll_until(self, until: datetime) -> datetime | None:
        """When the latest poll up to a time (included) was made; None where there is none."""
        value = self.rows("SELECT max(at) AS at FROM polls WHERE at <= ?", [time_text(until)])[0]["at"]
        return None if value is None else parse_time(value)

    def polls(self, account_id: int | None = None, *, since: datetime | None = None) -> list[PollRecord]:
        """What was polled and how it ended, oldest first; of one account or all, from `since` (included) on."""
        return self.read(
            PollRecord,
            """
            SELECT * FROM polls
            WHERE (:account_id IS NULL OR account_id = :account_id) AND (:since IS NULL OR at >= :since)
            ORDER BY at, id
            """,
            {"account_id": account_id, "since": None if since is None else time_text(since)},
        )
