"""The other ways out, each against its real end: a webhook through Apprise, a feed, a folder; and single alerts."""

from __future__ import annotations

import email
import json
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.deliver import deliver, open_channels, queue_alerts
from bot.deliver.contract import Kind, Message, Outcome, Receipt
from bot.deliver.push import INSTALL
from storage import Store
from tests.conftest import make_config
from tests.digest.scene import NOW, Scene

MESSAGE = Message(
    Kind.ALERT, "<alert.1@example.org>", NOW, "Urgent: @x", "[Urgent] @x: look <now>", "text", "<p>html</p>"
)
MINUTE = timedelta(minutes=1)
ATOM = "{http://www.w3.org/2005/Atom}"


class _Hook(BaseHTTPRequestHandler):
    """Takes what is posted, or refuses it."""

    def do_POST(self) -> None:
        server: Any = self.server
        server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Any]:
    """A webhook on the loopback."""
    server: Any = HTTPServer(("127.0.0.1", 0), _Hook)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pushing(tmp_path: Path, hook: Any, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("HOOK", f"json://127.0.0.1:{hook.server_port}/alerts\n")
    return make_config(tmp_path, secrets={"apprise": {"phone": {"env": "HOOK"}}})


def test_a_webhook_gets_the_short_form(pushing: Config, hook: Any) -> None:
    channel = open_channels(pushing, None, NOW)["apprise phone"]
    assert channel.send(MESSAGE) == Receipt(Outcome.SENT)
    (got,) = hook.got
    assert (got["title"], got["message"], got["type"]) == (MESSAGE.subject, MESSAGE.short, "warning")


def test_a_webhook_that_refuses_is_tried_again_and_its_address_is_not_told(pushing: Config, hook: Any) -> None:
    hook.status = 503
    receipt = open_channels(pushing, None, NOW)["apprise phone"].send(MESSAGE)
    assert receipt.outcome is Outcome.LATER
    assert receipt.problem.startswith("the service behind apprise phone did not take it: ")
    assert "503" in receipt.problem
    assert str(hook.server_port) not in receipt.problem


def test_an_address_that_is_none_is_not_quoted(
    pushing: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HOOK", "hunter2://secret")
    receipt = open_channels(pushing, None, NOW)["apprise phone"].send(MESSAGE)
    assert receipt.problem.startswith("is no address that Apprise knows")
    assert "hunter2" not in receipt.problem
    monkeypatch.delenv("HOOK")
    receipt = open_channels(pushing, None, NOW)["apprise phone"].send(MESSAGE)
    assert "secrets.apprise.phone: the variable HOOK is not set" in receipt.problem


def test_without_the_extra_it_says_how_to_install_it(pushing: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert open_channels(pushing, None, NOW)["apprise phone"].send(MESSAGE) == Receipt(Outcome.LATER, INSTALL)


def test_a_folder_gets_each_message_once_as_a_mail_file(tmp_path: Path) -> None:
    config = make_config(tmp_path, deliver={"folder": str(tmp_path / "out" / "mails")})
    channel = open_channels(config, None, NOW)["folder"]
    for message in (MESSAGE, MESSAGE, replace(MESSAGE, message_id="<2@x>")):
        assert channel.send(message) == Receipt(Outcome.SENT)
    files = sorted((tmp_path / "out" / "mails").iterdir())
    assert [path.name.startswith("2026-11-25-alert-") for path in files] == [True, True]
    subjects = {email.message_from_bytes(path.read_bytes(), policy=policy.SMTP)["Subject"] for path in files}
    assert subjects == {MESSAGE.subject}


@pytest.mark.parametrize("option", ["folder", "feed"])
def test_a_place_that_cannot_be_written_is_tried_again(tmp_path: Path, store: Store, option: str) -> None:
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "below"
    config = make_config(tmp_path, deliver={option: str(path)})
    receipt = open_channels(config, store, NOW)[option].send(MESSAGE)
    assert receipt.outcome is Outcome.LATER
    assert f"choose another deliver.{option} in the configuration" in receipt.problem


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "watch") as made:
        yield made


def judged(scene: Scene, priority: str, count: int = 1) -> list[int]:
    account = scene.account(f"x{len(scene.store.accounts())}")
    seen = [scene.seen(account, f"caption {number}", views=10) for number in range(count)]
    posts = scene.poll(account, *seen, name="X", bio="")
    return [scene.judged(post, priority).id for post in posts]


def test_the_feed_holds_alerts_with_ids_that_stay(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "feed" / "alerts.xml"
    config = make_config(tmp_path, deliver={"feed": str(path), "immediate": "urgent", "free_space": "0 B"})
    scene = Scene(store)
    judged(scene, "urgent", 2)
    judged(scene, "low")
    assert deliver(store, config, NOW).sent == 1

    def ids() -> list[str | None]:
        return [entry.findtext(f"{ATOM}id") for entry in ET.parse(path).getroot().findall(f"{ATOM}entry")]

    first = ids()
    assert len(set(first)) == 2
    judged(scene, "urgent")
    deliver(store, config, NOW + timedelta(hours=2))
    assert set(first) < set(ids())
    assert len(ids()) == 3


@pytest.fixture
def alerting(tmp_path: Path) -> Config:
    return make_config(
        tmp_path,
        deliver={"folder": str(tmp_path / "out"), "immediate": "urgent", "quiet": "30 min", "free_space": "0 B"},
    )


def told(store: Store) -> list[tuple[int, ...]]:
    return [one.items for one in reversed(store.deliveries()) if one.kind == "alert"]


def test_a_burst_is_one_message_and_then_it_is_quiet(store: Store, alerting: Config) -> None:
    scene = Scene(store)
    burst = judged(scene, "urgent", 3)
    judged(scene, "high")
    assert queue_alerts(store, alerting, NOW) == 3
    one, two = judged(scene, "urgent"), judged(scene, "urgent")
    for minute in (1, 15, 29):
        assert queue_alerts(store, alerting, NOW + minute * MINUTE) == 0
    assert queue_alerts(store, alerting, NOW + 30 * MINUTE) == 2
    assert queue_alerts(store, alerting, NOW + 90 * MINUTE) == 0
    assert [set(items) for items in told(store)] == [set(burst), {*one, *two}]


def test_a_message_of_a_wrong_time_keeps_nobody_quiet_until_then(store: Store, alerting: Config) -> None:
    scene = Scene(store)
    judged(scene, "urgent")
    assert queue_alerts(store, alerting, NOW + timedelta(days=365)) == 1
    judged(scene, "urgent")
    assert queue_alerts(store, alerting, NOW) == 1, "the clock went back by a year"
    judged(scene, "urgent")
    assert queue_alerts(store, alerting, NOW + 15 * MINUTE) == 0
    assert queue_alerts(store, alerting, NOW + 30 * MINUTE) == 1


def test_high_alerts_go_at_once_only_where_they_are_asked_for(store: Store, alerting: Config, tmp_path: Path) -> None:
    posts = judged(Scene(store), "high")
    assert queue_alerts(store, alerting, NOW) == 0
    assert queue_alerts(store, make_config(tmp_path / "b", deliver={"folder": "x", "immediate": "none"}), NOW) == 0
    assert queue_alerts(store, make_config(tmp_path / "c", deliver={"folder": "x", "immediate": "high"}), NOW) == 1
    assert told(store) == [tuple(posts)]


def test_what_a_page_told_is_not_told_at_once(store: Store, alerting: Config) -> None:
    scene = Scene(store)
    judged(scene, "urgent")
    store.mark_rendered(scene.digest().id, "page", NOW)
    assert queue_alerts(store, alerting, NOW) == 0


def test_an_alert_in_the_mail_names_post_reason_and_link(store: Store, alerting: Config, tmp_path: Path) -> None:
    (post,) = judged(Scene(store), "urgent")
    assert deliver(store, alerting, NOW).sent == 1
    (path,) = (tmp_path / "out").iterdir()
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.SMTP)
    assert mail["Subject"] == "Urgent: @x0"
    assert mail["Importance"] == "high"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        text = body.get_content()
        for words in ("caption 0", store.post(post).url, "Presents itself as Aurelio Vantor", "doppelwatch explain"):
            assert words in text
