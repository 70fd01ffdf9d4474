"""`once`: from the accounts to the digest in one call, on the loopback platform and on a folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.cli import once
from bot.cli.once import stop_on_signals
from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.lock import hold
from bot.sources.registry import SourceSettings
from storage import Store
from tests.bot.conftest import make_posts
from tests.cli.conftest import ENTRY, doppelwatch, invoke, lines
from tests.conftest import PERSON, settle, write_config

DOCUMENT = Path(__file__).parents[2] / "docs" / "json.md"
URL = "https://www.tiktok.com/@once.vantor"


@pytest.fixture
def account(platform: StandIn, face_clip: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TikTokAccount]:
    """An account on the loopback platform, to which the command is led."""
    account = TikTokAccount(
        "once.vantor", PERSON, "bio", followers=10_000, posts=make_posts(2, face_clip, first=300), uid="55"
    )
    platform.tiktok.put(account)
    monkeypatch.setattr(once, "settings_of", lambda _: SourceSettings(platform.dialer()))
    yield account
    platform.tiktok.remove(account.handle)


def documented() -> set[str]:
    """The keys of `once --json` in docs/json.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    sentence = re.search(r"`once`: one object with (.*?)\. `digest`:", text, re.DOTALL)
    assert sentence is not None
    return set(re.findall(r"`(\w+)`", sentence[1]))


def test_from_accounts_to_a_digest(account: TikTokAccount, tmp_path: Path) -> None:
    gone = "https://www.tiktok.com/@once.never.was"
    config = write_config(tmp_path, accounts=[{"url": URL, "person": PERSON}, gone])
    result = invoke("once", "--json", "-c", config)
    assert result.exit_code == 5, result.output
    (told,) = lines(result.stdout)
    assert set(told) == documented()
    counts = {name: told[name] for name in ("polled", "new_posts", "fetched", "examined", "judged", "failed")}
    assert counts == {"polled": 2, "new_posts": 2, "fetched": 2, "examined": 2, "judged": 2, "failed": 0}
    assert told["outcomes"] == {"ok": 1, "gone": 1}
    page = Path(told["digest"]).read_text(encoding="utf-8")
    assert "once.vantor" in page
    assert "once.never.was" in page
    again = invoke("once", "-c", config)
    assert again.exit_code == 0, "nothing was due, so nothing failed"
    assert again.stdout.startswith("0 accounts polled, 0 new posts, 0 examined, 0 judged.\nDigest: ")
    assert again.stderr == ""


def test_what_could_not_be_seen_is_told_to_people(account: TikTokAccount, platform: StandIn, tmp_path: Path) -> None:
    platform.tiktok.put(TikTokAccount("once.vantor", state=State.RATE_LIMITED, uid="55"))
    result = invoke("once", "-c", write_config(tmp_path, accounts=[URL]))
    assert result.exit_code == 5
    assert "1 account and 0 posts could not be seen; the digest names them." in result.stderr


def test_a_store_that_is_held_is_refused(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    with hold(tmp_path / "store"):
        result = invoke("once", "-c", config)
    assert result.exit_code == 3
    assert result.stderr == (
        f"Error: {tmp_path}/store: another doppelwatch works on this store (process {os.getpid()}); "
        "wait for it, or stop it (a daemon stops cleanly on SIGTERM)\n"
    )


@pytest.fixture
def drop(tmp_path: Path, face_clip: Path, empty_clip: Path) -> Path:
    """A folder with two clips and a text."""
    made = tmp_path / "drop"
    made.mkdir()
    shutil.copy(face_clip, made / "face.mp4")
    shutil.copy(empty_clip, made / "empty.mp4")
    (made / "text.mp4").write_text("not a video")
    settle(made)
    return made


def test_a_folder_in_a_process_of_its_own(drop: Path, tmp_path: Path) -> None:
    done = doppelwatch(
        "once", "--json", "-c", write_config(tmp_path, accounts=[{"url": f"folder:{drop}", "person": PERSON}])
    )
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    (told,) = lines(done.stdout)
    assert (told["fetched"], told["examined"], told["judged"], told["failed"]) == (3, 2, 2, 1)
    assert "text.mp4" in Path(told["digest"]).read_text(encoding="utf-8")
    with hold(tmp_path / "store"):
        pass


def test_it_keeps_house(drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else would, where it is called from a timer."""
    config = write_config(tmp_path, accounts=[f"folder:{drop}"])
    assert invoke("once", "-c", config).exit_code == 5
    files = list((tmp_path / "store" / "evidence").glob("??/*.mp4"))
    assert len(files) == 3
    with Store.open(tmp_path / "store") as store:
        store.write("UPDATE verdicts SET judged_at = '2020-01-01T00:00:00.000000Z', priority = 'none'")
        store.write("UPDATE posts SET state_since = '2020-01-01T00:00:00.000000Z'")
    assert invoke("once", "-c", config).exit_code == 0
    assert list((tmp_path / "store" / "evidence").glob("??/*.mp4")) == []


def test_a_place_where_no_store_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = invoke("once", "-c", write_config(tmp_path, store=str(tmp_path / "file")))
    assert result.exit_code == 1
    assert result.stderr == f"Error: {tmp_path}/file: is a file, not a folder; choose another store folder\n"


def test_the_first_signal_asks_and_a_second_ctrl_c_insists(capfd: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    stopping = threading.Event()
    with stop_on_signals(stopping):
        signal.raise_signal(signal.SIGTERM)
        assert stopping.wait(5)
        stopping.clear()
        signal.raise_signal(signal.SIGINT)
        assert stopping.wait(5)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert "Ctrl-C again stops at once" in capfd.readouterr().err


def test_a_signal_while_the_event_itself_is_locked_does_not_hang() -> None:
    """The main thread may be stopped at any instruction, also within the event that it waits for."""
    stopping = threading.Event()
    with stop_on_signals(stopping):
        with stopping._cond:  # type: ignore[attr-defined]  # what Event.wait holds for a moment
            signal.raise_signal(signal.SIGINT)
        assert stopping.wait(5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_item_in_hand_with_a_digest(drop: Path, tmp_path: Path, number: int) -> None:
    """To the whole process group, as a terminal and a service manager send it."""
    config = write_config(tmp_path, accounts=[f"folder:{drop}"])
    command = subprocess.Popen(
        [*ENTRY, "--verbose", "once", "--json", "-c", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert command.stderr is not None
    said: list[str] = []
    for line in command.stderr:
        said.append(line)
        if "folder:" in line and "ok, 3 new" in line:
            os.killpg(command.pid, number)
            break
    out, rest = command.communicate(timeout=60)
    assert command.returncode in (0, 5), [*said, rest]
    assert "Traceback" not in rest
    (told,) = lines(out)
    assert told["polled"] == 1
    assert told["fetched"] <= 1
    assert Path(told["digest"]).is_file()
    with hold(tmp_path / "store"), Store.open(tmp_path / "store") as store:
        assert sum(store.counts().values()) == 3
        assert store.counts().get("failed", 0) == 0, "nothing that was broken off counts as a failure"


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    from bot.cli import console

    for terminal in (True, False):
        err = Console(stderr=True, force_terminal=terminal, width=100)
        monkeypatch.setattr(console, "err", err)
        with console.progress(False) as bars:
            once.Bars(bars)("fetch", 1, 3)
        assert ("fetch" in capsys.readouterr().err) is terminal
