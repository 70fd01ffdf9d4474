"""A reader beside the writer sees whole transactions and is never refused; a killed writer leaves a whole store."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from storage import PostState, Store
from storage.opening import FILE_NAME
from tests.storage.conftest import NOW

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage import PollRecord, Profile, SeenPost, Store, StoredFinding, StoredVerdict, WantedAccount

at = datetime(2026, 11, 25, tzinfo=UTC)
with Store.open(Path(sys.argv[1])) as store:
    store.sync_accounts([WantedAccount("u", "tiktok", None, "h", 60)])
    account = store.accounts()[0]
    start = len(store.known_ids(account.id))
    print("ready", flush=True)
    for number in range(start, start + 100_000, 2):
        # always two posts a poll: whoever sees an odd number has seen half a transaction
        posts = [SeenPost(str(number + offset), "v", "x" * 500, views=number) for offset in (0, 1)]
        new = store.record_poll(
            PollRecord(account.id, at, "ok"), posts=posts, profile=Profile(account.id, at, bio=str(number)),
            next_check_at=at, succeeded=True,
        )
        for post in new:
            store.record_fetch(post.id, store.evidence.keep_bytes(post.platform_id.encode(), ".mp4"), at=at)
            finding = StoredFinding(post.id, "d", "1", "identity", "ok", "s")
            store.record_examination(post.id, [finding, finding], at=at)
            store.record_verdict(StoredVerdict(post.id, "l", "none", "r", "s"), at=at)
        store.gather_digest("2026-11-25", covers_to=at)
        print(number, flush=True)
"""


def start(folder: Path) -> subprocess.Popen[str]:
    """A process that writes until it is killed; returns when it has begun."""
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    return writer


def kill(writer: subprocess.Popen[str]) -> None:
    writer.send_signal(signal.SIGKILL)
    writer.communicate()


def test_readers_beside_a_writer_see_whole_transactions(tmp_path: Path) -> None:
    writer = start(tmp_path)
    try:
        seen = []
        until = time.monotonic() + 1
        while time.monotonic() < until:
            with Store.open(tmp_path, read_only=True, busy_timeout_s=0) as reader:
                for _ in range(5):
                    posts, profiles = len(reader.posts()), len(reader.profiles(1))
                    assert posts % 2 == 0
                    assert profiles >= posts // 2, "asked later, so never behind"
                    seen.append(posts)
    finally:
        kill(writer)
    assert seen == sorted(seen)
    assert len(set(seen)) > 5, "the writer went on meanwhile"


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.13])
def test_a_kill_leaves_a_whole_store_that_goes_on(tmp_path: Path, after_s: float) -> None:
    for round_ in (1, 2):
        writer = start(tmp_path)
        time.sleep(after_s)
        kill(writer)
        assert (tmp_path / f"{FILE_NAME}-wal").exists(), "nothing was closed in order"
        with Store.open(tmp_path) as store:
            store.evidence.sweep()
            assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
            assert store.rows("PRAGMA foreign_key_check") == []
            posts = store.posts()
            assert len(posts) % 2 == 0
            assert sum(poll.new_posts for poll in store.polls()) == len(posts)
            # at most the posts of each round's last poll are on their way, and each is in one whole step
            assert len([post for post in posts if post.state is not PostState.JUDGED]) <= 2 * round_
            for post in posts[-4:]:
                assert len(store.findings(post.id)) == (2 if post.state in ("examined", "judged") else 0)
                assert (store.verdict(post.id) is not None) is (post.state is PostState.JUDGED)
                if post.media_sha256 is not None:
                    kept = store.evidence.path(post.media_sha256)
                    assert kept is not None
                    assert kept.read_bytes() == post.platform_id.encode()
            store.gather_digest("2026-11-26", covers_to=NOW)
            judged = len([post for post in posts if post.state is PostState.JUDGED])
            assert store.rows("SELECT count(*) AS n FROM digest_entries") == [{"n": judged}]
            assert list((tmp_path / "evidence" / "incoming").iterdir()) == []
