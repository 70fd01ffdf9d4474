"""Purging: everything that the store has of a protected person goes for good, and the custody log stays whole.

What goes is found by the database's own foreign keys, and what is left of texts by looking through every column, so
that a table that is added later is covered without a word here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.cases import Cases
from storage.chain import PURGED, live
from storage.opening import clear_errors
from storage.references import References
from storage.rows import Row, json_text
from storage.traces import Marks

_KEYS = {
    "accounts": ("url", "handle", "stable_id"),
    "posts": ("url", "platform_id"),
    "lookalikes": ("url", "handle"),
}
"""What rows are told apart by, beside `person`: not changed where another person's holds the name, but reported."""

_OURS = ("custody_log", "media", "sqlite_sequence")
"""Tables that hold nothing but hashes, numbers and times."""

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store has of a person, by number.

    Attributes:
        accounts: addresses of the accounts that are compared with the person.
        posts: posts of these accounts.
        cases: posts that are cases and were not released.
        references: embeddings of photos and recordings.
        lookalikes: handles that were asked for.
    """

    accounts: tuple[str, ...] = ()
    posts: int = 0
    cases: tuple[int, ...] = ()
    references: int = 0
    lookalikes: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing."""
        return not (self.accounts or self.references or self.lookalikes)


@dataclass(slots=True)
class Purged:
    """What went: rows by table, evidence files, and texts of others in which the name was replaced, by column."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    redacted: dict[str, int] = field(default_factory=dict)


class Purging(References, Cases):
    """Looking up and deleting what there is of a person; only the single writer may do it."""

    def holding(self, person: str) -> Holding:
        """What there is of a person."""
        accounts = self.rows("SELECT url FROM accounts WHERE person = ? ORDER BY id", [person])
        posts = {
            row["id"]
            for row in self.rows(
                "SELECT id FROM posts WHERE account_id IN (SELECT id FROM accounts WHERE person = ?)", [person]
            )
        }
        return Holding(
            accounts=tuple(row["url"] for row in accounts),
            posts=len(posts),
            cases=tuple(case for case in self.cases() if case in posts),
            references=self._count("reference_embeddings", person),
            lookalikes=self._count("lookalikes", person),
        )

    def person_marks(self, person: str) -> Marks:
        """What to search for that only the store knows: addresses of the person's accounts, embeddings, hashes."""
        own = [table for table in self._tables_with("person") if table != "accounts"]
        columns = [(table, row["name"]) for table in own for row in self._columns(table) if row["type"] == "BLOB"]
        vectors = [
            row["value"]
            for table, name in columns
            for row in self.rows(f"SELECT {name} AS value FROM {table} WHERE person = ?", [person])  # noqa: S608 - names are ours
        ]
        sources = {one.source_sha256 for one in self.references() if one.person == person}
        return Marks(texts=(*self.holding(person).accounts, *sorted(sources)), vectors=tuple(filter(None, vectors)))

    def known_people(self) -> list[str]:
        """The names of everybody of whom there is something, sorted."""
        return sorted(
            {
                row["person"]
                for table in self._tables_with("person")
                for row in self.rows(f"SELECT DISTINCT person FROM {table} WHERE person IS NOT NULL")  # noqa: S608 - names are ours
            }
        )

    def purge(self, person: str, marks: Marks, *, at: datetime) -> Purged:
        """Delete a person's accounts with all that hangs on them, references and look-alikes, and the name elsewhere.

        Rows go in one transaction; the log gets a tombstone for each case that goes. Where others' rows hold the name
        in a text, :data:`storage.traces.REMOVED` takes its place, and their cases are sealed anew. Then the files that
        nothing names any more are deleted, and the database is written anew, so that no page of it or of its log still
        holds what went. After a kill in between, a second call does the rest.

        Args:
            person: the name in the configuration.
            marks: what is looked for in the texts that stay.
            at: when.

        Raises:
            StoreReadOnly, StoreLocked, StoreFull: as their names say.
        """
        gone = Purged()
        with self._overwriting():
            with self.transaction() as db, self._without_triggers():
                db.execute("PRAGMA defer_foreign_keys = on")
                cases = self.holding(person).cases
                own = "person = :person OR (person IS NULL AND (matches(url) OR matches(handle)))"
                self._register(marks)
                db.execute(
                    "UPDATE digests SET rendered_at = NULL WHERE id IN (SELECT digest_id FROM digest_entries "  # noqa: S608 - names are ours
                    f"JOIN posts ON posts.id = post_id WHERE account_id IN (SELECT id FROM accounts WHERE {own}))",
                    {"person": person},
                )
                self._delete("accounts", own, person, gone)
                for table in self._tables_with("person"):
                    self._delete(table, "person = :person", person, gone)
                self._forget_posts(gone)
                for case in cases:
                    self._log(PURGED, case, self._entries_of(case)[-1].content_sha256, at)
                changed = self._redact_metadata(marks)
                self._redact(marks, gone)
                self._seal_anew(marks, changed, at)
            gone.files = self._sweep_files()
            with clear_errors(self._path):
                self.db.execute("VACUUM")
        return gone

    def unrender(self, day: str) -> None:
        """Have the page of a day written again."""
        self.write("UPDATE digests SET rendered_at = NULL WHERE day = ?", [day])

    def traces(self, marks: Marks) -> list[str]:
        """Where rows hold a trace: `table.column`, and the number of the row."""
        return [
            f"{table}.{column}, row {row}"
            for table, column, row, text in self._texts()
            if marks.text.search(text) is not None
        ]

    def _count(self, table: str, person: str) -> int:
        return int(self.rows(f"SELECT count(*) AS n FROM {table} WHERE person = ?", [person])[0]["n"])  # noqa: S608 - names are ours

    def _tables_with(self, column: str) -> list[str]:
        """Tables that have this column."""
        return [table for table in self._tables() if column in {row["name"] for row in self._columns(table)}]

    def _columns(self, table: str) -> list[Row]:
        return self.rows(f"PRAGMA table_info({table})")

    def _register(self, marks: Marks) -> None:
        self.db.conn.create_function("matches", 1, lambda text: bool(text and marks.text.search(text)))

    @contextmanager
    def _without_triggers(self) -> Iterator[None]:
        """Append-only tables lose rows here and nowhere else; what guards them is back before the commit."""
        guards = self.rows(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%\\_no\\_%' ESCAPE '\\'"
        )
        for guard in guards:
            self.db.execute(f"DROP TRIGGER {guard['name']}")
        yield
        for guard in guards:
            self.db.execute(guard["sql"])

    def _delete(self, table: str, where: str, person: str, gone: Purged) -> None:
        """Delete rows, and first those of other tables that point to them."""
        for child, column, target in self._children(table):
            self._delete(child, f"{column} IN (SELECT {target} FROM {table} WHERE {where})", person, gone)  # noqa: S608 - names are ours
        number = self.write(f"DELETE FROM {table} WHERE {where}", {"person": person})  # noqa: S608 - names are ours
        gone.rows[table] = gone.rows.get(table, 0) + number

    def _children(self, table: str) -> list[tuple[str, str, str]]:
        """Tables that point to this one: name, column, and the column that it points to."""
        return [
            (str(row["name"]), str(key["from"]), str(key["to"] or "id"))
            for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            for key in self.rows(f"PRAGMA foreign_key_list({row['name']})")
            if key["table"] == table
        ]

    def _forget_posts(self, gone: Purged) -> None:
        """What names posts that are gone without a foreign key: files that no post has, and messages about them."""
        gone.rows["media"] = self.write(
            "DELETE FROM media WHERE sha256 NOT IN (SELECT media_sha256 FROM posts WHERE media_sha256 IS NOT NULL)"
        )
        there = {row["id"] for row in self.rows("SELECT id FROM posts")}
        gone.rows["deliveries"] = 0
        for row in self.rows("SELECT id, items FROM deliveries WHERE kind = 'alert'"):
            items = json.loads(row["items"])
            left = [item for item in items if item in there]
            if not left:
                gone.rows["deliveries"] += self.write("DELETE FROM deliveries WHERE id = ?", [row["id"]])
            elif left != items:
                self.write("UPDATE deliveries SET items = ? WHERE id = ?", [json_text(left), row["id"]])

    def _redact(self, marks: Marks, gone: Purged) -> None:
        """Replace the name in the texts of what stays."""
        for table, column, row, text in list(self._texts()):
            if column in ("person", *_KEYS.get(table, ())) or (changed := marks.redacted(text)) == text:
                continue
            self.write(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [changed, row])  # noqa: S608 - names are ours
            gone.redacted[f"{table}.{column}"] = gone.redacted.get(f"{table}.{column}", 0) + 1

    def _redact_metadata(self, marks: Marks) -> set[int]:
        """Replace the name in what platforms told of others' posts; returns the posts whose file is another now."""
        changed = set()
        for row in self.rows("SELECT id, metadata_sha256 AS sha256 FROM posts WHERE metadata_sha256 IS NOT NULL"):
            path = self.evidence.path(row["sha256"])
            text = None if path is None else path.read_text("ascii", "replace")
            if text is not None and (clean := marks.redacted(text)) != text:
                kept = self.evidence.keep_bytes(clean.encode("ascii", "replace"), ".json")
                self.write("UPDATE posts SET metadata_sha256 = ? WHERE id = ?", [kept.sha256, row["id"]])
                changed.add(int(row["id"]))
        return changed

    def _texts(self) -> Iterator[tuple[str, str, int, str]]:
        """Every text of the database: table, column, row and the text itself."""
        for table in self._tables():
            for info in self._columns(table):
                if info["type"] == "TEXT":
                    name = info["name"]
                    sql = f"SELECT rowid AS row, {name} AS text FROM {table} WHERE {name} IS NOT NULL"  # noqa: S608 - names are ours
                    for row in self.rows(sql):
                        yield table, name, row["row"], row["text"]

    def _tables(self) -> Sequence[str]:
        tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        return [row["name"] for row in tables if row["name"] not in _OURS]

    def _seal_anew(self, marks: Marks, changed: set[int], at: datetime) -> None:
        """Cases of others whose records hold the name: a tombstone for these, and a record of what stands there now.

        The same for those of `changed` posts, which have another file than their record says.
        """
        for case, entry in self.cases().items():
            sealed = live(self._entries_of(case))
            records = [self.record(one.content_sha256) for one in sealed]
            if case not in changed and not any(
                record is not None and marks.text.search(json.dumps(record, ensure_ascii=False)) for record in records
            ):
                continue
            circumstances: Mapping[str, Any] = next(
                (record["circumstances"] for record in reversed(records) if record is not None), {}
            )
            self._log(PURGED, case, entry.content_sha256, at)
            self.seal(case, circumstances, at=at)

    def _sweep_files(self) -> int:
        """Delete every evidence file that neither a row nor a record of a kept case names; returns how many."""
        named: set[str] = set()
        for _, _, _, text in self._texts():
            named.update(_HASH.findall(text))
        named.update(row["sha256"] for row in self.rows("SELECT sha256 FROM media"))
        for case in self.cases():
            named.update(entry.content_sha256 for entry in live(self._entries_of(case)))
        going = [
            path.name[:64] for path in self.evidence.folder.glob("[0-9a-f][0-9a-f]/*") if path.name[:64] not in named
        ]
        self.evidence.sweep()
        return sum(self.evidence.delete(sha256) for sha256 in going)


def merged(marks: Collection[Marks]) -> Marks:
    """All marks as one."""
    return Marks(
        tuple(dict.fromkeys(name for one in marks for name in one.names)),
        tuple(dict.fromkeys(text for one in marks for text in one.texts)),
        tuple(dict.fromkeys(vector for one in marks for vector in one.vectors)),
    )


__all__ = ["Holding", "Purged", "Purging", "merged"]
