"""A disk that went read-only, as Linux makes it after a fault: nothing can be kept, which is named; reading goes on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.lock import hold
from storage import StorageError, Store
from tests.storage.conftest import poll, seen, wanted

ROOT = Path(__file__).resolve().parents[2]


def _may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


def _hold(folder: Path) -> None:
    with hold(folder):
        pass


def _tried(folder: Path) -> dict[str, str]:
    """What becomes of each way to use the store."""
    ways: dict[str, Callable[[], object]] = {
        "hold": lambda: _hold(folder),
        "write": lambda: Store.open(folder),
        "read": lambda: len(Store.open(folder, read_only=True).posts()),
    }
    told = {}
    for name, way in ways.items():
        try:
            told[name] = str(way())
        except StorageError as error:
            told[name] = f"{type(error).__name__}: {error}"
    return told


def _main(disk: Path) -> None:
    """Inside, as the owner of a mount of our own."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(disk)], check=True)
    folder = disk / "store"
    with Store.open(folder) as store:
        store.sync_accounts([wanted()])
        poll(store, store.accounts()[0], [seen(1)])
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    print(json.dumps(_tried(folder)))


@pytest.mark.skipif(
    not _may_mount(), reason="this system lets no ordinary user mount a disk of their own (unshare -rm)"
)
def test_a_disk_that_went_read_only_is_named_and_its_store_can_be_read(tmp_path: Path) -> None:
    command = ["unshare", "-rm", sys.executable, "-m", "tests.bot.test_read_only_disk", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(ended.stdout)
    assert told["read"] == "1"
    for name in ("hold", "write"):
        assert told[name].startswith("StoreReadOnly: ")
        assert str(tmp_path / "store") in told[name]
        assert "Read-only file system" in told[name]


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
