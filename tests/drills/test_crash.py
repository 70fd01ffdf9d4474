"""The crash drill in its quick form, and what it would notice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from drills import crash
from drills._mailbox import Mailbox
from drills._points import STEPS

ROOT = Path(__file__).parents[2]

FORMS = [
    pytest.param(("--quick",), crash.QUICK_KILLS, id="quick"),
    pytest.param((), crash.KILLS, id="full", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("form", "kills"), FORMS)
def test_a_store_that_was_killed_anywhere_ends_as_an_undisturbed_one(form: tuple[str, ...], kills: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "drills", "crash", "--json", *form],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(ended.stdout)
    assert figures["kills"] == kills
    assert (figures["lost"], figures["doubled"]) == (0, 0), figures["differences"]
    assert (figures["orphans"], figures["locked"]) == (0, 0)
    # the system's own folder for temporary files is the system's to sweep after a kill
    assert [left for left in figures["leftovers"] if not left.startswith("temporary/")] == []
    assert (figures["full_disk_lost"], figures["full_disk_doubled"]) == (0, 0), figures["differences"]
    assert not any("not named" in ended for ended in figures["full_disk"]), figures["full_disk"]
    assert set(figures["by_step"]) <= {"start", *STEPS}
    assert figures["mails"] > 0


def test_a_message_that_came_under_two_ids_is_doubled_and_a_stranger_is_told(tmp_path: Path) -> None:
    from email.message import EmailMessage

    box = Mailbox(tmp_path)
    for number in ("<1@example.org>", "<2@example.org>", "<2@example.org>"):
        mail = EmailMessage()
        mail["To"], mail["Subject"], mail["Message-ID"] = "one@example.org", "Alert", number
        box.mails.append(mail)
    assert box.ids() == Counter({"<1@example.org>": 1, "<2@example.org>": 2})
    found = crash._under_several_ids(box, ["<1@example.org>"])
    assert found == ["Alert to one@example.org under 2 ids", "<2@example.org> arrived and is in no outbox"]
