"""An exported case is checked with standard tools and by `doppelwatch verify`, and any changed byte is named."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from bot.cases import export_case, export_faults
from bot.cli import main
from bot.errors import BotError, ConfigError
from storage import PollRecord, SeenPost, Store, StoredFinding, StoredVerdict, WantedAccount
from tests.storage.conftest import HOUR, NOW

URL = "https://www.tiktok.com/@deep.someone"
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one case, whose texts are hostile."""
    with Store.open(tmp_path / "store") as made:
        made.sync_accounts([WantedAccount(URL, "tiktok", "Someone", "deep.someone", 2700)])
        account = made.accounts()[0]
        posts = [SeenPost("71", f"{URL}/video/71", HOSTILE, NOW)]
        made.record_poll(PollRecord(account.id, NOW, "ok"), posts=posts, next_check_at=NOW + HOUR, succeeded=True)
        media = made.evidence.keep_bytes(b"clip" * 1000, ".mp4")
        picture = made.evidence.keep_bytes(b"picture", ".jpg")
        told = made.evidence.keep_bytes(b'{"id": "71"}', ".json")
        made.record_fetch(1, media, metadata_sha256=told.sha256, at=NOW)
        finding = StoredFinding(1, "forgery", "1", "synthesis", "ok", HOSTILE, log10_lr=0.5)
        made.record_examination(1, [replace(finding, exhibits=({"jpeg_sha256": picture.sha256},))], at=NOW)
        made.record_verdict(StoredVerdict(1, "likely_imitation", "urgent", "r", f"Looks alike. {HOSTILE}"), at=NOW)
        made.seal(1, {"versions": {"doppelwatch": "1"}, "models": []}, at=NOW)
        yield made


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(f"store: {tmp_path}/store\n")
    return path


def test_an_export_fits_and_the_same_case_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    first = export_case(store, 1, tmp_path / "a.zip")
    assert export_case(store, 1, tmp_path / "b.zip") == first
    assert list(export_faults(tmp_path / "a.zip")) == []
    with ZipFile(tmp_path / "a.zip") as archive:
        names = {name.removeprefix("case-1/") for name in archive.namelist()}
        page = archive.read("case-1/case.html").decode()
        draft = archive.read("case-1/report-draft.txt").decode()
    assert {"SHA256SUMS", "HOW-TO-VERIFY.txt", "record.json", "custody.jsonl"} < names
    assert {name.partition("/")[0] for name in names if "/" in name} == {"media", "metadata", "pictures"}
    assert "<script>" not in page
    assert "\x1b" not in draft
    assert f"Reported account: {URL}" in draft


def test_every_byte_counts(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    export_case(store, 1, path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[place] ^= 4
        path.write_bytes(changed)
        assert next(export_faults(path), None) is not None, place
    for cut in (0, 10, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert next(export_faults(path), None) is not None
    path.write_bytes(whole + b"x")
    assert next(export_faults(path), None) is not None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_standard_tools_check_a_signed_export(store: Store, tmp_path: Path) -> None:
    key = tmp_path / "signing.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    export_case(store, 1, tmp_path / "a.zip", signing_key=key.read_text)
    assert list(export_faults(tmp_path / "a.zip")) == []
    with ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path)
        how = archive.read("case-1/HOW-TO-VERIFY.txt").decode()
    commands = [line.strip() for line in how.splitlines() if line.startswith("       ") and "FILE.zip" not in line]
    assert len(commands) == 4
    folder = tmp_path / "case-1"
    for command in commands:
        assert subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False).returncode == 0
    sums = tmp_path / "case-1" / "SHA256SUMS"
    sums.write_text(sums.read_text().replace("a", "b", 1))
    assert subprocess.run(["sh", "-c", commands[-1]], cwd=folder, capture_output=True, check=False).returncode == 1


def test_a_key_of_another_kind_is_refused_without_being_shown(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no private key") as error:
        export_case(store, 1, tmp_path / "a.zip", signing_key=lambda: "sesame")
    assert "sesame" not in str(error.value)
    assert not (tmp_path / "a.zip").exists()


def test_what_cannot_be_trusted_is_not_exported(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BotError, match="post 2 is no case"):
        export_case(store, 2, tmp_path / "a.zip")
    media = store.post(1).media_sha256
    assert media is not None
    store.evidence.delete(media)
    with pytest.raises(BotError, match="is missing; nothing was exported"):
        export_case(store, 1, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_the_commands(store: Store, config: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    target = str(tmp_path / "a.zip")
    made = run(main, ["export", "1", "--out", target, "--config", str(config), "--json"])
    assert json.loads(made.stdout)["file"] == target
    again = run(main, ["export", "1", "--out", target, "--config", str(config)])
    assert (again.exit_code, "is already there" in again.stderr) == (1, True)
    assert run(main, ["verify", target]).exit_code == 0
    assert run(main, ["verify", "--config", str(config)]).stdout == "1 case checked; everything fits.\n"
    assert run(main, ["verify", "7", "--config", str(config)]).exit_code == 2
    assert run(main, ["verify", "missing.zip"]).exit_code == 2
    media = store.post(1).media_sha256
    assert media is not None
    store.evidence.delete(media)
    found = run(main, ["verify", "1", "--config", str(config), "--json"])
    assert found.exit_code == 1
    assert json.loads(found.stdout)["faults"] == [f"case 1: its file {media} is missing"]
    assert run(main, ["release", "1", "--config", str(config)]).exit_code == 0
    assert run(main, ["verify", "--config", str(config)]).exit_code == 0


def test_what_the_platform_told_is_in_the_export_and_missed_where_it_is_gone(store: Store, tmp_path: Path) -> None:
    export_case(store, 1, tmp_path / "case.zip")
    with ZipFile(tmp_path / "case.zip") as archive:
        (name,) = [name for name in archive.namelist() if "/metadata/" in name]
        assert archive.read(name) == b'{"id": "71"}'
    sha256 = store.post(1).metadata_sha256
    assert sha256 is not None
    assert store.evidence.delete(sha256)
    assert list(store.faults()) == [f"case 1: its file {sha256} is missing"]
