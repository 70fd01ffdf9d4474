"""The outbox drill in its quick form, and what it would notice."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.progress import Progress

from benchmarks.runner import Options
from bot.config import load
from drills import outbox
from drills._mailbox import Mailbox
from storage import Store


@pytest.mark.parametrize(
    "quick", [pytest.param(True, id="quick"), pytest.param(False, id="full", marks=pytest.mark.slow)]
)
def test_the_receiver_ends_with_one_copy_of_each(quick: bool) -> None:
    figures = outbox.run(Options(quick=quick, data=Path(), progress=Progress(disable=True)))
    assert (figures["lost"], figures["doubled"], figures["faults"]) == (0, 0, [])
    chosen = outbox.QUICK if quick else [case.name for case in outbox.CASES]
    assert set(figures["cases"]) == set(chosen)
    assert figures["deliveries"] == 4 * len(chosen)
    assert figures["tries"] > figures["deliveries"], "something was tried again"
    assert figures["copies"] >= figures["deliveries"] - 2


def test_a_lost_a_doubled_and_a_false_success_are_noticed(tmp_path: Path) -> None:
    case, tally = outbox.CASES[0], outbox.Tally()
    with Mailbox(tmp_path) as box:
        config = load(outbox.configured(tmp_path, box))
    with Store.open(config.store) as store:
        outbox.queue(store, config)
        first, second, third, fourth = store.deliveries()
        store.record_sent(first.id, outbox.NOW)  # and did not arrive
        store.record_failure(second.id, "refused", outbox.NOW)  # and arrived all the same
        store.record_sent(third.id, outbox.NOW)
        # the fourth waits for ever
    for message_id in (second.message_id, third.message_id, "<stranger@example.org>"):
        mail = EmailMessage()
        mail["Message-ID"], mail["To"], mail["Subject"] = message_id, "one@example.org", "the same"
        box.mails.append(mail)
    outbox.judge(case, config, box, tally)
    assert len(tally.lost) == 3
    assert [one.partition(": ")[2] for one in tally.doubled] == ["the same to one@example.org under 3 ids"]
    assert any("stranger" in one for one in tally.faults)
    assert fourth.key in tally.lost[-1] or fourth.key in " ".join(tally.lost)
