"""`run`: the daemon in a process of its own, stopped as service managers and terminals stop it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.lock import hold
from storage import Store
from tests.cli.conftest import ENTRY, doppelwatch
from tests.conftest import PERSON, settle, write_config


@pytest.fixture
def config(tmp_path: Path, face_clip: Path) -> Path:
    """Watches a folder with one clip; the time of the digest is far."""
    drop = tmp_path / "drop"
    drop.mkdir()
    shutil.copy(face_clip, drop / "a.mp4")
    settle(drop)
    return write_config(
        tmp_path,
        accounts=[{"url": f"folder:{drop}", "person": PERSON}],
        digest={"time": f"{datetime.now(UTC) + timedelta(hours=12):%H:%M}"},
    )


@contextmanager
def daemon(config: Path) -> Iterator[subprocess.Popen[str]]:
    """The daemon, once it says that it watches."""
    command = subprocess.Popen(
        [*ENTRY, "run", "-c", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert command.stderr is not None
    try:
        assert command.stderr.readline() == "Watching 1 account; stop with Ctrl-C.\n"
        yield command
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
        command.communicate()


def wait_for(config: Path, state: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with Store.open(config.parent / "store", read_only=True) as store:
            if store.counts().get(state):
                return
        time.sleep(0.05)
    pytest.fail(f"no post was {state}")


@pytest.mark.parametrize(
    ("number", "whole_group"), [(signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGINT, True)]
)
def test_a_signal_stops_it_cleanly(config: Path, number: int, whole_group: bool) -> None:
    with daemon(config) as command:
        if not whole_group:
            wait_for(config, "judged")
            busy = doppelwatch("once", "-c", config)
            assert busy.returncode == 3
            assert f"process {command.pid}" in busy.stderr
            assert len(busy.stderr.splitlines()) == 1
        (os.killpg if whole_group else os.kill)(command.pid, number)
        out, said = command.communicate(timeout=60)
    assert command.returncode == 0, said
    assert out == ""
    assert said.splitlines()[-1] == "Stopped."
    assert "Traceback" not in said
    with hold(config.parent / "store"), Store.open(config.parent / "store") as store:
        assert store.counts().get("failed", 0) == 0
        assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    log = config.parent / "store" / "doppelwatch.db-wal"
    assert not log.exists(), "closed in order"


def test_a_killed_daemon_leaves_a_store_that_once_takes_up(config: Path) -> None:
    with daemon(config) as command:
        command.kill()
        command.communicate()
    done = doppelwatch("once", "--json", "-c", config)
    assert done.returncode == 0, done.stderr
    with Store.open(config.parent / "store") as store:
        assert dict(store.counts()) == {"judged": 1}


def test_a_wrong_configuration_ends_it_before_it_begins(tmp_path: Path) -> None:
    done = doppelwatch("run", "-c", write_config(tmp_path, digest={"timezone": "Europe/Berln"}))
    assert done.returncode == 2
    assert "Berlin" in done.stderr
    assert not (tmp_path / "store").exists()
