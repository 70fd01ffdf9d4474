"""Mail over a real server with TLS, parsed back with the standard library; and what is said where it cannot be sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest

from bot.deliver.channels import open_channels
from bot.deliver.compose import Composer
from bot.deliver.contract import Kind, Message, Outcome, Receipt
from bot.deliver.html import LIMIT
from bot.digest.build import build_page
from bot.digest.text import render_text
from drills._mailbox import PASSWORD, USER, Fault, Mailbox, free_port
from storage import DigestRecord, Store
from tests.deliver.conftest import SENDER, TO, Configured, mail_section
from tests.digest.scene import NOW

GMAIL_CLIPS_AT = 102 * 1024
ID = "<digest.0123456789abcdef@example.org>"


def sent(
    store: Store, digest: DigestRecord, configured: Configured, mailbox: Mailbox, **sections: object
) -> EmailMessage:
    """The digest, sent to the server and parsed back."""
    config = configured(**sections)
    message = replace(Composer(store, config, NOW).digest(digest), message_id=ID, at=NOW)
    receipt = open_channels(config, store, NOW)[f"mail {TO}"].send(message)
    assert receipt == Receipt(Outcome.SENT)
    (mail,) = mailbox.mails
    return mail


def part(mail: EmailMessage, kind: str) -> EmailMessage:
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return body


def test_a_day_with_forty_alerts_arrives_whole(
    store: Store, busy: DigestRecord, configured: Configured, mailbox: Mailbox
) -> None:
    mail = sent(store, busy, configured, mailbox)
    assert mailbox.protected == [True]
    assert mailbox.receivers == [(TO,)]
    assert mail.defects == []
    assert [one.get_content_type() for one in mail.iter_parts()] == ["text/plain", "multipart/related"]
    html = str(part(mail, "html").get_content())
    assert len(html.encode()) <= LIMIT < GMAIL_CLIPS_AT
    assert "accounts are told in a line" in html
    text = str(part(mail, "plain").get_content())
    for number in range(40):
        assert f"@deepaureliovantor.{number}" in text
        assert f"deepaureliovantor.{number}/" in html, "each has its link"


def test_the_text_part_is_the_text_of_the_page(
    store: Store, seeded: DigestRecord, configured: Configured, mailbox: Mailbox
) -> None:
    mail = sent(store, seeded, configured, mailbox)
    page = build_page(store, seeded, zone=ZoneInfo("Europe/Paris"), now=NOW, previous=None)
    text = str(part(mail, "plain").get_content()).replace("\r\n", "\n")
    assert text.splitlines() == render_text(page).splitlines()


def test_pictures_are_attached_under_the_ids_that_the_html_shows(
    store: Store, busy: DigestRecord, configured: Configured, mailbox: Mailbox
) -> None:
    mail = sent(store, busy, configured, mailbox)
    html = str(part(mail, "html").get_content())
    shown = re.findall(r'src="cid:([^"]+)"', html)
    assert len(shown) == len(set(shown)) >= 10
    related = next(one for one in mail.iter_parts() if one.get_content_type() == "multipart/related")
    pictures = {
        one["Content-ID"].strip("<>"): one for one in related.iter_parts() if one.get_content_maintype() == "image"
    }
    assert list(pictures) == shown
    for one in pictures.values():
        assert one.get_content_disposition() == "inline"
        decoded = cv2.imdecode(np.frombuffer(one.get_content(), np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        assert decoded.shape[1] <= 544
    assert "src=" not in re.sub(r'src="cid:[^"]+"', "", html), "nothing is loaded from outside"


def test_the_headers_say_what_it_is(
    store: Store, seeded: DigestRecord, configured: Configured, mailbox: Mailbox
) -> None:
    mail = sent(store, seeded, configured, mailbox)
    assert mail["Subject"] == "Wed 25 Nov 2026: 1 account needs you urgently"
    assert mail["From"] == f"Doppelwatch <{SENDER}>"
    assert mail["To"] == TO
    assert mail["Message-ID"] == ID
    assert mail["List-Id"] == "Doppelwatch digest <digest.doppelwatch.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]).astimezone(UTC) == NOW


def test_every_line_is_short_and_ascii_so_that_no_server_on_the_way_changes_it(
    store: Store, busy: DigestRecord, configured: Configured, mailbox: Mailbox
) -> None:
    sent(store, busy, configured, mailbox)
    (raw,) = mailbox.raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_mail_stays_within_its_size_and_says_what_it_left_out(
    store: Store, busy: DigestRecord, configured: Configured, mailbox: Mailbox
) -> None:
    sent(store, busy, configured, mailbox)
    (whole,) = mailbox.raw
    mailbox.raw.clear()
    mailbox.mails.clear()
    mail = sent(store, busy, configured, mailbox, mail={"size": "210 kB"})
    (small,) = mailbox.raw
    assert len(small) <= 210_000 < len(whole)
    html = str(part(mail, "html").get_content())
    assert re.search(r"\d+ picture strips? (is|are) left out", html)
    assert html.count("cid:") < 12


def test_a_text_that_is_too_long_is_cut_and_says_so(
    store: Store, seeded: DigestRecord, configured: Configured, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.deliver.compose.render_text", lambda page: "a line of the text\n" * 40_000)
    mail = sent(store, seeded, configured, mailbox, mail={"size": "200 kB"})
    assert len(mailbox.raw[0]) <= 200_000
    text = str(part(mail, "plain").get_content())
    assert text.rstrip().endswith("The rest was left out to keep this mail small; the digest's page has all of it.")


TEST = Message(Kind.TEST, ID, NOW, subject="Test", short="s", text="t", html="<p>h</p>")


def try_one(configured: Configured, **mail: object) -> Receipt:
    return open_channels(configured(mail=mail), None, NOW, timeout_s=2)[f"mail {TO}"].send(TEST)


def test_tls_from_the_first_byte_and_a_login(
    configured: Configured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with Mailbox(tmp_path, security="tls", login=True) as box:
        secrets = {"mail_password": {"env": "MAIL_PASSWORD"}}
        config = configured(mail=mail_section(box, user=USER), secrets=secrets)
        assert open_channels(config, None, NOW)[f"mail {TO}"].send(TEST) == Receipt(Outcome.SENT)
        assert len(box.mails) == 1
        monkeypatch.setenv("MAIL_PASSWORD", "wrong")
        refused = open_channels(config, None, NOW)[f"mail {TO}"].send(TEST)
        assert refused.outcome is Outcome.REFUSED
        assert "refused the login; correct mail.user or its password (535" in refused.problem
        assert "wrong" not in refused.problem
        monkeypatch.delenv("MAIL_PASSWORD")
        missing = open_channels(config, None, NOW)[f"mail {TO}"].send(TEST)
        assert "the variable MAIL_PASSWORD is not set" in missing.problem
        assert len(box.mails) == 1


def test_a_certificate_of_an_unknown_authority_is_named_and_nothing_is_sent(
    configured: Configured, mailbox: Mailbox
) -> None:
    receipt = try_one(configured, authority=None)
    assert receipt.outcome is Outcome.LATER
    assert f"the certificate of localhost:{mailbox.port} is not valid: " in receipt.problem
    assert "mail.authority" in receipt.problem
    assert mailbox.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_another_host_is_named_and_nothing_is_sent(
    configured: Configured, tmp_path: Path, security: str
) -> None:
    with Mailbox(tmp_path, host="mail.example.net", security=security) as box:
        receipt = try_one(configured, **mail_section(box))
        assert receipt.outcome is Outcome.LATER
        assert "Hostname mismatch" in receipt.problem
        assert box.mails == []


def test_a_server_without_starttls_gets_nothing_readable(configured: Configured, tmp_path: Path) -> None:
    with Mailbox(tmp_path, security="none") as box:
        receipt = try_one(configured, **(mail_section(box) | {"security": "starttls"}))
        assert receipt.outcome is Outcome.LATER
        assert "does not offer what is needed" in receipt.problem
        assert box.mails == []


def test_tls_on_a_port_for_starttls_is_explained(configured: Configured, mailbox: Mailbox) -> None:
    receipt = try_one(configured, security="tls")
    assert "mail.security or mail.port may be wrong" in receipt.problem


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        (Fault(451, keeps=False), Outcome.LATER, "refused the message (451 not now)"),
        (Fault(554, keeps=False), Outcome.REFUSED, "refused the message (554 never)"),
        (Fault(250, keeps=False, hangs_up=True), Outcome.LATER, "ended the connection in the middle"),
        (Fault(250, keeps=False, wait_s=4), Outcome.LATER, "did not answer within 2 s"),
    ],
)
def test_what_a_server_answers_decides_whether_it_is_tried_again(
    configured: Configured, mailbox: Mailbox, fault: Fault, outcome: Outcome, words: str
) -> None:
    mailbox.faults.append(fault)
    receipt = try_one(configured)
    assert receipt.outcome is outcome
    assert words in receipt.problem
    assert mailbox.mails == []


def test_no_server_and_no_name_are_told_apart(configured: Configured) -> None:
    nobody = try_one(configured, port=free_port())
    assert (nobody.outcome, "cannot be reached (Connection refused)" in nobody.problem) == (Outcome.LATER, True)
    nameless = try_one(configured, server="mail.invalid")
    assert nameless.problem == "there is no server mail.invalid, or no network; correct mail.server"


def test_an_authority_that_is_no_certificate_is_named(configured: Configured, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing")
    receipt = try_one(configured, authority=str(wrong))
    assert "mail.authority" in receipt.problem
    assert str(wrong) in receipt.problem
