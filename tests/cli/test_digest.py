"""`digest`: today's page without a poll, and the list of those there are, which writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.lock import hold
from storage import Store
from tests.cli.conftest import invoke, lines
from tests.conftest import write_config
from tests.storage.conftest import judged, poll, seen, wanted


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = write_config(tmp_path)
    with Store.open(tmp_path / "store") as store:
        store.sync_accounts([wanted()])
        for post in poll(store, store.accounts()[0], [seen(1), seen(2)]):
            judged(store, post)
    return path


def days(tmp_path: Path) -> list[str]:
    with Store.open(tmp_path / "store", read_only=True) as store:
        return [record.day for record in store.digests()]


def test_what_has_been_judged_stands_on_todays_page(config: Path, tmp_path: Path) -> None:
    result = invoke("digest", "--json", "-c", config)
    assert result.exit_code == 0
    (told,) = lines(result.stdout)
    page = Path(told["digest"])
    assert page.parent == tmp_path / "digests"
    assert datetime.strptime(page.stem, "%Y-%m-%d").replace(tzinfo=UTC)
    assert "clip 1" in page.read_text(encoding="utf-8")
    again = invoke("digest", "-c", config)
    assert again.stdout == f"Digest: {page}\n"
    assert days(tmp_path) == [page.stem]


def test_the_list_is_newest_first_and_writes_nothing(config: Path, tmp_path: Path) -> None:
    page = Path(lines(invoke("digest", "--json", "-c", config).stdout)[0]["digest"])
    with Store.open(tmp_path / "store") as store:
        store.gather_digest("2026-01-01", covers_to=datetime(2026, 1, 1, tzinfo=UTC))
    with hold(tmp_path / "store"):  # beside the daemon
        result = invoke("digest", "--list", "--json", "-c", config)
        people = invoke("digest", "--list", "-c", config)
    assert lines(result.stdout) == [
        {"day": page.stem, "path": str(page), "posts": 2},
        {"day": "2026-01-01", "path": None, "posts": 0},
    ]
    assert people.stdout.splitlines() == [f"{page.stem}     2 posts  {page}", "2026-01-01     0 posts  not written yet"]


def test_listing_makes_no_store_and_a_held_store_is_not_written(config: Path, tmp_path: Path) -> None:
    nowhere = write_config(tmp_path / "other")
    result = invoke("digest", "--list", "-c", nowhere)
    assert result.exit_code == 1
    assert "there is no store yet" in result.stderr
    assert not (tmp_path / "other" / "store").exists()
    with hold(tmp_path / "store"):
        busy = invoke("digest", "-c", config)
    assert busy.exit_code == 3
    assert "another doppelwatch works on this store" in busy.stderr
    assert days(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named_and_the_page_made_good_later(config: Path, tmp_path: Path) -> None:
    (tmp_path / "digests").write_text("in the way")
    result = invoke("digest", "-c", config)
    assert result.exit_code == 1
    assert str(tmp_path / "digests") in result.stderr
    assert len(result.stderr.splitlines()) == 1
    (tmp_path / "digests").unlink()
    assert invoke("digest", "-c", config).exit_code == 0
    with Store.open(tmp_path / "store") as store:
        assert store.unrendered_digests() == []
        assert [len(store.digest_posts(record.id)) for record in store.digests()] == [2]
