"""docs/schema.md is true: it is compared with the database that the migrations make, in both directions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

from storage import (
    Account,
    AccountEvent,
    AccountMetric,
    Delivery,
    DigestEntry,
    DigestRecord,
    Judgement,
    Lookalike,
    Media,
    PlatformState,
    PollRecord,
    Post,
    PostMetric,
    PostState,
    Profile,
    Review,
    Stamp,
    Stamping,
    Store,
    StoredFinding,
    StoredReference,
    StoredVerdict,
    Trouble,
)
from storage.migrations import APPLICATION_ID, migrations
from storage.opening import FILE_NAME
from tests.storage.conftest import HOUR, NOW, judged, poll, seen, wanted

PAGE = Path(__file__).parents[2] / "docs" / "schema.md"

TABLES = {
    "accounts": Account,
    "polls": PollRecord,
    "profiles": Profile,
    "account_metrics": AccountMetric,
    "media": Media,
    "posts": Post,
    "post_metrics": PostMetric,
    "findings": StoredFinding,
    "verdicts": StoredVerdict,
    "digests": DigestRecord,
    "digest_entries": DigestEntry,
    "reviews": Review,
    "judgements": Judgement,
    "platforms": PlatformState,
    "account_events": AccountEvent,
    "lookalikes": Lookalike,
    "reference_embeddings": StoredReference,
    "deliveries": Delivery,
    "troubles": Trouble,
    "stamps": Stamp,
    "stamping": Stamping,
}


@dataclass
class Schema:
    """Tables with their columns (name to type and whether NULL may stand there), and named things on them."""

    tables: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """Index or trigger to its table."""


def rows_of(text: str) -> list[list[str]]:
    """The cells of the markdown tables in a text, without their heads."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    heads = [index for index, row in enumerate(rows) if set(row[0]) == {"-"}]
    return [row for index, row in enumerate(rows) if index not in heads and index + 1 not in heads]


def documented() -> Schema:
    schema = Schema()
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        if match := re.fullmatch(r"`(\w+)`", title):
            for name, kind, null, meaning in rows_of(body):
                assert meaning, name
                assert null in ("yes", "no"), name
                schema.tables.setdefault(match[1], {})[name.strip("`")] = (kind, null == "yes")
        elif title == "Indexes and triggers":
            for name, table, purpose in rows_of(body):
                assert purpose, name
                schema.named[name.strip("`")] = table.strip("`")
    return schema


def actual(connection: sqlite3.Connection) -> Schema:
    schema = Schema()
    things = connection.execute("SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    for kind, name, table in things.fetchall():
        if table == migrations.migrations_table or name.startswith("idx__sqlite_migrations"):
            continue
        if kind == "table":
            schema.tables[name] = {
                column: (declared, not (filled or key))
                for _, column, declared, filled, _, key in connection.execute(f"PRAGMA table_info({name})")
            }
        else:
            schema.named[name] = table
    return schema


@pytest.fixture
def database(store: Store) -> Iterator[sqlite3.Connection]:
    """The file as another program sees it."""
    connection = sqlite3.connect(store.folder / FILE_NAME)
    yield connection
    connection.close()


def test_the_page_and_the_database_agree(database: sqlite3.Connection) -> None:
    page, real = documented(), actual(database)
    assert list(page.tables) == list(real.tables), "the same tables, in the order of the schema"
    for table, columns in real.tables.items():
        assert list(page.tables[table].items()) == list(columns.items()), table
    assert page.named == real.named


def test_the_comparison_finds_what_differs() -> None:
    """A test of the test: each kind of difference is seen."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT, c REAL NOT NULL); CREATE INDEX i ON a (b)"
    )
    real = actual(connection)
    connection.close()
    assert real == Schema({"a": {"id": ("INTEGER", False), "b": ("TEXT", True), "c": ("REAL", False)}}, {"i": "a"})
    assert rows_of("| x | y |\n| --- | --- |\n| `a` | b |\n\n| z |\n| --- |\n| c |") == [["`a`", "b"], ["c"]]


def test_the_records_are_the_tables(database: sqlite3.Connection) -> None:
    """Each record's fields are columns; a column more is the key or a time that only the store reads."""
    for table, record in TABLES.items():
        columns = set(actual(database).tables[table])
        names = {one.name for one in fields(record)}
        assert names <= columns, table
        assert columns - names <= {"id", "kept_at", "deleted_at"}, table


def test_what_the_page_says_of_all_tables(database: sqlite3.Connection) -> None:
    strict = dict(database.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall())
    assert all(strict[table] for table in TABLES)
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert APPLICATION_ID.to_bytes(4) == b"DPLW"
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert PAGE.read_text("utf-8").count(f"`{migrations.migrations_table}`") == 1


def test_the_page_names_every_state_and_the_checks_admit_no_other(database: sqlite3.Connection) -> None:
    row = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `state` |"))
    assert set(re.findall(r"`(\w+)`", row)) == {"state", *map(str, PostState)}
    definition = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'posts'").fetchone()[0]
    match = re.search(r"state IN \(([^)]*)\)", definition)
    assert match is not None
    assert set(re.findall(r"'(\w+)'", match[1])) == set(map(str, PostState))


def test_the_questions_on_the_page_have_answers(store: Store) -> None:
    store.sync_accounts([wanted()])
    account = store.accounts()[0]
    poll(store, account, [seen(1, views=1000)], profile=Profile(account.id, NOW, "deep.someone"))
    later = Profile(account.id, NOW + HOUR, "deep.renamed")
    poll(store, account, [seen(1, views=1500)], at=NOW + 2 * HOUR, profile=later)
    judged(store, store.posts()[0])
    questions = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(questions) == 3
    growth, renamed, outcomes = (store.rows(question) for question in questions)
    assert [(row["url"], round(row["views_per_hour"])) for row in growth] == [(seen(1).url, 250)]
    assert [set(row["handles"].split(",")) for row in renamed] == [{"deep.someone", "deep.renamed"}]
    assert outcomes == [{"day": "2026-11-25", "outcome": "ok", "polls": 2}]
