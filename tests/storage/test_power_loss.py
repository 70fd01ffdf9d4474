"""Files that lost their end in a power cut: the store is as it was at some commit, or the damage is named."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import NotAStore, Store, StoreDamaged
from storage.opening import FILE_NAME
from tests.storage.conftest import fetched, poll, seen, wanted

POSTS = 30
LOG = f"{FILE_NAME}-wal"
CUTS = 12


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose writer was killed: all posts, one commit each, lie in the log."""
    folder = tmp_path_factory.mktemp("power") / "store"
    with Store.open(folder) as store:
        store.sync_accounts([wanted()])
    child = os.fork()
    if not child:
        writer = Store.open(folder)
        for number in range(POSTS):
            poll(writer, writer.accounts()[0], [seen(number)])
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return folder


@pytest.fixture
def store(killed: Path, tmp_path: Path) -> Path:
    """A copy of its files as they lay on the disk, without the index of the log, which lies in memory."""
    folder = tmp_path / "store"
    shutil.copytree(killed, folder, ignore=shutil.ignore_patterns("*-shm"))
    return folder


def cut(path: Path, length: int) -> None:
    with path.open("r+b") as file:
        file.truncate(length)


def test_a_log_that_was_cut_anywhere_leaves_the_store_as_of_a_commit(killed: Path, tmp_path: Path) -> None:
    whole = (killed / LOG).stat().st_size
    chance = random.Random(7)
    left = set()
    # the header of the log has 32 bytes, that of a page in it 24
    for length in [0, 31, 32, 56, whole - 1, whole, *(chance.randrange(whole) for _ in range(CUTS))]:
        folder = tmp_path / str(length)
        shutil.copytree(killed, folder, ignore=shutil.ignore_patterns("*-shm"))
        cut(folder / LOG, length)
        with Store.open(folder) as opened:
            opened.check_integrity()
            captions = [post.caption for post in opened.posts()]
            assert captions == [f"clip {number}" for number in range(len(captions))], "the first ones, without a gap"
            assert len(opened.polls()) == len(captions)
            left.add(len(captions))
            new = poll(opened, opened.accounts()[0], [seen(number) for number in range(POSTS)])
            assert len(new) == POSTS - len(captions), "the next poll finds what was lost"
    assert {0, POSTS - 1, POSTS} <= left
    assert len(left) > 5


def test_a_database_that_was_cut_is_named_and_left_as_it_is(store: Path) -> None:
    path = store / FILE_NAME
    with Store.open(store) as opened:
        opened.checkpoint()
    whole = path.read_bytes()
    chance = random.Random(7)
    for length in [
        99,
        100,
        4096,
        len(whole) - 4096,
        *(chance.randrange(4096, len(whole) - 4096) for _ in range(CUTS)),
    ]:
        path.write_bytes(whole[:length])
        with (
            pytest.raises(NotAStore, match=r"put a backup in its place|doppelwatch restore"),
            Store.open(store) as opened,
        ):
            opened.check_integrity()
        assert path.read_bytes()[:length] == whole[:length]


@pytest.mark.parametrize("length", [None, 0, 1])
def test_a_database_without_its_bytes_is_not_begun_anew_beside_evidence(store: Path, length: int | None) -> None:
    with Store.open(store) as opened:
        media = fetched(opened, opened.posts()[0])
    path = store / FILE_NAME
    if length is None:
        path.unlink()
    else:
        cut(path, length)
    said = (
        f"is {'gone' if length is None else 'empty'}, and evidence still lies beside it; .*doppelwatch restore BACKUP"
    )
    for read_only in (True, False):
        with pytest.raises(StoreDamaged, match=said):
            Store.open(store, read_only=read_only)
    assert path.exists() is (length is not None), "nothing is made"
    assert list(store.glob(f"evidence/*/{media.sha256}*")), "what is left stays"


def test_an_index_of_the_log_that_is_noise_is_made_anew(store: Path) -> None:
    (store / f"{FILE_NAME}-shm").write_bytes(os.urandom(32_768))
    with Store.open(store) as opened:
        opened.check_integrity()
        assert len(opened.posts()) == POSTS


def test_a_log_of_noise_harms_nothing_that_was_folded_in(store: Path) -> None:
    with Store.open(store) as opened:
        opened.checkpoint()
    (store / LOG).write_bytes(os.urandom(50_000))
    with Store.open(store) as opened:
        opened.check_integrity()
        assert len(opened.posts()) == POSTS
    with closing(sqlite3.connect(store / FILE_NAME)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
