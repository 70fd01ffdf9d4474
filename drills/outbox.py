"""Faults on the way of a message: whatever the server and the machine do, the receiver ends with one copy of each.

A store hands out a digest and a trouble to a real mail server over TLS, which misbehaves in each way that mail servers
do; a process of its own is killed in the middle of sending. Then the rounds go on, on a clock of the drill's own, until
the outbox is empty.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.runner import Figures, Options
from bot.config import Config, load
from bot.deliver import channel_names, send_due
from bot.deliver.channels import open_channels
from bot.deliver.contract import Channel, Kind, Message, Receipt
from bot.deliver.queueing import deliveries_of
from drills._mailbox import FINE, Fault, Mailbox
from storage import DeliveryState, Observed, Store

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
KILLED = 9
TIMEOUT_S = 1.5
"""The drill's patience with a server; the product's own is a minute."""

RECEIVERS = ("one@example.org", "two@example.org")
_STEP = timedelta(minutes=30)
_END = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Case:
    """One way to go wrong.

    Attributes:
        name: in words.
        faults: what the server does to the messages that come first.
        down: rounds in which the server does not listen.
        kill: where a process that sends is killed: `before` the server is asked, `after` it accepted and before that
            is recorded, or empty for nowhere.
        refused: messages that the server refuses for good, and that therefore must fail and not arrive.
    """

    name: str
    faults: tuple[Fault, ...] = ()
    down: int = 0
    kill: str = ""
    refused: int = 0


CASES = (
    Case("nothing"),
    Case("server down for three rounds", down=3),
    Case("killed between accept and commit", kill="after"),
    Case("killed before the server is asked", kill="before"),
    Case("slow: accepts, and answers after the client gave up", (Fault(wait_s=2.5),)),
    Case("slow: takes nothing, and answers after the client gave up", (Fault(wait_s=2.5, keeps=False),)),
    Case("hangs up before it accepts", (Fault(keeps=False, hangs_up=True),)),
    Case("hangs up after it accepted", (Fault(hangs_up=True),)),
    Case("421, then 451, then accepted", (Fault(421, keeps=False), Fault(451, keeps=False))),
    Case("452 to everybody at first", (Fault(452, keeps=False),) * 6),
    Case("554: refused for good", (Fault(554, keeps=False),), refused=1),
    Case("554 after 451", (Fault(451, keeps=False), FINE, FINE, FINE, Fault(554, keeps=False)), refused=1),
)
"""Every case of the full form, in its order; the quick form takes :data:`QUICK` of them."""

QUICK = ("server down for three rounds", "killed between accept and commit", "421, then 451, then accepted",
         "554: refused for good")  # fmt: skip


@dataclass
class Tally:
    """What went wrong, over all cases."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    deliveries: int = 0
    copies: int = 0
    tries: int = 0


def run(options: Options) -> Figures:
    """Play each case on a store and a server of its own.

    Figures: `lost` (deliveries that neither arrived nor failed with a reason, or that the server accepted and the
    outbox calls failed), `doubled` (deliveries that arrived under more than one Message-ID), `faults` (whatever else is
    not as it must be), `cases`, `deliveries`, `tries`, `copies` (messages that servers accepted; more than
    `deliveries` where the same Message-ID came again), `seconds`.
    """
    started = time.monotonic()
    chosen = [case for case in CASES if not options.quick or case.name in QUICK]
    task = options.progress.add_task("outbox", total=len(chosen))
    tally = Tally()
    # each failed try would be told
    logging.getLogger("bot.deliver").setLevel(logging.CRITICAL)
    for case in chosen:
        with tempfile.TemporaryDirectory(prefix="drill-outbox-") as folder:
            _play(case, Path(folder), tally)
        options.progress.advance(task)
    return {
        "lost": len(tally.lost),
        "doubled": len(tally.doubled),
        "faults": tally.faults + [f"lost: {one}" for one in tally.lost] + [f"doubled: {one}" for one in tally.doubled],
        "cases": [case.name for case in chosen],
        "deliveries": tally.deliveries,
        "tries": tally.tries,
        "copies": tally.copies,
        "seconds": round(time.monotonic() - started, 1),
    }


def _play(case: Case, folder: Path, tally: Tally) -> None:
    with Mailbox(folder) as box:
        config = load(configured(folder, box))
        with Store.open(config.store) as store:
            queue(store, config)
    if case.kill:
        with Mailbox(folder, port=box.port) as open_box:
            _merge(box, open_box, lambda: _killed(config, case, tally))
    now = NOW + _STEP
    for _ in range(case.down):
        _round(config, now, tally)
        now += _STEP
    with Mailbox(folder, port=box.port) as server:
        server.faults.extend(case.faults)
        while now < NOW + _END:
            _round(config, now, tally)
            now += _STEP
            with Store.open(config.store, read_only=True) as store:
                if not store.deliveries(DeliveryState.WAITING):
                    break
        # a slow server may still be at it
        time.sleep(0.2)
        box.mails += server.mails
    judge(case, config, box, tally)


def _merge(kept: Mailbox, opened: Mailbox, work: Callable[[], None]) -> None:
    """Do something while a server listens, and keep what it received."""
    work()
    kept.mails += opened.mails


def configured(folder: Path, box: Mailbox) -> Path:
    """A configuration with mail to the server, as a file."""
    path = folder / "config.yaml"
    path.write_text(
        f"store: {folder / 'store'}\n"
        f"digest: {{folder: {folder / 'digests'}}}\n"
        f"mail: {{server: localhost, port: {box.port}, authority: {box.authority}, sender: watch@example.org, "
        f"to: [{', '.join(RECEIVERS)}]}}\n",
        encoding="utf-8",
    )
    return path


def queue(store: Store, config: Config) -> None:
    """A digest, and a trouble, for each receiver; queued twice, as after a kill in the middle of it."""
    digest = store.gather_digest("2026-11-25", covers_to=NOW)
    store.mark_rendered(digest.id, "page", NOW)
    store.observe_troubles([Observed("disk", "/store", "1 MB free.", "Free some.")], NOW, settled=timedelta(hours=6))
    for _ in range(2):
        store.hand_out(digest.id, deliveries_of(config, Kind.DIGEST, "digest 2026-11-25", digest_id=digest.id), NOW)
        store.tell_troubles(store.troubles(), deliveries_of(config, Kind.TROUBLE, "trouble 1", items=[1]), NOW)


def _round(config: Config, now: datetime, tally: Tally) -> None:
    """What the daemon does at a tick."""
    with Store.open(config.store) as store:
        channels = open_channels(config, store, now, timeout_s=TIMEOUT_S)
        before = sum(one.attempts for one in store.deliveries())
        send_due(store, config, now, channels=channels)
        tally.tries += sum(one.attempts for one in store.deliveries()) - before


def _killed(config: Config, case: Case, tally: Tally) -> None:
    """A process that sends, and is killed at the first delivery."""
    process = multiprocessing.get_context("spawn").Process(target=victim, args=(str(config.store.parent), case.kill))
    process.start()
    process.join(60)
    if process.exitcode != -KILLED:
        tally.faults.append(f"{case.name}: the process ended with {process.exitcode} and was not killed")
        with suppress(ProcessLookupError):
            process.kill()
    tally.tries += 1


def victim(folder: str, where: str) -> None:
    """Sends until the point, then dies as by `kill -9`."""
    config = load(Path(folder) / "config.yaml")
    with Store.open(config.store) as store:
        channels: dict[str, Channel] = open_channels(config, store, NOW, timeout_s=30)
        if where == "after":
            store.record_sent = _die  # type: ignore[method-assign] # the point lies between two calls
        else:
            channels = {name: _Deadly(name) for name in channels}
        send_due(store, config, NOW, channels=channels)


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), KILLED)


@dataclass
class _Deadly:
    """A channel that is killed before it does anything."""

    name: str

    def send(self, message: Message) -> Receipt:
        """Die."""
        _die()
        raise AssertionError("nothing survives that")


def judge(case: Case, config: Config, box: Mailbox, tally: Tally) -> None:
    """Compare what the outbox says with what the receiver has."""
    copies = box.ids()
    by_subject: dict[tuple[str, str], set[str]] = {}
    for mail in box.mails:
        by_subject.setdefault((str(mail["To"]), str(mail["Subject"])), set()).add(str(mail["Message-ID"]))
    with Store.open(config.store, read_only=True) as store:
        deliveries = store.deliveries()
    expected = 2 * len(channel_names(config))
    if len(deliveries) != expected:
        tally.faults.append(f"{case.name}: {len(deliveries)} deliveries were queued, not {expected}")
    for one in deliveries:
        arrived = copies[one.message_id]
        if one.state is DeliveryState.SENT and not arrived:
            tally.lost.append(f"{case.name}: {one.key} is called sent and did not arrive")
        if one.state is DeliveryState.FAILED and (arrived or not one.problem):
            tally.lost.append(f"{case.name}: {one.key} is called failed ({one.problem}), {arrived} copies arrived")
        if one.state is DeliveryState.WAITING:
            tally.lost.append(f"{case.name}: {one.key} still waits after {_END}")
    failed = sum(one.state is DeliveryState.FAILED for one in deliveries)
    if failed != case.refused:
        tally.faults.append(f"{case.name}: {failed} deliveries failed for good, {case.refused} were refused")
    tally.doubled += _several(case, by_subject)
    strangers = set(copies) - {one.message_id for one in deliveries}
    tally.faults += [f"{case.name}: {one} arrived and is not in the outbox" for one in sorted(strangers)]
    tally.deliveries += len(deliveries)
    tally.copies += Counter(copies).total()


def _several(case: Case, found: Mapping[tuple[str, str], Sequence[str] | set[str]]) -> list[str]:
    """What came to one receiver under several Message-IDs, which nobody can tell apart from two messages."""
    return [
        f"{case.name}: {subject} to {to} under {len(ids)} ids" for (to, subject), ids in found.items() if len(ids) > 1
    ]
