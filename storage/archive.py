"""What the pages of accounts and cases rest on, told short: whether a page must be written again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.records import DigestRecord, StoredVerdict
from storage.rows import from_row, json_text, parse_time
from storage.session import Session


class Archive(Session):
    """Each account and each case with a text that is another one as soon as its page would be."""

    def account_states(self) -> dict[int, str]:
        """What each account's page rests on, by the account's number; watched or not."""
        rows = self.rows(
            """
            WITH of_posts AS (
                SELECT account_id, count(*) AS posts, max(state_since) AS moved, max(judged_at) AS judged
                FROM posts LEFT JOIN verdicts ON verdicts.post_id = posts.id GROUP BY account_id
            ), measured AS (
                SELECT account_id, max(post_metrics.id) AS latest
                FROM post_metrics JOIN posts ON posts.id = post_metrics.post_id GROUP BY account_id
            )
            SELECT accounts.id, json_array(
                url, handle, platform, person, enabled, outcome, outcome_since, posts, moved, judged, latest,
                (SELECT max(id) FROM profiles WHERE account_id = accounts.id),
                (SELECT max(id) FROM account_metrics WHERE account_id = accounts.id),
                (SELECT max(id) FROM account_events WHERE account_id = accounts.id),
                (SELECT max(id) FROM avatars WHERE account_id = accounts.id)
            ) AS state
            FROM accounts LEFT JOIN of_posts ON of_posts.account_id = accounts.id
            LEFT JOIN measured ON measured.account_id = accounts.id ORDER BY accounts.id
            """
        )
        return {row["id"]: row["state"] for row in rows}

    def case_states(self) -> dict[int, str]:
        """What each case's page rests on, by the post's number.

        A case is a post that has or had another priority than none, or on which a person decided.
        """
        rows = self.rows(
            """
            SELECT posts.id, json_array(
                posts.url, caption, judged_at, label, priority, rule, accounts.handle, accounts.person,
                media.deleted_at, (SELECT day FROM digests WHERE id = digest_id),
                (SELECT max(id) FROM post_metrics WHERE post_id = posts.id),
                (SELECT max(id) FROM reviews WHERE post_id = posts.id),
                (SELECT max(id) FROM judgements WHERE post_id = posts.id)
            ) AS state
            FROM verdicts JOIN posts ON posts.id = verdicts.post_id JOIN accounts ON accounts.id = posts.account_id
            LEFT JOIN media ON media.sha256 = posts.media_sha256
            LEFT JOIN digest_entries ON digest_entries.post_id = posts.id
            WHERE priority <> 'none'
                OR EXISTS (SELECT 1 FROM judgements AS old WHERE old.post_id = posts.id AND old.priority <> 'none')
                OR EXISTS (SELECT 1 FROM reviews WHERE reviews.post_id = posts.id)
            ORDER BY posts.id
            """
        )
        return {row["id"]: row["state"] for row in rows}

    def digests_of_account(self, account_id: int) -> list[DigestRecord]:
        """The digests that hold posts of an account, newest first."""
        return self.read(
            DigestRecord,
            """
            SELECT * FROM digests WHERE id IN (
                SELECT digest_id FROM digest_entries JOIN posts ON posts.id = post_id WHERE account_id = ?
            ) ORDER BY day DESC
            """,
            [account_id],
        )

    def account_verdicts(self, account_id: int) -> list[StoredVerdict]:
        """The verdicts on the posts of an account, in the order of the posts' numbers."""
        return self.read(
            StoredVerdict,
            """
            SELECT verdicts.* FROM verdicts JOIN posts ON posts.id = verdicts.post_id
            WHERE account_id = ? ORDER BY verdicts.post_id
            """,
            [account_id],
        )

    def account_views(self, account_id: int) -> dict[int, list[tuple[datetime, int | None]]]:
        """When how many views of each post of an account were counted, oldest first, by the post's number."""
        found: dict[int, list[tuple[datetime, int | None]]] = {}
        for row in self.rows(
            """
            SELECT post_id, at, views FROM post_metrics JOIN posts ON posts.id = post_id
            WHERE account_id = ? ORDER BY post_id, at, post_metrics.id
            """,
            [account_id],
        ):
            found.setdefault(row["post_id"], []).append((parse_time(row["at"]), row["views"]))
        return found

    def open_verdicts(self, priorities: Collection[str]) -> list[tuple[int, StoredVerdict]]:
        """The verdicts of these priorities on which nobody decided, each with its account's number."""
        rows = self.rows(
            """
            SELECT posts.account_id, verdicts.* FROM verdicts JOIN posts ON posts.id = verdicts.post_id
            WHERE priority IN (SELECT value FROM json_each(?))
                AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.post_id = verdicts.post_id)
            ORDER BY verdicts.post_id
            """,
            [json_text(list(priorities))],
        )
        return [(row["account_id"], from_row(StoredVerdict, row)) for row in rows]
