"""The kill drill in its quick form, and what it would notice."""

from __future__ import annotations

import fcntl
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import drills
from benchmarks.runner import run_subject
from bot.demo.platforms import StandIn, TikTok
from bot.sources.dialer import MapDialer
from drills._platform import accounts, make_clip
from drills._points import POINTS
from drills._rows import files_below, final_rows
from drills._watch import KILLED, Watch
from drills.kill import QUICK
from storage.opening import FILE_NAME

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


FORMS = [
    pytest.param(("--quick",), len(QUICK), id="quick"),
    pytest.param((), 2 * len(POINTS), id="full", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("form", "kills"), FORMS)
def test_a_killed_watch_ends_as_an_undisturbed_one(form: tuple[str, ...], kills: int) -> None:
    command = [sys.executable, "-m", "drills", "kill", "--json", *form]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["lost"], figures["doubled"]) == (0, 0), figures["differences"]
    assert figures["kills"] == kills >= 5
    assert figures["not_reached"] == []
    assert (figures["orphans"], figures["locked"], figures["leftovers"]) == (0, 0, [])
    assert figures["entries"] == figures["posts"] > 5


def test_the_quick_points_are_among_all_points_and_every_name_is_there_once() -> None:
    names = [point.name for point in POINTS]
    assert len(set(names)) == len(names)
    assert set(QUICK) < set(names)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """A store that was watched to the end, killed once on the way."""
    home = tmp_path_factory.mktemp("drill")
    with StandIn(TikTok(accounts(home, NOW))) as platform:
        watch = Watch(home / "watch", platform.dialer(), NOW)
        killed = watch.once(next(point for point in POINTS if point.name == "between two verdicts"))
        assert killed.code == KILLED
        assert watch.lock_is_free()
        ended = watch.once(None)
        assert ended.code == 0, ended.said
    return watch


UNDISTURBED = {
    "reviews", "account_events", "reference_embeddings", "deliveries", "immediate_alerts", "troubles", "lookalikes",
    "stamps", "stamping", "person_pictures", "avatar_copies",
}  # fmt: skip
"""Tables that stay empty where nobody decides on a post, no account is renamed, nobody has photos, nothing is sent, and
nobody stamps the log."""


def changed(watch: Watch, tmp_path: Path, sql: str) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """What is lost and what is doubled after this statement."""
    before = final_rows(watch.store / FILE_NAME, watch.home)
    with closing(sqlite3.connect(tmp_path / "changed.db")) as copy:
        with closing(sqlite3.connect(watch.store / FILE_NAME)) as db:
            db.backup(copy)
        assert copy.execute(sql).rowcount > 0
        copy.commit()
    after = final_rows(tmp_path / "changed.db", watch.home)
    return before - after, after - before


@pytest.mark.parametrize(
    ("sql", "lost", "doubled"),
    [
        ("UPDATE accounts SET next_check_at = '2030-01-01T00:00:00.000Z'", 0, 0),  # drawn by chance each time
        ("UPDATE findings SET id = id + 1000", 0, 0),  # row numbers may differ
        ("DELETE FROM digest_entries WHERE post_id = 1", 1, 0),
        ("DELETE FROM findings WHERE id = 1", 1, 0),
        ("UPDATE posts SET attempts = 1 WHERE id = 1", 1, 1),
        ("UPDATE posts SET state = 'examined' WHERE id = 1", 1, 1),
        ("INSERT INTO post_metrics (post_id, at) SELECT post_id, at FROM post_metrics WHERE id = 1", 0, 1),
        ("INSERT INTO polls (account_id, at, outcome) SELECT account_id, at, outcome FROM polls WHERE id = 1", 0, 1),
    ],
)
def test_a_lost_a_changed_and_a_doubled_row_are_counted(
    done: Watch, tmp_path: Path, sql: str, lost: int, doubled: int
) -> None:
    gone, more = changed(done, tmp_path, sql)
    assert (gone.total(), more.total()) == (lost, doubled)


def test_the_result_holds_rows_of_every_table_the_evidence_and_the_pages(done: Watch) -> None:
    kinds = Counter(row[0] for row in done.result().elements())
    with closing(sqlite3.connect(done.store / FILE_NAME)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    ours = {name for name in tables if not name.startswith(("sqlite_", "_sqlite_"))}
    assert kinds.keys() - {"file"} == ours - UNDISTURBED
    files = {Path(row[1]).parts[0] for row in done.result() if row[0] == "file"}
    assert files == {"store", "digests"}
    suffixes = {Path(row[1]).suffix for row in done.result() if row[0] == "file" and row[1].startswith("store")}
    assert suffixes == {".mp4", ".jpg", ".json"}  # pictures of the drawn face, records of the cases


def test_a_file_that_differs_is_another_file(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"see {tmp_path}/a")
    before = files_below(tmp_path, tmp_path)
    assert next(iter(before))[:2] == ("file", "page.html")
    (tmp_path / "page.html").write_text(f"see {tmp_path}/b")
    assert before.keys().isdisjoint(files_below(tmp_path, tmp_path))


def test_a_held_store_and_temporary_files_are_noticed(done: Watch) -> None:
    assert done.leftovers() == []
    left = done.store / "tmp" / "fetch-x"
    left.mkdir()
    try:
        assert done.leftovers() == ["store/tmp/fetch-x"]
    finally:
        left.rmdir()
    with (done.store / "lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert not done.lock_is_free()
    assert done.lock_is_free()


def state_of(process: int) -> str:
    """The kernel's letter for what a process does; Z has ended and waits for whoever adopted it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"


def test_a_process_that_outlives_the_command_is_counted_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command in the victim's place that leaves a child behind."""
    package = tmp_path / "drills"
    package.mkdir()
    (package / "__init__.py").touch()
    child = tmp_path / "child"
    (package / "_victim.py").write_text(
        "import pathlib, subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(child)!r}).write_text(str(child.pid))\n"
    )
    monkeypatch.setattr("drills._watch.ROOT", tmp_path)
    monkeypatch.setattr("drills._watch.GRACE_S", 0.2)
    ended = Watch(tmp_path / "watch", MapDialer({}), NOW).once(None)
    assert (ended.code, ended.orphans) == (0, 1)
    until = time.monotonic() + 10
    while (state := state_of(int(child.read_text()))) not in ("gone", "Z"):
        assert time.monotonic() < until, state
        time.sleep(0.01)


def test_clips_are_the_same_each_time_and_differ_by_number(tmp_path: Path) -> None:
    first = make_clip(tmp_path / "a.mp4", 1).read_bytes()
    assert make_clip(tmp_path / "b.mp4", 1).read_bytes() == first
    assert make_clip(tmp_path / "c.mp4", 2).read_bytes() != first


def test_a_subject_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_subject(drills, "drills", ["flood"]) == 2
    told = capsys.readouterr().err
    assert "there is no subject 'flood'; the subjects are: " in told
    assert " kill," in told
