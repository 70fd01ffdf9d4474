"""Making the digest: one entry a post and one page a day, whatever was killed, repeated or deleted between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.demo.platforms import TikTokAccount
from bot.pipeline import digest as digest_module
from bot.pipeline.cycle import Watch, run_cycle
from bot.pipeline.digest import local_day, make_digest
from storage import Store
from tests.bot.conftest import NOW
from tests.conftest import make_config

DAY = timedelta(days=1)


@pytest.fixture
def judged(watch: Watch, tiktok: TikTokAccount) -> Watch:
    """The watch with three judged posts."""
    run_cycle(watch, NOW)
    return watch


def entries(store: Store) -> dict[str, int]:
    return {record.day: len(store.digest_posts(record.id)) for record in store.digests()}


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("UTC", datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC), "2026-11-25"),
        ("Europe/Berlin", datetime(2026, 11, 25, 23, 0, tzinfo=UTC), "2026-11-26"),
        ("America/Los_Angeles", datetime(2026, 11, 25, 7, 59, tzinfo=UTC), "2026-11-24"),
        ("Pacific/Kiritimati", datetime(2026, 11, 25, 10, 0, tzinfo=UTC), "2026-11-26"),
        # the clock goes forward from 2 to 3, and back from 3 to 2
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "2026-03-29"),
        ("Europe/Berlin", datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "2026-10-25"),
    ],
)
def test_a_day_begins_at_midnight_of_the_digests_zone(tmp_path: Path, zone: str, instant: datetime, day: str) -> None:
    assert local_day(instant, make_config(tmp_path, digest={"timezone": zone})) == day


def test_all_judged_posts_stand_on_todays_page(judged: Watch) -> None:
    path = make_digest(judged.store, judged.config, NOW)
    assert path == judged.config.digest.folder / f"{NOW.date()}.html"
    page = path.read_text(encoding="utf-8")
    for post in judged.store.posts():
        assert post.caption in page
        assert post.url in page
    assert entries(judged.store) == {str(NOW.date()): 3}
    assert judged.store.unrendered_digests() == []
    assert judged.store.digests()[0].path == str(path)


def test_repeating_it_changes_nothing(judged: Watch) -> None:
    path = make_digest(judged.store, judged.config, NOW)
    before = path.read_bytes()
    assert make_digest(judged.store, judged.config, NOW) == path
    assert path.read_bytes() == before
    assert entries(judged.store) == {str(NOW.date()): 3}


def test_a_post_enters_one_digest_only(judged: Watch) -> None:
    make_digest(judged.store, judged.config, NOW)
    tomorrow = make_digest(judged.store, judged.config, NOW + DAY)
    assert entries(judged.store) == {str((NOW + DAY).date()): 0, str(NOW.date()): 3}
    assert "clip 0" not in tomorrow.read_text(encoding="utf-8")


def test_a_page_that_was_not_written_is_made_good(judged: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(digest_module, "write_digest", killed)
        with pytest.raises(KeyboardInterrupt):
            make_digest(judged.store, judged.config, NOW)
    assert entries(judged.store) == {str(NOW.date()): 3}
    (unwritten,) = judged.store.unrendered_digests()
    assert unwritten.path is None
    today = make_digest(judged.store, judged.config, NOW + DAY)
    assert judged.store.unrendered_digests() == []
    pages = {record.day: record.path for record in judged.store.digests()}
    assert pages[str((NOW + DAY).date())] == str(today)
    missed = pages[str(NOW.date())]
    assert missed is not None
    assert "clip 0" in Path(missed).read_text(encoding="utf-8"), "the posts stand where they were gathered"


def test_a_page_that_was_written_and_not_marked_is_written_again(
    judged: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(judged.store, "mark_rendered", killed)
        with pytest.raises(KeyboardInterrupt):
            make_digest(judged.store, judged.config, NOW)
    assert len(judged.store.unrendered_digests()) == 1
    make_digest(judged.store, judged.config, NOW)
    assert judged.store.unrendered_digests() == []


def test_todays_page_that_was_deleted_is_there_again(judged: Watch) -> None:
    path = make_digest(judged.store, judged.config, NOW)
    path.unlink()
    assert make_digest(judged.store, judged.config, NOW).is_file()


def test_a_store_without_anything_has_a_quiet_page(config: Config) -> None:
    with Store.open(config.store) as store:
        path = make_digest(store, config, NOW)
    assert path.is_file()
    assert path.with_suffix(".txt").is_file()
    assert (path.parent / "index.html").is_file()
