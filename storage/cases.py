"""Cases: what was known of a post, sealed as a record in the evidence, and the custody log that binds the records.

A record is a JSON file under its SHA-256. The log's entry with that hash is written in the transaction that changed
the rows, so that after a kill at any instruction rows, record and log agree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.chain import BEGINNING, RELEASED, SEALED, LogEntry, first_break, live
from storage.errors import RecordNotFound
from storage.rows import Row, json_text, time_text, to_row
from storage.session import Session

FORMAT = "doppelwatch-case-1"

_FIXED = {
    "posts": ("id", "account_id", "platform_id", "url", "first_seen_at", "media_sha256", "metadata_sha256"),
    "accounts": ("id", "url", "platform"),
    "media": ("sha256", "bytes", "suffix"),
}
"""Columns that never change once a post was judged; others (a caption, a handle) follow the platform."""

_WHOLE = ("findings", "verdicts")
"""Tables whose rows of a case are exactly those of its latest record."""

_GROWING = ("profiles", "avatars", "account_metrics", "post_metrics", "reviews", "judgements")
"""Append-only tables: the rows of a record stay, more may follow."""

_QUERIES = {
    "posts": "SELECT * FROM posts WHERE id = :post",
    "accounts": "SELECT * FROM accounts WHERE id = :account",
    "media": "SELECT sha256, bytes, suffix FROM media WHERE sha256 = (SELECT media_sha256 FROM posts WHERE id = :post)",
    "findings": "SELECT * FROM findings WHERE post_id = :post ORDER BY id",
    "verdicts": "SELECT * FROM verdicts WHERE post_id = :post",
    "profiles": "SELECT * FROM profiles WHERE account_id = :account ORDER BY id",
    # the hash of the bytes binds a picture; its perceptual hashes are no text
    "avatars": "SELECT seen_at, address, sha256, problem FROM avatars WHERE account_id = :account ORDER BY id",
    "account_metrics": "SELECT * FROM account_metrics WHERE account_id = :account ORDER BY id",
    "post_metrics": "SELECT * FROM post_metrics WHERE post_id = :post ORDER BY id",
    "reviews": "SELECT * FROM reviews WHERE post_id = :post ORDER BY id",
    "judgements": "SELECT * FROM judgements WHERE post_id = :post ORDER BY id",
    "polls": "SELECT * FROM polls WHERE account_id = :account ORDER BY id DESC LIMIT 1",
}
"""What a record holds, by table; the latest poll with its trail of requests says how the platform answered."""


class Cases(Session):
    """Sealing, releasing and checking cases. A case is known by the number of its post."""

    def custody_log(self) -> list[LogEntry]:
        """The whole log, oldest first."""
        return self.read(LogEntry, "SELECT * FROM custody_log ORDER BY id")

    def cases(self) -> Mapping[int, LogEntry]:
        """The latest entry of each case that was neither released nor purged, by its post's number."""
        latest = {entry.case_id: entry for entry in self.custody_log()}
        return {case: entry for case, entry in latest.items() if entry.kind == SEALED}

    def unsealed(self, priorities: Collection[str]) -> list[int]:
        """Posts that were judged with one of these priorities and have never been a case, oldest first."""
        rows = self.rows(
            "SELECT post_id FROM verdicts WHERE priority IN (SELECT value FROM json_each(?)) "
            "AND post_id NOT IN (SELECT case_id FROM custody_log) ORDER BY judged_at, post_id",
            [json_text(sorted(priorities))],
        )
        return [row["post_id"] for row in rows]

    def case(self, post_id: int) -> LogEntry | None:
        """The latest entry of a case, None where the post is no case, or one that was released or purged."""
        entries = self._entries_of(post_id)
        return entries[-1] if entries and entries[-1].kind == SEALED else None

    def is_case(self, post_id: int) -> bool:
        """Whether the post is a case that was neither released nor purged."""
        return self.case(post_id) is not None

    def was_case(self, post_id: int) -> bool:
        """Whether the post is or ever was a case; one that was let go is not sealed again."""
        return bool(self._entries_of(post_id))

    def _entries_of(self, post_id: int) -> list[LogEntry]:
        """What the log holds of one post, oldest first."""
        return self.read(LogEntry, "SELECT * FROM custody_log WHERE case_id = ? ORDER BY id", [post_id])

    def seal(self, post_id: int, circumstances: Mapping[str, Any], *, at: datetime) -> str:
        """Keep a record of all that is known of a judged post; returns its SHA-256.

        Args:
            post_id: which post.
            circumstances: what the rows do not say: versions, model hashes, limits; values that JSON takes.
            at: when.

        Raises:
            RecordNotFound: there is no such post.
            StoreFull, StoreReadOnly: it cannot be written; neither is the log.
        """
        with self.transaction():
            known = self._known(post_id)
            latest = self.case(post_id)
            before = None if latest is None else self.record(latest.content_sha256)
            if latest and before and (before["rows"], before["circumstances"]) == (known, circumstances):
                return latest.content_sha256  # nothing more is known
            record = {
                "format": FORMAT,
                "case": post_id,
                "sealed_at": time_text(at),
                "circumstances": circumstances,
                "rows": known,
            }
            data = json.dumps(record, ensure_ascii=True, sort_keys=True, indent=1).encode("ascii") + b"\n"
            sha256 = self.evidence.keep_bytes(data, ".json").sha256
            self._log(SEALED, post_id, sha256, at)
        return sha256

    def release(self, post_id: int, *, at: datetime) -> None:
        """Let a case go: its records are deleted, its media when housekeeping finds them beyond their retention.

        The log keeps a tombstone. Files go before the commit, so that a kill between the two is made good by
        calling it again.

        Raises:
            RecordNotFound: the post is no case.
        """
        with self.transaction():
            entries = self._entries_of(post_id)
            if not entries or entries[-1].kind != SEALED:
                raise RecordNotFound(f"{self._path}: post {post_id} is no case that is kept")
            for one in entries:
                self.evidence.delete(one.content_sha256)
            self._log(RELEASED, post_id, entries[-1].content_sha256, at)

    def record(self, sha256: str) -> Mapping[str, Any] | None:
        """A record by its hash, or None where its file is gone or is not what was sealed."""
        path = self.evidence.path(sha256)
        try:
            data = path.read_bytes() if path is not None else b""
        except OSError:
            return None
        if hashlib.sha256(data).hexdigest() != sha256:
            return None
        found: Mapping[str, Any] = json.loads(data)
        return found

    def _log(self, kind: str, case_id: int, sha256: str, at: datetime) -> None:
        last = self.read(LogEntry, "SELECT * FROM custody_log ORDER BY id DESC LIMIT 1")
        number, before = (last[0].id + 1, last[0].sha256) if last else (1, BEGINNING)
        entry = LogEntry(number, time_text(at), kind, case_id, sha256, before)
        self.insert("custody_log", to_row(entry, entry_sha256=entry.sha256))

    def _known(self, post_id: int) -> dict[str, list[Row]]:
        """The rows of a record, without their own numbers where only the program knows these."""
        posts = self.rows("SELECT account_id FROM posts WHERE id = ?", [post_id])
        if not posts:
            raise RecordNotFound(f"{self._path}: there is no post number {post_id}")
        keys = {"post": post_id, "account": posts[0]["account_id"]}
        known = {table: self.rows(sql, keys) for table, sql in _QUERIES.items()}
        for table, rows in known.items():
            for row in rows if table not in ("posts", "accounts") else ():
                row.pop("id", None)
        # a random shift and a duration, which say nothing of the case
        for row in known["accounts"]:
            row.pop("next_check_at")
        for row in known["polls"]:
            row.pop("elapsed_s")
        return known

    def faults(self, case_id: int | None = None, *, must_have: Collection[str] = ()) -> Iterator[str]:
        """What does not fit, the worst first: the log, then each case with its record, rows and files.

        Args:
            case_id: check the log and this case alone; None checks all, and every evidence file against its name.
            must_have: priorities with which a judged post must be a case.
        """
        try:
            entries = self.custody_log()
        except (TypeError, ValueError) as error:
            yield f"custody log: cannot be read ({error})"
            return
        if (broken := first_break(entries)) is not None:
            yield f"custody log: {broken}"
            return
        stored = [row["entry_sha256"] for row in self.rows("SELECT entry_sha256 FROM custody_log ORDER BY id")]
        for entry, sha256 in zip(entries, stored, strict=True):
            if entry.sha256 != sha256:
                yield f"custody log: entry {entry.id} was changed"
                return
        last = self.rows("SELECT seq FROM sqlite_sequence WHERE name = 'custody_log'")
        if (last[0]["seq"] if last else 0) != len(entries):
            yield "custody log: entries were removed from its end"
            return
        of_case: dict[int, list[LogEntry]] = {}
        for entry in entries:
            of_case.setdefault(entry.case_id, []).append(entry)
        for case, own in of_case.items():
            kept = live(own) if case_id in (None, case) else []
            for entry in kept:
                yield from self._record_faults(entry, is_latest=entry is kept[-1])
        if case_id is None:
            for post_id in self.unsealed(must_have):
                yield f"case {post_id}: the post has an alert and was never sealed"
            yield from self._file_faults()

    def _record_faults(self, entry: LogEntry, *, is_latest: bool) -> Iterator[str]:
        record = self.record(entry.content_sha256)
        if record is None:
            there = self.evidence.path(entry.content_sha256) is not None
            yield f"case {entry.case_id}: its record {entry.content_sha256} {'was changed' if there else 'is missing'}"
            return
        if not is_latest:
            return
        sealed: Mapping[str, list[Row]] = record["rows"]
        try:
            known = self._known(entry.case_id)
        except RecordNotFound:
            yield f"case {entry.case_id}: its post is gone from the database"
            return
        for table in (*_FIXED, *_WHOLE, *_GROWING):
            if not _agree(table, sealed.get(table, []), known[table]):
                yield f"case {entry.case_id}: its rows in the table {table} are not those that were sealed"
        for sha256 in files_of(record):
            if (path := self.evidence.path(sha256)) is None:
                yield f"case {entry.case_id}: its file {sha256} is missing"
            elif _sha256_of(path) != sha256:
                yield f"case {entry.case_id}: its file {sha256} was changed"

    def _file_faults(self) -> Iterator[str]:
        for path in sorted(self.evidence.folder.glob("[0-9a-f][0-9a-f]/*")):
            if path.name[:64] != _sha256_of(path):
                yield f"evidence file {path.relative_to(self.evidence.folder)}: its bytes are not those of its name"


def files_of(record: Mapping[str, Any]) -> list[str]:
    """The hashes of the media, the platform's metadata and the pictures that a record names, sorted."""
    found = {row["sha256"] for row in record["rows"]["media"]}
    found |= {row.get("metadata_sha256") for row in record["rows"]["posts"]}
    for finding in record["rows"]["findings"]:
        for exhibit in json.loads(finding["exhibits"]):
            found.add(exhibit.get("jpeg_sha256"))
    return sorted(sha256 for sha256 in found if sha256 is not None)


def _agree(table: str, sealed: list[Row], known: list[Row]) -> bool:
    """Whether the rows of today are those that were sealed, as far as they must be."""
    if table in _FIXED:
        names = _FIXED[table]
        # a record may be older than a column
        return [[row.get(name) for name in names] for row in sealed] == [[row[name] for name in names] for row in known]
    if table in _WHOLE:
        return sealed == known
    return known[: len(sealed)] == sealed


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


__all__ = ["FORMAT", "Cases", "files_of"]
