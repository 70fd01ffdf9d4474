"""The schema, as the list of steps that make it; docs/schema.md says what every column means.

A step that has been released is never changed: a new one is added below it. Rules that must hold
whatever the code does stand here and not in Python: what is append-only, and what is set only once.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("doppelwatch")

APPLICATION_ID = 0x44504C57
"""`DPLW`, in the header of the database file: `file(1)` and our own check tell by it whose file it is."""


@migrations()
def m001_first_house(db: Database) -> None:
    """Accounts, what was seen of them, posts on their way, verdicts and digests."""
    db.executescript("""
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        platform TEXT NOT NULL,
        person TEXT,
        handle TEXT NOT NULL,
        interval_s INTEGER NOT NULL CHECK (interval_s > 0),
        stable_id TEXT,
        outcome TEXT,
        detail TEXT NOT NULL DEFAULT '',
        outcome_since TEXT,
        last_ok_at TEXT,
        next_check_at TEXT,
        error_count INTEGER NOT NULL DEFAULT 0 CHECK (error_count >= 0),
        enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
    ) STRICT;

    CREATE TABLE polls (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        requests INTEGER NOT NULL DEFAULT 0,
        new_posts INTEGER NOT NULL DEFAULT 0,
        elapsed_s REAL NOT NULL DEFAULT 0,
        trail TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(trail))
    ) STRICT;

    CREATE TABLE profiles (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        seen_at TEXT NOT NULL,
        handle TEXT,
        display_name TEXT,
        bio TEXT,
        verified INTEGER CHECK (verified IN (0, 1)),
        avatar_url TEXT
    ) STRICT;

    CREATE TABLE account_metrics (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        at TEXT NOT NULL,
        followers INTEGER,
        posts INTEGER
    ) STRICT;

    CREATE TABLE media (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
        bytes INTEGER NOT NULL CHECK (bytes >= 0),
        suffix TEXT NOT NULL DEFAULT '',
        kept_at TEXT NOT NULL,
        deleted_at TEXT
    ) STRICT;

    CREATE TABLE posts (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id),
        platform_id TEXT NOT NULL,
        url TEXT NOT NULL,
        caption TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL
            CHECK (state IN ('seen', 'fetched', 'examined', 'judged', 'gone', 'skipped', 'failed')),
        first_seen_at TEXT NOT NULL,
        state_since TEXT NOT NULL,
        published_at TEXT,
        duration_s REAL,
        ai_label INTEGER CHECK (ai_label IN (0, 1)),
        media_sha256 TEXT REFERENCES media(sha256),
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_try_at TEXT,
        problem TEXT NOT NULL DEFAULT '',
        UNIQUE (account_id, platform_id)
    ) STRICT;

    CREATE TABLE post_metrics (
        id INTEGER PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts(id),
        at TEXT NOT NULL,
        views INTEGER,
        likes INTEGER,
        comments INTEGER,
        shares INTEGER
    ) STRICT;

    CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts(id),
        detector TEXT NOT NULL,
        version TEXT NOT NULL,
        question TEXT NOT NULL,
        status TEXT NOT NULL,
        statement TEXT NOT NULL,
        reason TEXT,
        score REAL,
        unit TEXT NOT NULL DEFAULT '',
        log10_lr REAL NOT NULL DEFAULT 0,
        exhibits TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(exhibits)),
        examined_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE verdicts (
        post_id INTEGER PRIMARY KEY REFERENCES posts(id),
        label TEXT NOT NULL,
        priority TEXT NOT NULL,
        rule TEXT NOT NULL,
        summary TEXT NOT NULL,
        questions TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(questions)),
        counter TEXT NOT NULL DEFAULT '',
        judged_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE digests (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL UNIQUE CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        covers_from TEXT,
        covers_to TEXT NOT NULL,
        path TEXT,
        rendered_at TEXT
    ) STRICT;

    CREATE TABLE digest_entries (
        post_id INTEGER PRIMARY KEY REFERENCES posts(id),
        digest_id INTEGER NOT NULL REFERENCES digests(id)
    ) STRICT;

    CREATE INDEX accounts_due ON accounts (next_check_at) WHERE enabled = 1;
    CREATE INDEX polls_by_account ON polls (account_id, at);
    CREATE INDEX polls_by_time ON polls (at);
    CREATE INDEX profiles_by_account ON profiles (account_id, seen_at);
    CREATE INDEX account_metrics_by_account ON account_metrics (account_id, at);
    CREATE INDEX posts_by_state ON posts (state, published_at);
    CREATE INDEX posts_by_media ON posts (media_sha256) WHERE media_sha256 IS NOT NULL;
    CREATE INDEX post_metrics_by_post ON post_metrics (post_id, at);
    CREATE INDEX findings_by_post ON findings (post_id);
    CREATE INDEX digest_entries_by_digest ON digest_entries (digest_id);

    CREATE TRIGGER accounts_keep_stable_id BEFORE UPDATE OF stable_id ON accounts
    WHEN OLD.stable_id IS NOT NULL AND NEW.stable_id IS NOT OLD.stable_id
    BEGIN SELECT RAISE(ABORT, 'accounts.stable_id is set once and never changed'); END;
    """)
    for table in ("profiles", "account_metrics", "post_metrics"):
        for change in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
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
    for table in ("reviews", "judgements"):
        for change in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


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
    for change in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER account_events_no_{change.lower()} BEFORE {change} ON account_events "
            "BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END"
        )


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
    for change in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER custody_log_no_{change.lower()} BEFORE {change} ON custody_log "
            "BEGIN SELECT RAISE(ABORT, 'custody_log is append-only'); END"
        )


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
    for change in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER avatars_no_{change.lower()} BEFORE {change} ON avatars "
            "BEGIN SELECT RAISE(ABORT, 'avatars is append-only'); END"
        )
