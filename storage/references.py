"""What is enrolled of the protected people: biometric data, kept while person, file and model stay the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from storage.records import ReferenceKey, StoredReference
from storage.rows import time_text
from storage.session import Session

_COLUMNS = "person, kind, source_sha256, model_sha256, recipe, embedding, speech_s, made_at"


class References(Session):
    """Embeddings of reference photos and recordings, one row for each file, model and recipe of a person."""

    def references(self) -> list[StoredReference]:
        """All that is enrolled, by person, in the order in which it was made."""
        return self.read(StoredReference, "SELECT * FROM reference_embeddings ORDER BY person, kind, id")

    def record_references(self, made: Sequence[StoredReference]) -> None:
        """Keep what was enrolled, in the place of what there was of the same key.

        Raises:
            RecordInvalid: a hash is none, the embedding holds no float32 values, or the kind is not a known one.
        """
        with self.transaction() as db:
            db.conn.executemany(
                f"INSERT OR REPLACE INTO reference_embeddings ({_COLUMNS}) "  # noqa: S608 - names are ours
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(*one.key, one.embedding, one.speech_s, time_text(one.made_at)) for one in made],
            )

    def retain_references(self, wanted: Collection[ReferenceKey]) -> int:
        """Delete everything that is enrolled but these; returns how many rows went."""
        going = [one.key for one in self.references() if one.key not in wanted]
        if going:
            with self._overwriting(), self.transaction() as db:
                db.conn.executemany(
                    "DELETE FROM reference_embeddings "
                    "WHERE (person, kind, source_sha256, model_sha256, recipe) = (?, ?, ?, ?, ?)",
                    going,
                )
        return len(going)

    def forget_references(self, person: str) -> int:
        """Delete everything that is enrolled of a person; returns how many rows went."""
        with self._overwriting():
            return self.write("DELETE FROM reference_embeddings WHERE person = ?", [person])

    @contextmanager
    def _overwriting(self) -> Iterator[None]:
        """SQLite overwrites with zeros what is deleted meanwhile, so that no face or voice is left in the file.

        Then the write-ahead log, which may still hold it, is folded in and cut. A reader can keep SQLite from that;
        the next deletion, housekeeping or the end of the program makes up for it.
        """
        with self._lock:
            self.rows("PRAGMA secure_delete = ON")
            try:
                yield
            finally:
                self.rows("PRAGMA secure_delete = OFF")
            if not self.db.conn.in_transaction:
                self.rows("PRAGMA wal_checkpoint(TRUNCATE)")


__all__ = ["References"]
