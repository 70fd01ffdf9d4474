"""`doppelwatch backup` and `restore`: there and back, and clear words where that cannot be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import Store
from storage.opening import FILE_NAME
from tests.cli.conftest import invoke, lines
from tests.storage.conftest import poll, seen, wanted


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("store: store\n")
    with Store.open(tmp_path / "store") as store:
        store.sync_accounts([wanted()])
        poll(store, store.accounts()[0], [seen(1)])
        store.evidence.keep_bytes(b"clip", ".mp4")
    return path


def test_there_and_back(config: Path) -> None:
    target = config.with_name("watch.tar")
    result = invoke("backup", target, "--config", config)
    assert result.exit_code == 0, result.output
    assert "database and 1 evidence file" in result.output
    config.with_name("store").rename(config.with_name("old"))
    (told,) = lines(invoke("restore", target, "--json", "--config", config).stdout)
    assert (told["posts"], told["evidence"]) == (1, 1)
    assert invoke("verify", "--config", config).exit_code == 0


def test_a_store_that_is_there_is_never_overwritten(config: Path) -> None:
    target = config.with_name("watch.tar")
    (told,) = lines(invoke("backup", target, "--json", "--config", config).stdout)
    assert told["file"] == str(target)
    again = invoke("backup", target, "--config", config)
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    result = invoke("restore", target, "--config", config)
    assert (result.exit_code, "move it away" in result.output) == (1, True)


def test_a_backup_of_a_newer_version_is_kept_and_named(config: Path) -> None:
    with Store.open(config.with_name("store")) as store:
        store.write(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('doppelwatch', 'm999', '')"
        )
    target = config.with_name("watch.tar")
    invoke("backup", target, "--config", config)
    config.with_name("store").rename(config.with_name("old"))
    result = invoke("restore", target, "--config", config)
    assert (result.exit_code, "newer version" in result.output) == (1, True)


def test_a_damaged_store_stops_the_watch_and_names_the_way_back(config: Path) -> None:
    with closing(sqlite3.connect(config.with_name("store") / FILE_NAME)) as db:  # which does not heed foreign keys
        db.execute("INSERT INTO account_metrics (account_id, at) VALUES (77, '2026-11-25T09:30:00.000000Z')")
        db.commit()
    result = invoke("once", "--config", config)
    assert result.exit_code == 1
    assert "is damaged (row 1 of account_metrics points to no row of accounts)" in result.output
    assert "doppelwatch restore" in result.output


def test_a_backup_that_is_not_there_is_named(config: Path) -> None:
    config.with_name("store").rename(config.with_name("old"))
    result = invoke("restore", "nowhere.tar", "--config", config)
    assert (result.exit_code, "nowhere.tar: No such file" in result.output) == (1, True)
    assert not config.with_name("store").exists()
