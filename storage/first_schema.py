"""The tables with which the schema began; :mod:`storage.migrations` runs them as its first step."""

from __future__ import annotations

FIRST_SCHEMA = """
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
"""

__all__ = ["FIRST_SCHEMA"]
