"""The outbox at work: tries, waits, giving up, kills, and that no fault of one keeps the others in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from bot.config import Config
from bot.deliver import deliver, hand_out, send_due
from bot.deliver.compose import Composer
from bot.deliver.contract import Channel, Message, Outcome, Receipt
from bot.deliver.sending import GIVE_UP, wait_after
from bot.pipeline.digest import make_digest
from detectors.exhibits import jpeg
from drills._mailbox import Fault, Mailbox
from storage import DeliveryState, Store
from tests.deliver.conftest import TO, Configured, written
from tests.digest.scene import NOW, PERSON, Scene, seed_case

MINUTE = timedelta(minutes=1)


@dataclass
class Script:
    """A channel that does what it is told, in order, and accepts when there is no more."""

    name: str
    receipts: list[Receipt | BaseException] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Receipt:
        self.got.append(message)
        receipt = self.receipts.pop(0) if self.receipts else Receipt(Outcome.SENT)
        if isinstance(receipt, BaseException):
            raise receipt
        return receipt


LATER = Receipt(Outcome.LATER, "not now")


@pytest.fixture
def config(configured: Configured) -> Config:
    return configured(mail={"to": [TO, "desk@example.org"]})


@pytest.fixture
def queued(store: Store, config: Config) -> Store:
    """The seed case, handed out to two receivers."""
    seed_case(store)
    written(store, config)
    assert hand_out(store, config, NOW) == 1
    return store


def scripts(*first: Receipt | BaseException) -> tuple[Script, Script, dict[str, Channel]]:
    jane, desk = Script(f"mail {TO}", list(first)), Script("mail desk@example.org")
    return jane, desk, {jane.name: jane, desk.name: desk}


def test_each_receiver_has_a_row_and_a_message_of_their_own(queued: Store, config: Config) -> None:
    jane, desk, channels = scripts()
    assert send_due(queued, config, NOW, channels=channels).sent == 2
    assert [len(jane.got), len(desk.got)] == [1, 1]
    assert jane.got[0].message_id != desk.got[0].message_id
    assert jane.got[0].html == desk.got[0].html
    assert send_due(queued, config, NOW + 9 * MINUTE, channels=channels).sent == 0


def test_waits_double_and_the_message_id_stays(queued: Store, config: Config) -> None:
    jane, desk, channels = scripts(LATER, LATER, LATER)
    tried = []
    for minute in range(20):
        before = len(jane.got)
        send_due(queued, config, NOW + minute * MINUTE, channels=channels)
        tried += [minute] * (len(jane.got) - before)
    assert tried == [0, 1, 3, 7]
    assert len({one.message_id for one in jane.got}) == 1
    assert len({one.at for one in jane.got}) == 1
    assert len(desk.got) == 1, "the one is not kept waiting by the other"


def test_the_waits_have_a_bound() -> None:
    assert [wait_after(tries) / MINUTE for tries in (1, 2, 3, 8, 9, 10_000)] == [1, 2, 4, 128, 240, 240]


def test_a_delivery_is_given_up_at_last_and_says_why(queued: Store, config: Config) -> None:
    jane, _, channels = scripts(*[LATER] * 1000)
    now, end = NOW, NOW + GIVE_UP + timedelta(days=1)
    while now < end:
        send_due(queued, config, now, channels=channels)
        now += 30 * MINUTE
    (failed,) = queued.deliveries(DeliveryState.FAILED)
    assert (failed.channel, failed.problem) == (f"mail {TO}", "not now")
    assert failed.ended_at is not None
    assert GIVE_UP - timedelta(hours=5) < failed.ended_at - NOW <= GIVE_UP
    assert 15 < len(jane.got) < 40


def test_a_refusal_is_final_at_once(queued: Store, config: Config) -> None:
    jane, _, channels = scripts(Receipt(Outcome.REFUSED, "no such mailbox"))
    done = send_due(queued, config, NOW, channels=channels)
    assert (done.sent, done.failed) == (1, 1)
    send_due(queued, config, NOW + timedelta(days=1), channels=channels)
    assert len(jane.got) == 1


def test_killed_before_the_commit_it_is_sent_again_under_the_same_id(queued: Store, config: Config) -> None:
    jane, desk, channels = scripts(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        send_due(queued, config, NOW, channels=channels)
    assert desk.got == []
    done = send_due(queued, config, NOW + MINUTE, channels=channels)
    assert done.sent == 2
    assert len({one.message_id for one in jane.got}) == 1


def test_a_fault_of_ours_in_one_message_does_not_keep_the_others_in(queued: Store, config: Config) -> None:
    _, desk, channels = scripts(ZeroDivisionError("a fault"))
    done = send_due(queued, config, NOW, channels=channels)
    assert (done.sent, done.delayed) == (1, 1)
    (waiting,) = queued.deliveries(DeliveryState.WAITING)
    assert waiting.problem == "the message could not be made (ZeroDivisionError: a fault)"
    assert len(desk.got) == 1


def test_the_face_of_a_reference_photo_goes_out_beside_the_clip(
    store: Store, configured: Configured, face_clip: Path, tmp_path: Path
) -> None:
    with av.open(str(face_clip)) as clip:
        photo = np.asarray(next(clip.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)
    (tmp_path / "photo.jpg").write_bytes(jpeg(photo))
    official = ["https://www.tiktok.com/@aureliovantor"]
    person = {"name": PERSON.name, "official": official, "photos": [str(tmp_path / "photo.jpg")]}
    config = configured(people=[person])
    seed_case(store)
    written(store, config)
    hand_out(store, config, NOW)
    desk = Script(f"mail {TO}")
    send_due(store, config, NOW, channels={desk.name: desk})
    (message,) = desk.got
    assert "On the left a reference photo of Aurelio Vantor, then the clip." in message.html


def test_a_channel_that_left_the_configuration_is_given_up(queued: Store, config: Config) -> None:
    _, desk, _ = scripts()
    send_due(queued, config, NOW, channels={desk.name: desk})
    (failed,) = queued.deliveries(DeliveryState.FAILED)
    assert failed.problem == "is no longer in the configuration"


def test_a_final_failure_stands_in_the_next_digest_and_goes_out_by_other_ways(
    store: Store, configured: Configured, mailbox: Mailbox, tmp_path: Path
) -> None:
    config = configured(deliver={"folder": str(tmp_path / "out"), "free_space": "0 B"})
    seed_case(store)
    written(store, config)
    hand_out(store, config, NOW)
    mailbox.faults.append(Fault(554, keeps=False))
    assert deliver(store, config, NOW).failed == 1
    later = deliver(store, config, NOW + MINUTE)
    assert later.sent == 2, "the trouble goes to the folder, and to the mail server, which is well again"
    (told,) = [path for path in (tmp_path / "out").iterdir() if "trouble" in path.name]
    assert "refused the message (554 never)" in told.read_text().replace("=\n", "").replace("=\r\n", "")
    scene = Scene(store)
    day = NOW + timedelta(days=1)
    scene.digest("2026-11-26", at=day)
    text = Composer(store, config, day).digest(store.digests()[0]).text
    assert f"A message could not be delivered: mail {TO}" in text
    assert "554 never" in text
    page = make_digest(store, config, day, day="2026-11-26").read_text("utf-8")
    assert f"A message could not be delivered: mail {TO}" in page


def test_only_the_latest_digest_goes_out_when_the_first_channel_is_configured(store: Store, config: Config) -> None:
    for day in range(20, 25):
        at = datetime(2026, 11, day, 6, 30, tzinfo=NOW.tzinfo)
        digest = store.gather_digest(f"2026-11-{day}", covers_to=at)
        store.mark_rendered(digest.id, "page", at)
    assert hand_out(store, config, NOW) == 1
    assert {one.key for one in store.deliveries()} == {
        f"digest 2026-11-24 mail {TO}", "digest 2026-11-24 mail desk@example.org",
    }  # fmt: skip
    assert hand_out(store, config, NOW) == 0


def test_a_digest_that_is_not_complete_waits_unless_it_is_asked_for(store: Store, config: Config) -> None:
    early = NOW - timedelta(hours=2)
    digest = store.gather_digest("2026-11-25", covers_to=early)
    store.mark_rendered(digest.id, "page", early)
    assert hand_out(store, config, early) == 0
    assert hand_out(store, config, early, early=True) == 1


def test_without_a_channel_nothing_is_queued_and_the_digest_stays_open(store: Store, tmp_path: Path) -> None:
    from tests.conftest import make_config

    config = make_config(tmp_path)
    scene = Scene(store)
    digest = scene.digest()
    store.mark_rendered(digest.id, "page", NOW)
    assert hand_out(store, config, NOW, early=True) == 0
    assert deliver(store, config, NOW).sent == 0
    assert store.digests()[0].handed_out_at is None
    assert store.troubles() == []
