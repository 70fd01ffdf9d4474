"""Digests: which day's page each judged post stands on, and whether that page has been written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from storage.errors import RecordInvalid, RecordNotFound
from storage.records import DigestEntry, DigestRecord, Post, PostMetric, StoredVerdict, VerdictChange
from storage.rows import column_value, time_text
from storage.session import Session


class Digests(Session):
    """Gathering judged posts into digests; a post enters exactly one, however often this is repeated."""

    def gather_digest(self, day: str, *, covers_to: datetime) -> DigestRecord:
        """Put every judged post that is in no digest yet into that day's; one that was handed out takes no more.

        Args:
            day: the ISO date in the digest's time zone; made if it is not there yet.
            covers_to: until when the digest looks; a day that is gathered again keeps the later time.

        Returns:
            The digest, with `rendered_at` None where it is new or has got entries, so that a page that
            was not written, or is out of date, is known also after a kill.

        Raises:
            RecordInvalid: the day is no ISO date.
        """
        if not _is_day(day):
            raise RecordInvalid(f"{day!r} is no day; give an ISO date like 2026-11-24")
        with self.transaction():
            self.write(
                """
                INSERT INTO digests (day, covers_from, covers_to)
                VALUES (:day, (SELECT covers_to FROM digests WHERE day < :day ORDER BY day DESC LIMIT 1), :covers_to)
                ON CONFLICT (day) DO UPDATE SET covers_to = max(covers_to, excluded.covers_to)
                    WHERE handed_out_at IS NULL
                """,
                {"day": day, "covers_to": time_text(covers_to)},
            )
            added = self.write(
                """
                INSERT INTO digest_entries (post_id, digest_id)
                SELECT posts.id, digests.id FROM posts, digests
                WHERE digests.day = ? AND digests.handed_out_at IS NULL AND posts.state = 'judged'
                    AND NOT EXISTS (SELECT 1 FROM digest_entries WHERE post_id = posts.id)
                """,
                [day],
            )
            if added:
                self.write("UPDATE digests SET rendered_at = NULL WHERE day = ?", [day])
            return self.read_one(DigestRecord, f"digest of {day}", "SELECT * FROM digests WHERE day = ?", [day])

    def gather_anew(self, day: str, *, since: datetime, until: datetime) -> DigestRecord:
        """Make a day's digest of everything that was judged in a time, whichever digest it stood in.

        For copies of a store only: which digest a post stands in is forgotten.
        """
        with self.transaction():
            self.write("DELETE FROM digest_entries")
            self.write("DELETE FROM deliveries")
            self.write("DELETE FROM digests WHERE day >= ?", [day])
            digest_id = self.insert(
                "digests", {"day": day, "covers_from": time_text(since), "covers_to": time_text(until)}
            )
            self.write(
                """
                INSERT INTO digest_entries (post_id, digest_id)
                SELECT post_id, ? FROM verdicts WHERE judged_at >= ? AND judged_at <= ?
                """,
                [digest_id, time_text(since), time_text(until)],
            )
        return self.digest(digest_id)

    def digest(self, digest_id: int) -> DigestRecord:
        """One digest by its number.

        Raises:
            RecordNotFound: there is none.
        """
        sql = "SELECT * FROM digests WHERE id = ?"
        return self.read_one(DigestRecord, f"digest number {digest_id}", sql, [digest_id])

    def digests(self) -> list[DigestRecord]:
        """All digests, newest first."""
        return self.read(DigestRecord, "SELECT * FROM digests ORDER BY day DESC")

    def unrendered_digests(self) -> list[DigestRecord]:
        """The digests whose page is not written or out of date, oldest first."""
        return self.read(DigestRecord, "SELECT * FROM digests WHERE rendered_at IS NULL ORDER BY day")

    def digest_posts(self, digest_id: int) -> list[Post]:
        """The posts of a digest, oldest first."""
        return self.read(
            Post,
            """
            SELECT posts.* FROM posts JOIN digest_entries ON digest_entries.post_id = posts.id
            WHERE digest_entries.digest_id = ?
            ORDER BY coalesce(published_at, first_seen_at), posts.id
            """,
            [digest_id],
        )

    def digest_verdicts(self, digest_id: int) -> list[StoredVerdict]:
        """The judgements on the posts of a digest, in the order of the posts' numbers."""
        return self.read(
            StoredVerdict,
            """
            SELECT verdicts.* FROM verdicts JOIN digest_entries ON digest_entries.post_id = verdicts.post_id
            WHERE digest_entries.digest_id = ?
            ORDER BY verdicts.post_id
            """,
            [digest_id],
        )

    def digest_metrics(self, digest_id: int) -> list[PostMetric]:
        """The reach of the posts of a digest over time, post by post, oldest first."""
        return self.read(
            PostMetric,
            """
            SELECT post_metrics.* FROM post_metrics JOIN digest_entries ON digest_entries.post_id = post_metrics.post_id
            WHERE digest_entries.digest_id = ?
            ORDER BY post_metrics.post_id, post_metrics.at, post_metrics.id
            """,
            [digest_id],
        )

    def digest_priorities(self) -> Mapping[int, Mapping[str, int]]:
        """How many posts of each priority each digest holds, by the digest's number; empty ones are left out."""
        found: dict[int, dict[str, int]] = {}
        for row in self.rows(
            """
            SELECT digest_id, priority, count(*) AS n
            FROM digest_entries JOIN verdicts ON verdicts.post_id = digest_entries.post_id
            GROUP BY digest_id, priority ORDER BY digest_id, priority
            """
        ):
            found.setdefault(row["digest_id"], {})[row["priority"]] = row["n"]
        return found

    def verdict_changes(self, digest_id: int) -> list[VerdictChange]:
        """The posts of earlier digests whose label or priority changed in the time that this digest covers.

        What held when that time began is compared with what held at its end, so that each change is told by exactly
        one digest, however often its page is written.
        """
        return self.read(
            VerdictChange,
            """
            WITH this AS (SELECT * FROM digests WHERE id = ?),
            moved AS (
                SELECT post_id, max(judged_at) AS at FROM judgements, this
                WHERE judged_at > this.covers_from AND judged_at <= this.covers_to GROUP BY post_id
            )
            SELECT moved.post_id, digests.day AS told_on, moved.at,
                told.label AS told_label, told.priority AS told_priority, told.rule AS told_rule,
                latest.label, latest.priority, latest.rule
            FROM moved JOIN this
            JOIN digest_entries ON digest_entries.post_id = moved.post_id
            JOIN digests ON digests.id = digest_entries.digest_id AND digests.day < this.day
            JOIN judgements AS told ON told.id = (
                SELECT id FROM judgements WHERE post_id = moved.post_id AND judged_at <= this.covers_from
                ORDER BY judged_at DESC, id DESC LIMIT 1
            )
            JOIN judgements AS latest ON latest.id = (
                SELECT id FROM judgements WHERE post_id = moved.post_id AND judged_at <= this.covers_to
                ORDER BY judged_at DESC, id DESC LIMIT 1
            )
            WHERE (told.label, told.priority) IS NOT (latest.label, latest.priority)
            ORDER BY moved.post_id
            """,
            [digest_id],
        )

    def digest_entry(self, post_id: int) -> DigestEntry | None:
        """Which digest a post stands in, or None before it stands in one."""
        return next(iter(self.read(DigestEntry, "SELECT * FROM digest_entries WHERE post_id = ?", [post_id])), None)

    def mark_rendered(self, digest_id: int, path: str, at: datetime) -> None:
        """The page of a digest is written, at this path.

        Raises:
            RecordNotFound: there is no such digest.
        """
        changed = self.write(
            "UPDATE digests SET path = ?, rendered_at = ? WHERE id = ?", [column_value(path), time_text(at), digest_id]
        )
        if not changed:
            raise RecordNotFound(f"{self._path}: there is no digest number {digest_id}")


def _is_day(text: str) -> bool:
    """Tell whether this is a date in the one form whose order as text is the order of the days."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
