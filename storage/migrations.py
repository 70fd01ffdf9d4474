"""The schema, as the list of steps that make it; docs/schema.md says what every column means.

A step that has been released is never changed: a new one is added below it. Rules that must hold
whatever the code does stand here and not in Python: what is append-only, and what is set only once.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage.first_schema import FIRST_SCHEMA

migrations = Migrations("doppelwatch")

APPLICATION_ID = 0x44504C57
"""`DPLW`, in the header of the database file: `file(1)` and our own check tell by it whose file it is."""


def _append_only(db: Database, *tables: str) -> None:
    """Let triggers refuse to change or delete rows."""
    for table in tables:
        for change in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


@migrations()
def m001_first_house(db: Database) -> None:
    """Accounts, what was seen of them, posts on their way, verdicts and digests."""
    db.executescript(FIRST_SCHEMA)
    _append_only(db, "profiles", "account_metrics", "post_metrics")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def m002_reviews(db: Database) -> None:
    """What people decided, how verdicts changed, and which findings are asked anew at each judging."""
    db.executescript("""
    CREATE TABLE reviews (
        id INTEGER PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts(id),
        at TEXT NOT NULL,
        decision TEXT NOT NULL CHECK (decision IN ('confirm', 'dismiss', 'imitation', 'official')),
        note TEXT NOT NULL DEFAULT '',
        label TEXT NOT NULL,
        priority TEXT NOT NULL
    ) STRICT;

    CREATE TABLE judgements (
        id INTEGER PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts(id),
        judged_at TEXT NOT NULL,
        label TEXT NOT NULL,
        priority TEXT NOT NULL,
        rule TEXT NOT NULL
    ) STRICT;

    INSERT INTO judgements (post_id, judged_at, label, priority, rule)
    SELECT post_id, judged_at, label, priority, rule FROM verdicts ORDER BY judged_at, post_id;

    ALTER TABLE findings ADD COLUMN stage TEXT NOT NULL DEFAULT 'clip' CHECK (stage IN ('clip', 'context'));
    UPDATE findings SET stage = 'context' WHERE detector IN ('handle', 'disclosure');

    CREATE INDEX reviews_by_post ON reviews (post_id, at);
    CREATE INDEX judgements_by_post ON judgements (post_id, judged_at);
    """)
    _append_only(db, "reviews", "judgements")


@migrations()
def m003_platforms(db: Database) -> None:
    """How platforms answer, kept over restarts, and what happened to accounts."""
    db.executescript("""
    CREATE TABLE platforms (
        door TEXT PRIMARY KEY,
        outcome TEXT NOT NULL,
        since TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
        trips INTEGER NOT NULL DEFAULT 0 CHECK (trips >= 0),
        held_until TEXT,
        ok_at TEXT,
        control_outcome TEXT,
        control_detail TEXT NOT NULL DEFAULT '',
        control_at TEXT
    ) STRICT;

    CREATE TABLE account_events (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        at TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (
            kind IN ('handle', 'display_name', 'bio', 'verified', 'avatar', 'handle_taken', 'gone', 'back')
        ),
        before TEXT,
        after TEXT
    ) STRICT;

    CREATE INDEX account_events_by_account ON account_events (account_id, at);
    """)
    _append_only(db, "account_events")


@migrations()
def m004_fingerprints(db: Database) -> None:
    """Perceptual hashes of key frames, by which copies of a clip are found."""
    db.executescript("""
    CREATE TABLE frame_hashes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        post_id INTEGER NOT NULL REFERENCES posts(id),
        time_s REAL NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('whole', 'mirrored', 'inner', 'face')),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        quality INTEGER NOT NULL CHECK (quality BETWEEN 0 AND 100)
    ) STRICT;

    CREATE INDEX frame_hashes_by_post ON frame_hashes (post_id);
    """)


@migrations()
def m005_references(db: Database) -> None:
    """What is enrolled of the protected people."""
    db.executescript("""
    CREATE TABLE reference_embeddings (
        id INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('face', 'voice')),
        source_sha256 TEXT NOT NULL CHECK (length(source_sha256) = 64),
        model_sha256 TEXT NOT NULL CHECK (length(model_sha256) = 64),
        recipe TEXT NOT NULL,
        embedding BLOB NOT NULL CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
        made_at TEXT NOT NULL,
        speech_s REAL NOT NULL DEFAULT 0 CHECK (speech_s >= 0),
        UNIQUE (person, kind, source_sha256, model_sha256, recipe)
    ) STRICT;
    """)


@migrations()
def m006_deliveries(db: Database) -> None:
    """What is told to whom, as rows before it is messages; which posts were told at once; when watching failed."""
    db.executescript("""
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('digest', 'alert', 'trouble')),
        channel TEXT NOT NULL,
        message_id TEXT NOT NULL UNIQUE,
        digest_id INTEGER REFERENCES digests(id),
        items TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(items)),
        queued_at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_try_at TEXT,
        ended_at TEXT,
        problem TEXT NOT NULL DEFAULT ''
    ) STRICT;

    CREATE TABLE immediate_alerts (
        id INTEGER PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts(id),
        priority TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (post_id, priority)
    ) STRICT;

    CREATE TABLE troubles (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        remedy TEXT NOT NULL DEFAULT '',
        since TEXT NOT NULL,
        told_at TEXT,
        over_at TEXT
    ) STRICT;

    ALTER TABLE digests ADD COLUMN handed_out_at TEXT;

    CREATE INDEX deliveries_by_state ON deliveries (state, next_try_at);
    CREATE UNIQUE INDEX troubles_open ON troubles (kind, subject) WHERE over_at IS NULL;
    """)


@migrations()
def m007_lookalikes(db: Database) -> None:
    """Handles that look like a protected person's, and whether the platforms know them."""
    db.executescript("""
    CREATE TABLE lookalikes (
        id INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        platform TEXT NOT NULL,
        handle TEXT NOT NULL,
        url TEXT NOT NULL,
        rules TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(rules)),
        log10_lr REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('exists', 'absent', 'wall')),
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        requests INTEGER NOT NULL DEFAULT 0,
        asked_at TEXT NOT NULL,
        stable_id TEXT,
        shown_handle TEXT,
        display_name TEXT,
        bio TEXT,
        followers INTEGER,
        posts INTEGER,
        verified INTEGER CHECK (verified IN (0, 1)),
        avatar_url TEXT,
        avatar_distance INTEGER CHECK (avatar_distance BETWEEN 0 AND 256),
        avatar_like TEXT,
        avatar_log10_lr REAL,
        avatar_note TEXT NOT NULL DEFAULT '',
        UNIQUE (person, platform, handle)
    ) STRICT;
    """)


@migrations()
def m008_votes(db: Database) -> None:
    """What each model says by itself, where a finding rests on several."""
    db.executescript("""
    ALTER TABLE findings ADD COLUMN votes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(votes));
    """)


@migrations()
def m009_subtitles(db: Database) -> None:
    """What is said in a post, as its platform tells it."""
    db.executescript("""
    ALTER TABLE posts ADD COLUMN subtitles TEXT;
    """)


@migrations()
def m010_copies(db: Database) -> None:
    """Which posts were found to show the pictures of others: what was judged before that is judged again."""
    db.executescript("""
    CREATE TABLE copies (
        post_id INTEGER NOT NULL REFERENCES posts(id),
        other_id INTEGER NOT NULL REFERENCES posts(id),
        found_at TEXT NOT NULL,
        PRIMARY KEY (post_id, other_id)
    ) STRICT;

    CREATE INDEX copies_of_post ON copies (other_id);
    """)


@migrations()
def m011_custody_log(db: Database) -> None:
    """The append-only log of what was sealed, released and purged; each entry holds the hash of the one before."""
    # its numbers are never given twice, so that entries that are removed from the end are missed
    db.executescript("""
    CREATE TABLE custody_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('sealed', 'released', 'purged')),
        case_id INTEGER NOT NULL,
        content_sha256 TEXT NOT NULL CHECK (length(content_sha256) = 64),
        before TEXT NOT NULL CHECK (length(before) = 64),
        entry_sha256 TEXT NOT NULL UNIQUE CHECK (length(entry_sha256) = 64)
    ) STRICT;

    CREATE INDEX custody_log_by_case ON custody_log (case_id, id);
    """)
    _append_only(db, "custody_log")


@migrations()
def m012_looks(db: Database) -> None:
    """What platforms are sent beside polls, and when an account was looked at in full and its profile was read."""
    db.executescript("""
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        platform TEXT NOT NULL,
        at TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('control', 'picture', 'download')),
        requests INTEGER NOT NULL CHECK (requests >= 0)
    ) STRICT;

    CREATE INDEX requests_by_platform ON requests (platform, at);

    ALTER TABLE accounts ADD COLUMN measured_at TEXT;
    ALTER TABLE accounts ADD COLUMN profile_at TEXT;
    """)


@migrations()
def m013_avatars(db: Database) -> None:
    """The pictures of profiles over time, those of the protected people, and which accounts show the same one."""
    db.executescript("""
    CREATE TABLE avatars (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        seen_at TEXT NOT NULL,
        address TEXT NOT NULL,
        sha256 TEXT CHECK (length(sha256) = 64),
        shown_sha256 TEXT CHECK (length(shown_sha256) = 64),
        hash BLOB CHECK (length(hash) = 32),
        mirrored BLOB CHECK (length(mirrored) = 32),
        problem TEXT NOT NULL DEFAULT ''
    ) STRICT;

    CREATE TABLE person_pictures (
        id INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('photo', 'official')),
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        made_at TEXT NOT NULL,
        hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0),
        UNIQUE (person, kind, source)
    ) STRICT;

    CREATE TABLE avatar_copies (
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        other_id INTEGER NOT NULL REFERENCES accounts(id),
        found_at TEXT NOT NULL,
        PRIMARY KEY (account_id, other_id)
    ) STRICT;

    CREATE INDEX avatars_by_account ON avatars (account_id, seen_at);
    CREATE INDEX avatar_copies_of_account ON avatar_copies (other_id);
    """)
    _append_only(db, "avatars")


@migrations()
def m014_stamps(db: Database) -> None:
    """Time stamps of an authority outside over the custody log, and how asking for them goes."""
    db.executescript("""
    CREATE TABLE stamps (
        id INTEGER PRIMARY KEY,
        entry_id INTEGER NOT NULL REFERENCES custody_log(id),
        entry_sha256 TEXT NOT NULL CHECK (length(entry_sha256) = 64),
        at TEXT NOT NULL,
        authority TEXT NOT NULL,
        response TEXT NOT NULL
    ) STRICT;

    CREATE TABLE stamping (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        failures INTEGER NOT NULL CHECK (failures >= 0),
        problem TEXT NOT NULL DEFAULT '',
        since TEXT NOT NULL,
        next_try_at TEXT NOT NULL
    ) STRICT;

    CREATE INDEX stamps_by_entry ON stamps (entry_id);
    """)
    _append_only(db, "stamps")


@migrations()
def m015_metadata(db: Database) -> None:
    """What a platform told of a post when it was fetched."""
    db.execute(
        "ALTER TABLE posts ADD COLUMN metadata_sha256 TEXT "
        "CHECK (metadata_sha256 IS NULL OR length(metadata_sha256) = 64)"
    )
