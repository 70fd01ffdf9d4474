"""Time stamps of a real authority (openssl) over a real log: had in batches, checked offline, exported."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from bot.cases import export_case, export_faults, stamping
from bot.cases.stamping import StampRefused
from bot.check import _timestamps as look_at_timestamps
from bot.config import Config, load
from bot.deliver.watchdog import observe
from bot.errors import ConfigError
from bot.pipeline.stamp import stamp_due
from storage import PollRecord, SeenPost, Store, StoredVerdict, WantedAccount
from storage.opening import FILE_NAME
from tests.cases.authority import ADDRESS, Authority
from tests.cli.conftest import check_contract, invoke, lines
from tests.storage.conftest import HOUR, NOW

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

URL = "https://www.tiktok.com/@deep.someone"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """One authority for all tests, because its keys take a moment to make."""
    with Authority(tmp_path_factory.mktemp("tsa") / "authority") as made:
        yield made


@pytest.fixture
def authority(machine: Authority) -> Authority:
    machine.status, machine.replay = 200, None
    machine.asked.clear()
    return machine


@pytest.fixture
def path(authority: Authority, tmp_path: Path) -> Path:
    """A configuration with the authority."""
    (tmp_path / "authority.pem").write_bytes(authority.pem)
    values = {"store": "store", "timestamps": {"authority": ADDRESS, "certificates": "authority.pem"}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(values))
    return tmp_path / "config.yaml"


@pytest.fixture
def config(path: Path) -> Config:
    return load(path)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """A store with three posts that become cases one after the other."""
    with Store.open(config.store) as made:
        made.sync_accounts([WantedAccount(URL, "tiktok", "Someone", "deep.someone", 2700)])
        account = made.accounts()[0]
        posts = [SeenPost(f"7{number}", f"{URL}/video/7{number}", "a clip", NOW) for number in range(3)]
        made.record_poll(PollRecord(account.id, NOW, "ok"), posts=posts, next_check_at=NOW + HOUR, succeeded=True)
        yield made


def seal(store: Store, *posts: int) -> None:
    for post in posts:
        made = store.evidence.keep_bytes(b"clip" * post, ".mp4")
        store.record_fetch(post, made, at=NOW)
        store.record_examination(post, [], at=NOW)
        store.record_verdict(StoredVerdict(post, "likely_imitation", "urgent", "r", "Looks alike."), at=NOW)
        store.seal(post, {"versions": {}, "models": []}, at=NOW)


def test_one_stamp_covers_all_entries_before_it(store: Store, config: Config, authority: Authority) -> None:
    assert not stamp_due(store, config, authority.dialer, NOW), "there is nothing to stamp"
    seal(store, 1, 2)
    assert stamp_due(store, config, authority.dialer, NOW)
    (stamp,) = store.stamps()
    assert (stamp.entry_id, stamp.authority) == (2, ADDRESS)
    assert store.stamp_over(1) == store.stamp_over(2) == stamp
    seal(store, 3)
    assert not stamp_due(store, config, authority.dialer, NOW + HOUR), "what comes meanwhile shares the next one"
    assert stamp_due(store, config, authority.dialer, NOW + timedelta(hours=6))
    assert not stamp_due(store, config, authority.dialer, NOW + timedelta(days=2)), "everything is stamped"
    assert [one.entry_id for one in store.stamps()] == [2, 3]
    assert len(authority.asked) == 2
    assert store.custody_log()[1].line.encode() not in authority.asked[0], "the hash alone is sent"


def test_an_authority_that_gives_none_is_a_named_condition_and_asked_again(
    store: Store, config: Config, authority: Authority, path: Path
) -> None:
    seal(store, 1)
    authority.status = 503
    at = NOW
    for wait_m in (10, 20, 40):
        assert not stamp_due(store, config, authority.dialer, at)
        asked = len(authority.asked)
        assert not stamp_due(store, config, authority.dialer, at + timedelta(minutes=wait_m - 1))
        assert len(authority.asked) == asked, "it is left alone for a time"
        at += timedelta(minutes=wait_m)
    (trouble,) = [one for one in observe(store, config, at) if one.kind == "timestamps"]
    assert "3 times in a row: tsa.example answered 503" in trouble.detail
    told = lines(invoke("status", "--json", "--config", path).stdout)
    check_contract("status", told)
    assert (told[-1]["timestamps"]["waiting"], told[-1]["timestamps"]["problem"]) == (True, "tsa.example answered 503")
    assert "asked again" in invoke("status", "--config", path).stdout
    authority.status = 200
    assert stamp_due(store, config, authority.dialer, at)
    assert [one for one in observe(store, config, at) if one.kind == "timestamps"] == []


@pytest.mark.parametrize(
    ("replay", "why"),
    [
        (b"", "does not hold"),
        (b"<html>down for maintenance", "does not hold"),
        (b"\x30\x80" * 1000, "does not hold"),
        (b"x" * 200_000, "more than 100 kB"),
        # a refusal: status 2, "rejection", in DER
        (bytes.fromhex("30053003020102"), "refused"),
    ],
)
def test_what_is_no_stamp_is_refused(
    store: Store, config: Config, authority: Authority, replay: bytes, why: str
) -> None:
    seal(store, 1)
    authority.replay = replay
    assert not stamp_due(store, config, authority.dialer, NOW)
    state = store.stamping()
    assert state is not None
    assert why in state.problem
    assert store.stamps() == []


def test_a_stamp_of_another_question_or_another_authority_is_refused(authority: Authority, tmp_path: Path) -> None:
    stamping.ask(b"one line\n", ADDRESS, authority.pem, authority.dialer)
    authority.replay = authority.answer(authority.asked[-1])
    with pytest.raises(StampRefused, match="Nonce mismatch"):
        stamping.ask(b"one line\n", ADDRESS, authority.pem, authority.dialer)
    authority.replay = None
    with Authority(tmp_path / "other") as other, pytest.raises(StampRefused, match="does not hold"):
        stamping.ask(b"one line\n", ADDRESS, other.pem, authority.dialer)


def test_nobody_listening_is_a_named_condition(config: Config, store: Store, authority: Authority) -> None:
    seal(store, 1)
    from bot.sources.dialer import PublicDialer

    inside = config.model_copy(
        update={"timestamps": config.timestamps.model_copy(update={"authority": "http://127.0.0.1:9/tsr"})}
    )
    assert not stamp_due(store, inside, PublicDialer(), NOW)
    state = store.stamping()
    assert state is not None
    assert "127.0.0.1 could not be asked: connection refused by policy" in state.problem, "it goes through the door"


def test_verify_checks_stamps_offline(store: Store, config: Config, authority: Authority, path: Path) -> None:
    certificates = path.with_name("authority.pem")
    certificates.rename(path.with_name("not yet.pem"))
    seal(store, 1)
    assert invoke("verify", "--config", path).exit_code == 0, "nothing is stamped yet, so nothing is missing"
    path.with_name("not yet.pem").rename(certificates)
    assert stamp_due(store, config, authority.dialer, NOW)
    store.close()
    assert invoke("verify", "--config", path).exit_code == 0
    certificates.write_text("nothing")
    broken = invoke("verify", "--config", path)
    assert (broken.exit_code, "holds no certificates" in broken.output) == (2, True)
    values = {"store": "store"}
    path.write_text(yaml.safe_dump(values))
    lacking = invoke("verify", "--config", path)
    assert (lacking.exit_code, "name the authority's certificates" in lacking.output) == (2, True)


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("entry_id", "1", "is not one of the log's entry 1"),
        ("entry_sha256", "'" + "0" * 64 + "'", "is not one of the log's entry 2"),
        ("at", "'2020-01-01T00:00:00.000000Z'", "and not what its row says"),
        ("response", "'AAAA'", "does not hold"),
        ("response", "'not base64 \N{SNOWMAN}'", "time stamp 1: "),
    ],
)
def test_a_stamp_that_was_changed_is_named(
    store: Store, config: Config, authority: Authority, path: Path, column: str, value: str, named: str
) -> None:
    seal(store, 1, 2)
    assert stamp_due(store, config, authority.dialer, NOW)
    store.close()
    with closing(sqlite3.connect(config.store / FILE_NAME)) as db:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(f"UPDATE stamps SET {column} = {value}")
        db.execute("DROP TRIGGER stamps_no_update")
        db.execute(f"UPDATE stamps SET {column} = {value}")
        db.commit()
    done = invoke("verify", "--config", path)
    assert done.exit_code == 1
    assert named in done.output


def test_an_export_holds_the_stamp_and_openssl_checks_it(
    store: Store, config: Config, authority: Authority, path: Path, tmp_path: Path
) -> None:
    seal(store, 1)
    assert stamp_due(store, config, authority.dialer, NOW)
    seal(store, 2)
    store.close()
    done = invoke("export", "1", "--out", tmp_path / "a.zip", "--config", path)
    assert done.exit_code == 0, done.output
    assert invoke("verify", tmp_path / "a.zip").exit_code == 0
    with ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path)
        how = archive.read("case-1/HOW-TO-VERIFY.txt").decode()
    (command,) = [line.strip() for line in how.splitlines() if "ts -verify" in line]
    folder = tmp_path / "case-1"
    assert subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False).returncode == 0
    (folder / "custody.jsonl").write_text((folder / "custody.jsonl").read_text().replace("sealed", "purged"))
    assert subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False).returncode != 0
    with Store.open(config.store) as again:
        export_case(again, 2, tmp_path / "b.zip", authority=authority.pem)
    with ZipFile(tmp_path / "b.zip") as archive:
        assert not [name for name in archive.namelist() if "timestamp" in name], "no stamp covers it yet"


def test_a_stamp_of_something_else_in_an_export_is_named(
    store: Store, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(store, 1)
    response, at = stamping.ask(b"another line\n", ADDRESS, authority.pem, authority.dialer)
    (entry,) = store.custody_log()
    kept = base64.b64encode(response).decode()
    store.record_stamp(entry, kept, at=at, authority=ADDRESS, now=NOW, next_try_at=NOW)
    export_case(store, 1, tmp_path / "a.zip", authority=authority.pem)
    assert next(export_faults(tmp_path / "a.zip")) == (
        "a.zip: timestamp.tsr: the time stamp does not hold: Mismatch between messages"
    )


def test_without_the_library_the_remedy_is_named(
    store: Store, config: Config, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(store, 1)
    monkeypatch.setitem(__import__("sys").modules, "rfc3161_client", None)
    assert not stamp_due(store, config, authority.dialer, NOW)
    state = store.stamping()
    assert state is not None
    assert "pip install 'doppelwatch[timestamps]'" in state.problem
    with pytest.raises(ConfigError, match="needs the extra timestamps"):
        stamping.check(b"", b"", authority.pem)


def test_a_configuration_says_both_or_neither(tmp_path: Path) -> None:
    for values, named in (
        ({"authority": ADDRESS}, "timestamps.authority: needs timestamps.certificates, too"),
        ({"authority": "ftp://tsa.example", "certificates": "a.pem"}, "is no address of an authority"),
        ({"authority": "https://me:secret@tsa.example", "certificates": "a.pem"}, "is no address of an authority"),
    ):
        (tmp_path / "config.yaml").write_text(json.dumps({"timestamps": values}))
        with pytest.raises(ConfigError) as error:
            load(tmp_path / "config.yaml")
        assert named in str(error.value)


def test_check_looks_at_the_certificates(path: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = look_at_timestamps(config)
    assert (checked.what, checked.level, checked.message) == (
        "timestamps.certificates",
        "ok",
        "1 certificate; not tried",
    )
    path.with_name("authority.pem").unlink()
    assert look_at_timestamps(config).level == "error"
    monkeypatch.setattr("bot.check.find_spec", lambda name: None)
    assert "pip install 'doppelwatch[timestamps]'" in look_at_timestamps(config).message
