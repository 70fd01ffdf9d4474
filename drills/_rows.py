"""What a store holds in the end, in a form in which two stores can be compared: without row numbers and chance."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

Row = tuple[str, ...]
"""A table's name (or `file`) and its values as text."""

LEFT_OUT = frozenset(
    {
        ("accounts", "next_check_at"),
        ("polls", "elapsed_s"),
        *(("deliveries", name) for name in ("message_id", "attempts", "next_try_at", "ended_at", "problem")),
    }
)
"""Columns that differ between any two runs: a random shift of the next look, how long a poll took, the Message-ID that
is drawn for a message, and how often and when it had to be tried.
"""

_NATURAL = {
    "accounts": "SELECT id, url FROM accounts",
    "posts": "SELECT posts.id, url || ' ' || platform_id FROM (SELECT id, account_id, platform_id FROM posts) AS posts "
    "JOIN (SELECT id AS number, url FROM accounts) ON number = account_id",
    "digests": "SELECT id, day FROM digests",
}
"""How a referenced row is told apart without its number."""


def final_rows(database: Path, home: Path) -> Counter[Row]:
    """All rows of all tables; references by what they refer to, paths from `home` on, row numbers left out.

    A table that is added to the schema later is compared without a change here.
    """
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        names = {
            table: {number: str(name) for number, name in db.execute(sql).fetchall()} for table, sql in _NATURAL.items()
        }
        rows: Counter[Row] = Counter()
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if not table.startswith(("sqlite_", "_sqlite_migrations")):
                rows.update(_table_rows(db, table, names, home))
    return rows


def _table_rows(db: sqlite3.Connection, table: str, names: dict[str, dict[int, str]], home: Path) -> list[Row]:
    refers = {row[3]: row[2] for row in db.execute(f"PRAGMA foreign_key_list({table})").fetchall()}
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
    kept = [name for name in columns if name != "id" and (table, name) not in LEFT_OUT]
    found = []
    for row in db.execute(f"SELECT {', '.join(kept)} FROM {table}").fetchall():
        values = [
            f"{name}={names[refers[name]][value] if refers.get(name) in names else value}"
            for name, value in zip(kept, row, strict=True)
        ]
        found.append((table, *(value.replace(str(home), "~") for value in values)))
    return found


def files_below(folder: Path, home: Path) -> Counter[Row]:
    """All files below a folder, by path from `home` on and by content; `home` in their text does not count."""
    found: Counter[Row] = Counter()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes().replace(str(home).encode(), b"~")
            found[("file", str(path.relative_to(home)), hashlib.sha256(data).hexdigest())] += 1
    return found
