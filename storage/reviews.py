"""What people decided on posts, how verdicts changed over time, and which are out of date."""

from __future__ import annotations

from datetime import datetime

from storage.records import Judgement, Post, Review
from storage.rows import column_value, time_text, to_row
from storage.session import Session


class Reviews(Session):
    """Decisions and the history of verdicts; both are append-only, triggers see to it."""

    def record_review(self, review: Review, *, at: datetime) -> None:
        """A person decided on a post; earlier decisions stay in the history.

        Raises:
            RecordInvalid: there is no such post, or no such decision.
        """
        self.insert("reviews", to_row(review, at=review.at or at))

    def reviews(self, post_id: int | None = None) -> list[Review]:
        """What people decided, oldest first; on one post or all."""
        return self.read(
            Review,
            "SELECT * FROM reviews WHERE (:post_id IS NULL OR post_id = :post_id) ORDER BY at, id",
            {"post_id": post_id},
        )

    def digest_reviews(self, digest_id: int) -> list[Review]:
        """What people decided on the posts of a digest, post by post, oldest first."""
        return self.read(
            Review,
            """
            SELECT reviews.* FROM reviews JOIN digest_entries ON digest_entries.post_id = reviews.post_id
            WHERE digest_entries.digest_id = ?
            ORDER BY reviews.post_id, reviews.at, reviews.id
            """,
            [digest_id],
        )

    def judgements(self, post_id: int) -> list[Judgement]:
        """How the verdict on a post changed, oldest first; the last is the one that stands."""
        return self.read(Judgement, "SELECT * FROM judgements WHERE post_id = ? ORDER BY judged_at, id", [post_id])

    def judged_priorities(self) -> list[tuple[int, int, str]]:
        """Account, post and priority of every post that was judged, in the order of the posts."""
        rows = self.rows(
            """
            SELECT account_id, post_id, priority
            FROM verdicts JOIN posts ON posts.id = verdicts.post_id ORDER BY post_id
            """
        )
        return [(row["account_id"], row["post_id"], row["priority"]) for row in rows]

    def outdated_verdicts(self, since: datetime) -> list[Post]:
        """The judged posts to judge again, oldest first.

        Those that were published or found after `since`, and whose views or likes, or whose account's profile, changed
        after they were judged, or of which a copy turned up elsewhere since, or whose account's picture was fetched, or
        shown by another account, since; and those on which a person decided after that, whatever their age.
        """
        return self.read(
            Post,
            """
            SELECT posts.* FROM posts JOIN verdicts ON verdicts.post_id = posts.id
            WHERE state = 'judged' AND (
                posts.id IN (
                    SELECT reviews.post_id FROM reviews JOIN verdicts AS old ON old.post_id = reviews.post_id
                    WHERE reviews.at > old.judged_at
                )
                OR max(coalesce(published_at, first_seen_at), first_seen_at) > :since AND (
                    EXISTS (
                        SELECT 1 FROM post_metrics AS newer
                        WHERE newer.post_id = posts.id AND newer.at > judged_at AND (newer.views, newer.likes) IS NOT (
                            SELECT views, likes FROM post_metrics AS older
                            WHERE older.post_id = posts.id AND older.at <= judged_at
                            ORDER BY older.at DESC, older.id DESC LIMIT 1
                        )
                    )
                    OR EXISTS (
                        SELECT 1 FROM profiles WHERE profiles.account_id = posts.account_id AND seen_at > judged_at
                    )
                    OR EXISTS (SELECT 1 FROM copies WHERE other_id = posts.id AND found_at > judged_at)
                    OR EXISTS (
                        SELECT 1 FROM avatars WHERE avatars.account_id = posts.account_id
                            AND avatars.seen_at > judged_at AND sha256 IS NOT NULL
                    )
                    OR EXISTS (
                        SELECT 1 FROM avatar_copies
                        WHERE avatar_copies.other_id = posts.account_id AND avatar_copies.found_at > judged_at
                    )
                )
            )
            ORDER BY coalesce(published_at, first_seen_at), posts.id
            """,
            {"since": time_text(since)},
        )

    def posts_called(self, name: str) -> list[Post]:
        """The posts that people may mean by a name: a post's number, its address, or the platform's id."""
        if name.isascii() and name.isdigit() and len(name) < 19:
            numbered = self.read(Post, "SELECT * FROM posts WHERE id = ?", [int(name)])
            if numbered:
                return numbered
        sql = "SELECT * FROM posts WHERE url = :name OR platform_id = :name ORDER BY id"
        return self.read(Post, sql, {"name": column_value(name)})
