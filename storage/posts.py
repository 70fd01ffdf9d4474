"""Posts and the steps of the work on them; each step is one transaction that may be repeated."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from storage.errors import RecordInvalid
from storage.records import Media, Post, PostMetric, PostState, StoredFinding, StoredVerdict
from storage.rows import column_value, json_text, parse_time, time_text, to_row
from storage.session import Session

_WITH_THIS_MEDIA = (PostState.FETCHED, PostState.EXAMINED, PostState.JUDGED)


class Posts(Session):
    """Reading posts and recording what was done with them; new ones come in :mod:`storage.polls`."""

    def post(self, post_id: int) -> Post:
        """One post by its number.

        Raises:
            RecordNotFound: there is none.
        """
        return self.read_one(Post, f"post number {post_id}", "SELECT * FROM posts WHERE id = ?", [post_id])

    def find_post(self, account_id: int, platform_id: str) -> Post | None:
        """An account's post by the platform's id, or None where it was never seen."""
        sql = "SELECT * FROM posts WHERE account_id = ? AND platform_id = ?"
        return next(iter(self.read(Post, sql, [account_id, column_value(platform_id)])), None)

    def posts(self, *, account_id: int | None = None, state: PostState | None = None) -> list[Post]:
        """All posts, or those of one account, in one state, or both; oldest first."""
        return self.read(
            Post,
            """
            SELECT * FROM posts
            WHERE (:account_id IS NULL OR account_id = :account_id) AND (:state IS NULL OR state = :state)
            ORDER BY coalesce(published_at, first_seen_at), id
            """,
            {"account_id": account_id, "state": None if state is None else str(state)},
        )

    def newest_publications(self, account_id: int, most: int) -> list[datetime]:
        """When the newest posts of an account were published, newest first; those without a known time are left out."""
        sql = "SELECT published_at FROM posts WHERE account_id = ? AND published_at IS NOT NULL ORDER BY 1 DESC LIMIT ?"
        return [parse_time(row["published_at"]) for row in self.rows(sql, [account_id, most])]

    def first_sightings(
        self, account_id: int, *, fresh: timedelta, alerts: Collection[str]
    ) -> list[tuple[datetime, bool]]:
        """When posts of an account were first seen, each time once, oldest first; beside it, whether one has an alert.

        Args:
            account_id: whose.
            fresh: posts that were older than this when they were first seen are left out, unless they have an alert.
            alerts: the priorities that are one.
        """
        rows = self.rows(
            """
            SELECT first_seen_at, max(alerted) AS alerted FROM (
                SELECT first_seen_at, coalesce(priority IN (SELECT value FROM json_each(:alerts)), 0) AS alerted,
                    julianday(first_seen_at) - julianday(coalesce(published_at, first_seen_at)) AS age
                FROM posts LEFT JOIN verdicts ON verdicts.post_id = posts.id
                WHERE account_id = :account_id AND state <> 'gone'
            )
            WHERE alerted OR age <= :fresh GROUP BY first_seen_at ORDER BY first_seen_at
            """,
            {"account_id": account_id, "fresh": fresh / timedelta(days=1), "alerts": json_text(sorted(alerts))},
        )
        return [(parse_time(row["first_seen_at"]), bool(row["alerted"])) for row in rows]

    def work(self, state: PostState, now: datetime, *, limit: int | None = None) -> list[Post]:
        """The posts that wait in this state, oldest first, at most `limit`.

        Failed posts whose time to try again has come wait with the seen ones: their work starts over.
        """
        return self.read(
            Post,
            """
            SELECT * FROM posts
            WHERE state = :state OR (:state = 'seen' AND state = 'failed' AND next_try_at <= :now)
            ORDER BY coalesce(published_at, first_seen_at), id
            LIMIT :limit
            """,
            {"state": str(state), "now": time_text(now), "limit": -1 if limit is None else limit},
        )

    def counts(self) -> Mapping[str, int]:
        """How many posts are in each state, in the order of the work; states without any are left out."""
        found = {row["state"]: row["n"] for row in self.rows("SELECT state, count(*) AS n FROM posts GROUP BY state")}
        return {str(state): found[state] for state in PostState if state in found}

    def post_metrics(self, post_id: int) -> list[PostMetric]:
        """The reach of a post over time, oldest first."""
        return self.read(PostMetric, "SELECT * FROM post_metrics WHERE post_id = ? ORDER BY at, id", [post_id])

    def settled_views(self, account_id: int, *, but: int, at_most: int) -> list[int]:
        """The latest views of an account's newest other posts, of those measured a day after publication or later.

        Younger ones are still on their way and would make any older post look unusual. A post without a time of
        publication counts from when it was first seen.
        """
        rows = self.rows(
            """
            SELECT views FROM (
                SELECT coalesce(published_at, first_seen_at) AS born, id, (
                    SELECT views FROM post_metrics WHERE post_id = posts.id AND views IS NOT NULL
                        AND julianday(at) - julianday(coalesce(posts.published_at, posts.first_seen_at)) >= 1
                    ORDER BY at DESC, id DESC LIMIT 1
                ) AS views
                FROM posts WHERE account_id = :account_id AND id <> :but
            )
            WHERE views IS NOT NULL ORDER BY born DESC, id DESC LIMIT :at_most
            """,
            {"account_id": account_id, "but": but, "at_most": at_most},
        )
        return [row["views"] for row in rows]

    def findings(self, post_id: int) -> list[StoredFinding]:
        """What the detectors found on a post, in the order in which they were given."""
        return self.read(StoredFinding, "SELECT * FROM findings WHERE post_id = ? ORDER BY id", [post_id])

    def verdict(self, post_id: int) -> StoredVerdict | None:
        """The judgement on a post, or None before it."""
        return next(iter(self.read(StoredVerdict, "SELECT * FROM verdicts WHERE post_id = ?", [post_id])), None)

    def record_fetch(self, post_id: int, media: Media, *, metadata_sha256: str | None = None, at: datetime) -> None:
        """The post's media lie in the evidence: the post is fetched.

        `metadata_sha256` is the hash of what its platform told of it, which lies there, too.

        Repeating it with the same media changes nothing, however far the post has come since.

        Raises:
            RecordNotFound: there is no such post.
        """
        with self.transaction():
            post = self.post(post_id)
            self.write(
                """
                INSERT INTO media (sha256, bytes, suffix, kept_at) VALUES (:sha256, :bytes, :suffix, :kept_at)
                ON CONFLICT (sha256) DO UPDATE SET deleted_at = NULL, suffix = excluded.suffix
                """,
                to_row(media, kept_at=at),
            )
            if not (post.media_sha256 == media.sha256 and post.state in _WITH_THIS_MEDIA):
                self.write(
                    "UPDATE posts SET media_sha256 = ?, metadata_sha256 = coalesce(?, metadata_sha256) WHERE id = ?",
                    [media.sha256, metadata_sha256, post_id],
                )
                self._move(post_id, PostState.FETCHED, at)

    def record_examination(self, post_id: int, findings: Sequence[StoredFinding], *, at: datetime) -> None:
        """The clip was examined: its findings take the place of all earlier ones.

        Raises:
            RecordNotFound: there is no such post.
            RecordInvalid: a finding is about another post, or not about the clip.
        """
        with self.transaction():
            self.post(post_id)
            self.write("DELETE FROM findings WHERE post_id = ?", [post_id])
            self._add_findings(post_id, findings, "clip", at)
            self._move(post_id, PostState.EXAMINED, at)

    def record_verdict(
        self,
        verdict: StoredVerdict,
        *,
        at: datetime,
        context: Sequence[StoredFinding] | None = None,
        copies: Sequence[int] = (),
    ) -> None:
        """The post was judged: this verdict takes the place of an earlier one, whose gist stays in the history.

        Args:
            verdict: the judgement.
            at: when it was made, unless it says so itself.
            context: findings of what is known besides the bytes, which take the place of earlier ones; those of the
                clip stay. None leaves all as they are.
            copies: numbers of other posts that show the same pictures; those that were judged before are judged again
                (:meth:`storage.reviews.Reviews.outdated_verdicts`).

        Raises:
            RecordNotFound: there is no such post.
            RecordInvalid: a finding is about another post, or about the clip.
        """
        row = to_row(verdict, judged_at=verdict.judged_at or at)
        gist = {name: row[name] for name in ("post_id", "label", "priority", "rule")}
        with self.transaction():
            self.post(verdict.post_id)
            if context is not None:
                self.write("DELETE FROM findings WHERE post_id = ? AND stage = 'context'", [verdict.post_id])
                self._add_findings(verdict.post_id, context, "context", at)
            self.replace("verdicts", "post_id", row)
            for other in copies:
                row_of_copy = {"post_id": verdict.post_id, "other_id": other, "found_at": row["judged_at"]}
                self.insert_new("copies", "post_id, other_id", row_of_copy)
            latest = "SELECT * FROM judgements WHERE post_id = ? ORDER BY judged_at DESC, id DESC LIMIT 1"
            before = self.rows(latest, [verdict.post_id])
            if not before or any(before[0][name] != value for name, value in gist.items()):
                self.insert("judgements", gist | {"judged_at": row["judged_at"]})
            self._move(verdict.post_id, PostState.JUDGED, at)

    def _add_findings(self, post_id: int, findings: Sequence[StoredFinding], stage: str, at: datetime) -> None:
        for finding in findings:
            if finding.post_id != post_id or finding.stage != stage:
                raise RecordInvalid(
                    f"a {finding.stage} finding of {finding.detector} is about post {finding.post_id}, where those of "
                    f"the {stage} of post {post_id} are recorded; record each post's findings by themselves"
                )
            self.insert("findings", to_row(finding, examined_at=finding.examined_at or at))

    def record_problem(
        self, post_id: int, state: PostState, problem: str, *, at: datetime, next_try_at: datetime | None = None
    ) -> None:
        """The work on the post ended badly: it moves to `state`, and the attempt is counted.

        Args:
            post_id: which post.
            state: gone, skipped or failed.
            problem: why, kept as one line.
            at: when.
            next_try_at: when a failed post waits again with the seen ones; None means never.

        Raises:
            RecordNotFound: there is no such post.
        """
        with self.transaction():
            self.post(post_id)
            self._move(post_id, state, at)
            self.write(
                "UPDATE posts SET attempts = attempts + 1, problem = ?, next_try_at = ? WHERE id = ?",
                [column_value(" ".join(problem.split())), column_value(next_try_at), post_id],
            )

    def _move(self, post_id: int, state: PostState, at: datetime) -> None:
        """Put the post into a state; `state_since` stays where it was in that state already."""
        self.write(
            """
            UPDATE posts SET state_since = iif(state = :state, state_since, :at), state = :state,
                next_try_at = NULL, problem = ''
            WHERE id = :post_id
            """,
            {"post_id": post_id, "state": str(state), "at": time_text(at)},
        )
