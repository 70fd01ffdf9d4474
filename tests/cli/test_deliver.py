"""`doppelwatch deliver`, `digest --preview`, and what `check` and `once` say of the ways out."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest

from bot.check import Checker
from bot.config import load
from drills._mailbox import PASSWORD, USER, Fault, Mailbox, free_port
from storage import Store
from tests.cli.conftest import doppelwatch, invoke, lines
from tests.conftest import write_config
from tests.deliver.conftest import TO, mail_section
from tests.digest.scene import seed_case


@pytest.fixture
def box(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path, login=True)


@pytest.fixture
def path(tmp_path: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    box.port = free_port()
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    return write_config(
        tmp_path,
        mail=mail_section(box, user=USER),
        secrets={"mail_password": {"env": "MAIL_PASSWORD"}},
        deliver={"folder": str(tmp_path / "out"), "free_space": "0 B"},
    )


def test_a_test_message_proves_each_channel_without_a_store(path: Path, box: Mailbox, tmp_path: Path) -> None:
    with box:
        done = invoke("deliver", "--test", "--json", "-c", path)
    assert done.exit_code == 0, done.output
    assert lines(done.stdout) == [
        {"channel": f"mail {TO}", "sent": True, "problem": ""},
        {"channel": "folder", "sent": True, "problem": ""},
    ]
    assert [mail["Subject"] for mail in box.mails] == ["Test: this way out works"]
    assert not (tmp_path / "store").exists()


def test_a_channel_that_does_not_work_is_told_and_fails(path: Path, box: Mailbox) -> None:
    with box:
        assert box.authority.is_file(), "what is left when the server has gone"
    done = invoke("deliver", "--test", "-c", path, f"mail {TO}")
    assert done.exit_code == 1
    assert f"not sent mail {TO}: localhost:" in done.stdout
    assert "cannot be reached (Connection refused); correct mail.server or mail.port" in done.stdout
    unknown = doppelwatch("deliver", "--test", "-c", path, "pigeon")
    assert unknown.returncode == 2
    assert f"there is no channel pigeon; those configured are: mail {TO}, folder" in unknown.stderr


def test_what_waits_is_sent_and_listed_and_failures_are_tried_again(path: Path, box: Mailbox, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with Store.open(tmp_path / "store") as store:
        digest = store.gather_digest(f"{now:%Y-%m-%d}", covers_to=now)
        store.mark_rendered(digest.id, "page", now)
    box.faults.append(Fault(554, keeps=False))
    with box:
        first = invoke("deliver", "--json", "-c", path)
        assert (first.exit_code, lines(first.stdout)) == (5, [{"sent": 1, "delayed": 0, "failed": 1, "waiting": 0}])
        listed = lines(invoke("deliver", "--list", "--json", "-c", path).stdout)
        assert {one["channel"]: one["state"] for one in listed} == {f"mail {TO}": "failed", "folder": "sent"}
        status = invoke("status", "-c", path)
        assert f"Not delivered: digest to mail {TO}" in status.stdout
        assert "554" in status.stdout
        again = invoke("deliver", "--again", "--json", "-c", path)
        assert again.exit_code == 0, again.output
        assert lines(again.stdout)[0]["sent"] >= 1
    assert len(box.mails) >= 1
    assert "Not delivered" not in invoke("status", "-c", path).stdout


def test_without_a_channel_it_says_where_to_name_one(tmp_path: Path) -> None:
    done = doppelwatch("deliver", "-c", write_config(tmp_path))
    assert done.returncode == 2
    assert "no channel is configured; set mail, secrets.apprise or deliver" in done.stderr


def test_check_names_place_and_remedy(path: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody:
        def submit(self, *_: object) -> None:
            """No model is looked at here."""

    def asked() -> dict[str, tuple[str, str]]:
        steps = Checker(load(path), Nobody(), datetime.now(UTC))._channels()  # type: ignore[arg-type]
        return {done.what: (str(done.level), done.message) for done in (step() for step in steps)}

    with box:
        level, words = asked()["mail.server"]
        assert (level, words) == ("ok", f"localhost:{box.port} answers (starttls, login as {USER})")
        monkeypatch.delenv("MAIL_PASSWORD")
        level, words = asked()["mail.server"]
        assert level == "error"
        assert words == "the variable MAIL_PASSWORD is not set or empty; export it, or use {file: PATH}"
    assert box.mails == [], "nothing is sent"
    path.write_text(path.read_text().replace("localhost", "mail.invalid"))
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    level, words = asked()["mail.server"]
    assert (level, words) == ("error", "there is no server mail.invalid, or no network; correct mail.server")


def test_a_preview_renders_any_time_and_changes_nothing(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    with Store.open(tmp_path / "store") as store:
        seed_case(store)
        before = list(store.db.conn.iterdump())
    out = tmp_path / "seen"
    since = "2026-11-01"
    if datetime.now(UTC) < datetime(2026, 11, 26, tzinfo=UTC):
        since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    done = invoke("digest", "--preview", "--since", since, "--out", out, "--json", "-c", path)
    assert done.exit_code == 0, done.output
    (made,) = lines(done.stdout)
    names = {one.name for one in out.iterdir() if one.suffix not in (".eml", ".html", ".txt")}
    assert names == {"accounts", "archive.json", "cases"}, "beside page, text and mail"
    assert len(list(out.glob("*.*"))) == 4
    mail = email.message_from_bytes(Path(made["mail"]).read_bytes(), policy=policy.SMTP)
    assert made["posts"] == 7
    assert "deepaureliovantor" in Path(made["page"]).read_text()
    assert "1 account needs you urgently" in mail["Subject"]
    assert "This digest covers" not in Path(made["page"]).read_text(), "a time that was asked for is no gap"
    with Store.open(tmp_path / "store") as store:
        assert list(store.db.conn.iterdump()) == before
    assert not (tmp_path / "digests").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "7 days"), "--since and --out belong to --preview"),
        (
            ("--preview", "--since", "soon"),
            "--since: soon is neither a day like 2026-11-20 nor a time back like '7 days'",
        ),
        (("--preview", "--since", "2999-01-01"), "--since: 2999-01-01 lies ahead"),
    ],
)
def test_a_preview_that_cannot_be_is_explained(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    path = write_config(tmp_path)
    with Store.open(tmp_path / "store"):
        pass
    done = doppelwatch("digest", *arguments, "-c", path)
    assert done.returncode == 2
    assert words in done.stderr
