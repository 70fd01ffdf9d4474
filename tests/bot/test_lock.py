"""One process a store: a second one is told by whom it is held, and a dead holder holds nothing."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot.errors import StoreBusy
from bot.lock import hold
from storage.errors import NotAStore, StoreReadOnly


def start_holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the store until it is killed."""
    program = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from bot.lock import hold
        with hold(Path({str(folder)!r})):
            print("held", flush=True)
            time.sleep(60)
    """)
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_process_is_refused_and_told_whom_to_stop(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    try:
        with (
            pytest.raises(StoreBusy, match=rf"process {holder.pid}\); wait for it, or stop it") as caught,
            hold(tmp_path),
        ):
            pytest.fail("held twice")
        assert caught.value.exit_code == 3
        assert "\n" not in str(caught.value)
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with hold(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n", "a killed holder holds nothing"


def test_a_file_that_was_left_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"\xff 999999\nold and \0 damaged")
    with hold(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"), hold(tmp_path):
            pytest.fail("held twice")
    with hold(tmp_path):
        pass


def test_the_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    with hold(tmp_path / "a" / "store"):
        assert (tmp_path / "a" / "store").stat().st_mode & 0o777 == 0o700


def test_the_lock_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with hold(tmp_path):
            assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_a_folder_that_others_may_write_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "my store"
    folder.mkdir()
    folder.chmod(0o770)
    with caplog.at_level(logging.WARNING), hold(folder):
        pass
    assert f"is open to others (mode 0770); run: chmod 700 '{folder}'" in caplog.text
    assert folder.stat().st_mode & 0o777 == 0o770, "somebody made it so"
    folder.chmod(0o700)
    caplog.clear()
    with caplog.at_level(logging.WARNING), hold(folder):
        assert caplog.text == ""


def test_a_place_where_no_store_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotAStore, match="file: is a file, not a folder"), hold(tmp_path / "file"):
        pytest.fail("held")
    with pytest.raises(StoreReadOnly, match="cannot be written"), hold(tmp_path / "file" / "store"):
        pytest.fail("held")
    (tmp_path / "store" / "lock").mkdir(parents=True)
    with pytest.raises(StoreReadOnly, match="Is a directory"), hold(tmp_path / "store"):
        pytest.fail("held")
