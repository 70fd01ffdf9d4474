"""Perceptual hashes of key frames: kept with the examination, read by whoever looks for copies."""

from __future__ import annotations

from collections.abc import Sequence

from storage.errors import RecordInvalid
from storage.opening import clear_errors
from storage.records import StoredHash
from storage.session import Session

HASH_BYTES = 32


class Fingerprints(Session):
    """Hashes of the key frames of posts; those of a post are replaced together."""

    def record_fingerprint(self, post_id: int, hashes: Sequence[StoredHash]) -> None:
        """Keep the hashes of a post in the place of earlier ones.

        Raises:
            RecordInvalid: a hash is of another post or has not 32 bytes.
        """
        for one in hashes:
            if one.post_id != post_id or len(one.hash) != HASH_BYTES:
                raise RecordInvalid(f"a hash of post {post_id} has {HASH_BYTES} bytes and names that post")
        with self.transaction() as db:
            self.write("DELETE FROM frame_hashes WHERE post_id = ?", [post_id])
            db.conn.executemany(
                "INSERT INTO frame_hashes (post_id, time_s, kind, hash, quality) VALUES (?, ?, ?, ?, ?)",
                [(one.post_id, one.time_s, one.kind, one.hash, one.quality) for one in hashes],
            )

    def fingerprint(self, post_id: int) -> list[StoredHash]:
        """The hashes of a post, in the order of their times."""
        return self.read(
            StoredHash,
            "SELECT post_id, time_s, kind, hash, quality FROM frame_hashes WHERE post_id = ? ORDER BY time_s, id",
            [post_id],
        )

    def hashes_after(self, number: int, at_most: int) -> list[tuple[int, int, bytes]]:
        """What lookups search, from the row after this number on: number, post, hash; in their order.

        Whole pictures and those without a border; mirrored ones and faces are only ever asked about. Numbers are never
        used again, so that whoever remembers the latest one misses nothing.
        """
        sql = """
            SELECT id, post_id, hash FROM frame_hashes
            WHERE id > ? AND kind IN ('whole', 'inner') ORDER BY id LIMIT ?
        """
        with self._lock, clear_errors(self._path):  # plain tuples: there may be millions
            return self.db.execute(sql, [number, at_most]).fetchall()
