"""What must not pile up: media that nobody was warned of, old polls, the write-ahead log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from storage.rows import Row, json_text, time_text
from storage.session import Session


class Housekeeping(Session):
    """Deleting what is beyond its retention. Rows that a digest rests on are never deleted."""

    def prune_media(
        self, older_than: datetime, keep_priorities: Collection[str], *, at: datetime | None = None
    ) -> list[str]:
        """Delete media of posts that were judged before `older_than` with a priority that is not kept.

        Those that could not be examined, and are not tried again, go with them: nobody was warned of them.
        The hash stays in the rows, so that a copy elsewhere can still be recognised. A file that several
        posts share goes only when all of them agree. The pictures that findings took from it, and what the
        platform told of the post, go with it. Files are deleted before the row says so: a kill between the two
        leaves a row that the next call puts right.

        A case (:mod:`storage.cases`) keeps its files until it is released, whatever its priority has become; one that
        was released keeps none.

        `at` is the time that the rows then tell; None is now.

        Returns:
            The hashes of the media files that were deleted.
        """
        beyond = self.rows(
            """
            SELECT sha256 FROM media
            WHERE deleted_at IS NULL
                AND EXISTS (SELECT 1 FROM posts WHERE media_sha256 = sha256)
                AND NOT EXISTS (
                    SELECT 1 FROM posts LEFT JOIN verdicts ON verdicts.post_id = posts.id
                    WHERE media_sha256 = sha256 AND NOT iif(
                        state IN ('gone', 'skipped', 'failed'),
                        next_try_at IS NULL AND state_since < :older_than,
                        state = 'judged' AND coalesce(judged_at < :older_than, 0)
                            AND CASE (
                                SELECT kind FROM custody_log WHERE case_id = posts.id
                                ORDER BY custody_log.id DESC LIMIT 1
                            )
                                WHEN 'sealed' THEN 0
                                WHEN 'released' THEN 1
                                ELSE priority NOT IN (SELECT value FROM json_each(:kept))
                            END
                    )
                )
            ORDER BY sha256
            """,
            {"older_than": time_text(older_than), "kept": json_text(sorted(keep_priorities))},
        )
        going = [row["sha256"] for row in beyond]
        for row in self._pictures_of(going) if going else ():
            self.evidence.delete(row["picture"])
        for row in self.rows(
            "SELECT metadata_sha256 AS sha256 FROM posts WHERE metadata_sha256 IS NOT NULL "
            "AND media_sha256 IN (SELECT value FROM json_each(?))",
            [json_text(going)],
        ):
            self.evidence.delete(row["sha256"])
        deleted = []
        for sha256 in going:
            if self.evidence.delete(sha256):
                deleted.append(sha256)
            self.write("UPDATE media SET deleted_at = ? WHERE sha256 = ?", [time_text(at or datetime.now(UTC)), sha256])
        return deleted

    def _pictures_of(self, going: Sequence[str]) -> list[Row]:
        """Pictures that findings on these files show and that no file which stays is shown by."""
        return self.rows(
            """
            WITH shown AS MATERIALIZED (
                SELECT DISTINCT media_sha256, json_extract(exhibit.value, '$.jpeg_sha256') AS picture
                FROM findings JOIN posts ON posts.id = findings.post_id, json_each(findings.exhibits) AS exhibit
                WHERE picture IS NOT NULL
            ), going AS (SELECT value AS sha256 FROM json_each(:going))
            SELECT media_sha256, picture FROM shown
            WHERE media_sha256 IN (SELECT sha256 FROM going) AND picture NOT IN (
                SELECT picture FROM shown JOIN media ON media.sha256 = media_sha256
                WHERE deleted_at IS NULL AND media_sha256 NOT IN (SELECT sha256 FROM going)
            )
            ORDER BY media_sha256, picture
            """,
            {"going": json_text(list(going))},
        )

    def prune_polls(self, older_than: datetime) -> int:
        """Delete the trails of polls before `older_than`, except each account's latest; returns how many."""
        return self.write(
            """
            DELETE FROM polls
            WHERE at < ? AND id NOT IN (SELECT max(id) FROM polls GROUP BY account_id)
            """,
            [time_text(older_than)],
        )

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the database and empty it; readers that are in it keep their part."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
