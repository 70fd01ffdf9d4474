"""`status`: each account as it is, from a store that is only read; `--json` is a contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.lock import hold
from bot.sandbox import Enforced
from storage import Account, PlatformState, PollRecord, Purpose, SeenPost, Store, WantedAccount
from tests.cli.conftest import check_contract, invoke, lines
from tests.conftest import PERSON, write_config

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


def recorded(tmp_path: Path, story: Sequence[tuple[str, str | None]], *, person: str | None = PERSON) -> list[Account]:
    """A store with one account for each handle, whose latest poll ended so; None for never polled."""
    with Store.open(tmp_path / "store") as store:
        store.sync_accounts(
            [WantedAccount(f"https://www.tiktok.com/@{name}", "tiktok", person, name, 60) for name, _ in story]
        )
        for account, (_, outcome) in zip(store.accounts(), story, strict=True):
            if outcome is not None:
                store.record_poll(
                    PollRecord(account.id, NOW, outcome, "one line\x1b about it"),
                    posts=[SeenPost("1", "u")] if outcome == "ok" else (),
                    next_check_at=NOW + timedelta(hours=1),
                    succeeded=outcome in ("ok", "empty"),
                )
        return store.accounts()


STORY = [("seen", "ok"), ("left", "gone"), ("busy", "rate_limited"), ("new", None)]


def test_one_object_an_account_and_one_for_the_store(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, STORY)
    with Store.open(tmp_path / "store") as store:
        record = store.gather_digest("2026-11-25", covers_to=NOW)
        store.mark_rendered(record.id, "/digests/2026-11-25.html", NOW)
    result = invoke("status", "--json", "-c", config)
    assert result.exit_code == 5, "some account cannot be seen"
    told = lines(result.stdout)
    check_contract("status", told)
    *accounts, store_line = told
    assert [(one["handle"], one["state"], one["errors"]) for one in accounts] == [
        ("seen", "ok", 0),
        ("left", "gone", 1),
        ("busy", "rate_limited", 1),
        ("new", "never_polled", 0),
    ]
    assert accounts[0]["last_ok_at"] == "2026-11-25T09:30:00+00:00"
    assert accounts[1]["next_check_at"] == "2026-11-25T10:30:00+00:00"
    assert accounts[1]["detail"] == "one line\x1b about it"
    assert accounts[3]["since"] is None
    assert store_line.pop("sandbox").keys() == {"landlock", "seccomp", "lacking"}
    assert store_line == {
        "store": str(tmp_path / "store"),
        "posts": {"seen": 1},
        "digest": {"day": "2026-11-25", "path": "/digests/2026-11-25.html"},
        "deliveries": {"waiting": 0, "failed": []},
        "troubles": [],
        "platforms": [],
        "waits": {},
        "timestamps": None,
    }


def test_a_kernel_that_cannot_confine_is_told(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.cli import status

    recorded(tmp_path, [("seen", "ok")])
    monkeypatch.setattr(status, "enforceable", lambda: Enforced(0, True, {"landlock": "the kernel has none"}))
    assert (
        "Sandbox of what reads clips: resource limits; no landlock: the kernel has none"
        in invoke("status", "-c", config).stdout
    )
    told = lines(invoke("status", "--json", "-c", config).stdout)[-1]
    assert told["sandbox"] == {"landlock": 0, "seccomp": True, "lacking": {"landlock": "the kernel has none"}}


def test_all_well_is_exit_code_0(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, [("seen", "ok"), ("quiet", "empty"), ("new", None)])
    result = invoke("status", "--json", "-c", config)
    assert result.exit_code == 0
    assert lines(result.stdout)[-1]["digest"] is None


def test_people_read_a_table(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, STORY)
    result = invoke("status", "-c", config)
    assert result.exit_code == 5
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["account", "platform", "state", "since", "next", "look"]
    assert rows[0].split() == ["@seen", "tiktok", "ok", "2026-11-25", "09:30", "2026-11-25", "10:30"]
    assert rows[3].split() == ["@new", "tiktok", "never", "polled", "now"]
    assert rows[4:6] == ["Posts: 1 seen", "Latest digest: none yet"]
    assert rows[6].startswith("Sandbox of what reads clips: ")


def test_a_hostile_handle_cannot_act(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, [("[red]x\x1b]0;title\x07\u202e", "ok")])
    result = invoke("status", "-c", config)
    assert "@[red]x\\u001b]0;title\\u0007\\u202e" in result.stdout, "also where it is longer than a narrow terminal"
    assert "\x1b" not in result.stdout
    check_contract("status", lines(invoke("status", "--json", "-c", config).stdout))


def test_it_looks_beside_the_daemon_and_changes_nothing(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, STORY)
    with hold(tmp_path / "store"), Store.open(tmp_path / "store") as store, store.transaction():
        store.write("UPDATE accounts SET handle = 'half'")
        assert "half" not in invoke("status", "-c", config).stdout
    assert "half" in invoke("status", "-c", config).stdout
    assert invoke("status", "-c", tmp_path / "none.yaml").exit_code == 2


def test_without_a_store_it_makes_none(config: Path, tmp_path: Path) -> None:
    result = invoke("status", "-c", config)
    assert result.exit_code == 1
    assert "run `doppelwatch once` first" in result.stderr
    assert not (tmp_path / "store").exists()


def test_what_the_control_account_says_is_told(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, [("left", "gone")])
    with Store.open(tmp_path / "store") as store:
        store.record_platform(PlatformState("tiktok", "ok", NOW, control_outcome="ok", control_at=NOW))
    told = lines(invoke("status", "--json", "-c", config).stdout)
    check_contract("status", told)
    (platform,) = told[-1]["platforms"]
    assert (platform["platform"], platform["control"], platform["held_until"]) == ("tiktok", "ok", None)
    words = " ".join(invoke("status", "-c", config).stdout.split())
    assert "the platform answers, the fault is this account's" in words


def test_a_platform_that_waits_for_its_limit_or_its_hours_is_told_with_why(config: Path, tmp_path: Path) -> None:
    recorded(tmp_path, [("seen", "ok")])
    with Store.open(tmp_path / "store") as store:
        store.record_requests("tiktok", Purpose.CONTROL, 1195, at=datetime.now(UTC))
    why = "it was asked as much as polling allows"
    told = lines(invoke("status", "--json", "-c", config).stdout)
    check_contract("status", told)
    assert told[-1]["waits"] == {"tiktok": why}
    assert f"tiktok is not asked now: {why}" in invoke("status", "-c", config).stdout
    now = datetime.now(UTC)
    night = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    write_config(tmp_path, polling={"platforms": [{"name": "tiktok", "quiet": night}]})
    assert f"tiktok is not asked now: these are its quiet hours ({night})" in invoke("status", "-c", config).stdout
