"""What the demo tells of a digest, in the order of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.results import Seen, results
from bot.digest import write_digest
from bot.digest.build import build_page
from storage import Store
from tests.digest.scene import NOW, Settings, seed_case


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Seen], str]]:
    """The seed case's accounts as they are told, and the text page of the same digest."""
    folder = tmp_path_factory.mktemp("results")
    with Store.open(folder / "store") as store:
        digest = seed_case(store)
        page = write_digest(store, digest, settings=Settings(folder / "digests"), now=NOW)
        built = build_page(store, digest, zone=ZoneInfo("UTC"), now=NOW, previous=None)
        yield results(store, built), Path(page).with_suffix(".txt").read_text(encoding="utf-8")


def test_the_order_is_that_in_which_the_page_names_the_accounts(told: tuple[list[Seen], str]) -> None:
    found, text = told
    body = text[text.index("NEEDS YOU") :]
    on_page = list(dict.fromkeys(re.findall(r"^@([a-z._]+)", body, re.MULTILINE)))
    assert [seen.handle for seen in found] == on_page
    assert len(found) == 6


def test_an_account_is_told_by_its_strongest_post(told: tuple[list[Seen], str]) -> None:
    found = {seen.handle: seen for seen in told[0]}
    deep = found["deepaureliovantor"]
    assert (deep.label, deep.priority, deep.declared, deep.posts) == ("impersonation_synthetic", "urgent", False, 3)
    assert deep.views == 5_400_000 + 3_900_000 + 1_450_000
    assert deep.grown == deep.views - (5_100_000 + 3_480_000 + 917_000)
    assert found["aureliovantor.parody"].declared
    assert (found["aureliovantor"].label, found["aureliovantor"].posts) == ("official", 2)


def test_an_account_without_a_post_is_told_by_its_state(told: tuple[list[Seen], str]) -> None:
    assert told[0][-2:] == [
        Seen("realaureliovantor", "gone"),
        Seen("aureliovantor.fanclips", "rate_limited"),
    ]
