"""A store with a busy, a quiet or a hostile day, a real mail server over TLS, and configurations that name both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.pipeline.digest import make_digest
from drills._mailbox import Mailbox
from storage import DigestRecord, Store
from tests.conftest import make_config
from tests.digest.scene import NOW, Scene, forgery, seed_case, seen_faces

TO = "jane@example.org"
SENDER = "watch@example.org"

Configured = Callable[..., Config]


@pytest.fixture(scope="session")
def shared_mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """One server with STARTTLS for all tests that only send."""
    with Mailbox(tmp_path_factory.mktemp("mailbox")) as box:
        yield box


@pytest.fixture
def mailbox(shared_mailbox: Mailbox) -> Mailbox:
    """The server, empty and well-behaved."""
    for kept in (shared_mailbox.mails, shared_mailbox.receivers, shared_mailbox.raw, shared_mailbox.faults):
        kept.clear()
    shared_mailbox.protected.clear()
    return shared_mailbox


def mail_section(box: Mailbox, **more: Any) -> dict[str, Any]:
    """The section `mail` for a server."""
    return {
        "server": "localhost",
        "port": box.port,
        "security": box.security,
        "authority": str(box.authority),
        "sender": SENDER,
        "to": [TO],
    } | more


@pytest.fixture
def configured(tmp_path: Path, mailbox: Mailbox) -> Configured:
    """A configuration with mail to the server; keywords replace or add sections."""

    def make(**sections: Any) -> Config:
        digest = {"timezone": "Europe/Paris", "time": "07:30"}
        mail = mail_section(mailbox) | sections.pop("mail", {})
        return make_config(tmp_path / "watch", mail=mail, digest=digest | sections.pop("digest", {}), **sections)

    return make


@pytest.fixture
def store(configured: Configured) -> Iterator[Store]:
    with Store.open(configured().store) as made:
        yield made


def busy_day(store: Store, alerts: int = 40) -> DigestRecord:
    """A day with this many accounts that need somebody, each with frames, reasons and long words."""
    scene = Scene(store)
    scene.digest("2026-11-24", at=NOW.replace(day=24))
    store.mark_rendered(store.digests()[0].id, "2026-11-24.html", NOW.replace(day=24))
    for number in range(alerts):
        account = scene.account(f"deepaureliovantor.{number}")
        caption = f"Number {number}: you will not believe what he says about crypto, watch to the end and share it now"
        (post,) = scene.poll(
            account,
            scene.seen(account, caption, views=5_000_000 - 90_000 * number),
            name=f"Aurelio Vantor {number}",
            bio="Golf, tricks and the good life.",
            followers=300_000 + number,
        )
        scene.examine(post, seen_faces(number), forgery(1.2, 0.5, seed=number))
        scene.judged(post, "urgent" if number < 3 else "high", counter="The voice was not compared.")
    return scene.digest()


@pytest.fixture
def busy(store: Store) -> DigestRecord:
    return busy_day(store)


@pytest.fixture
def seeded(store: Store) -> DigestRecord:
    """The seed case, its page written."""
    return seed_case(store)


def written(store: Store, config: Config) -> DigestRecord:
    """Today's digest with its page."""
    make_digest(store, config, NOW)
    return store.digests()[0]
