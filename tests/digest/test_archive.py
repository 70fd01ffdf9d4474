"""The archive: a page for each account and case, linked soundly, and written again only where something changed."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.digest import write_digest
from bot.digest.archive import STATES, Written, write_archive
from bot.digest.build import nobody
from storage import AccountEvent, Review, Store
from tests.digest.conftest import Seed
from tests.digest.reading import check_names, check_outline, read
from tests.digest.scene import HOUR, NOW, Scene, Settings, forgery, seen_faces

ZONE = ZoneInfo("Europe/Paris")


def update(store: Store, folder: Path) -> Written:
    return write_archive(store, folder, zone=ZONE, portraits=nobody)


@pytest.fixture
def filled(scene: Scene) -> Scene:
    """Two accounts: one with an alert, one with nothing of interest."""
    loud, calm = scene.account("deepaureliovantor"), scene.account("aurelio_baker")
    (post,) = scene.poll(loud, scene.seen(loud, "Golf", views=3_000_000), name="Aurelio Vantor", bio="Golf.")
    scene.examine(post, seen_faces(1), forgery(1.2, 0.5))
    (bread,) = scene.poll(calm, scene.seen(calm, "Bread", views=10), name="Aurelio Bianchi", bio="Bread.")
    scene.judged(bread, "none", "unrelated")
    return scene


def test_every_page_is_sound_and_every_link_leads_somewhere(seed: Seed) -> None:
    folder = seed.page.parent
    pages = sorted(folder.rglob("*.html"))
    assert {page.parent.name for page in pages} >= {"accounts", "cases"}
    for page in pages:
        root = read(page.read_text("utf-8"))
        check_outline(root)
        check_names(root)
        assert root.one("meta", http_equiv="Content-Security-Policy")
        for one in root.all("a"):
            href = one.attributes["href"] or ""
            if not href.startswith(("http", "#")):
                assert (page.parent / href).is_file(), (page, href)
                assert not href.startswith("/")


def test_a_case_is_what_was_ever_an_alert_or_decided_on(filled: Scene, tmp_path: Path) -> None:
    update(filled.store, tmp_path)
    loud, bread = filled.store.posts()
    assert [path.name for path in (tmp_path / "cases").iterdir()] == [f"{loud.id}.html"]
    filled.judged(filled.store.post(loud.id), "none", "unrelated")
    filled.store.record_review(Review(bread.id, "confirm", "unrelated", "none", "saw it"), at=NOW)
    update(filled.store, tmp_path)
    assert {path.name for path in (tmp_path / "cases").iterdir()} == {f"{loud.id}.html", f"{bread.id}.html"}
    assert "saw it" in read((tmp_path / "cases" / f"{bread.id}.html").read_text("utf-8")).text()


def test_the_case_shows_every_finding_with_its_exhibits(filled: Scene, tmp_path: Path) -> None:
    update(filled.store, tmp_path)
    (post, _) = filled.store.posts()
    root = read((tmp_path / "cases" / f"{post.id}.html").read_text("utf-8"))
    told = root.text()
    for finding in filled.store.findings(post.id):
        assert " ".join(finding.statement.split()) in told
    assert post.media_sha256 is not None
    assert post.media_sha256 in told
    assert f"doppelwatch review {post.id} --confirm" in told
    assert len(list(root.one("section", aria_labelledby="findings").all("img"))) == 5


def test_the_account_shows_what_changed_before_and_after(filled: Scene, tmp_path: Path) -> None:
    account = filled.store.accounts()[0]
    filled.store.record_event(AccountEvent(account.id, NOW, "bio", "Parody.", "<b>The real one</b>"))
    update(filled.store, tmp_path)
    root = read((tmp_path / "accounts" / f"{account.id}.html").read_text("utf-8"))
    row = root.one("section", aria_labelledby="changes").one("tbody").one("tr").text()
    assert row.endswith("Bio Parody. <b>The real one</b>")
    assert not list(root.all("b"))


def test_only_what_changed_is_written_again(filled: Scene, tmp_path: Path) -> None:
    assert update(filled.store, tmp_path) == Written(pages=3, written=3)
    assert update(filled.store, tmp_path) == Written(pages=3, written=0)
    account = filled.store.accounts()[1]
    filled.poll(account, at=NOW, name="Aurelio Bianchi", bio="Bread.", followers=7)
    assert update(filled.store, tmp_path) == Written(pages=3, written=1)
    assert "7 followers" in read((tmp_path / "accounts" / f"{account.id}.html").read_text("utf-8")).text()


def test_a_page_or_record_that_is_missing_or_broken_is_made_again(filled: Scene, tmp_path: Path) -> None:
    update(filled.store, tmp_path)
    (tmp_path / "accounts" / "1.html").unlink()
    assert update(filled.store, tmp_path).written == 1
    for broken in ("{", "[]", "\x00"):
        (tmp_path / STATES).write_text(broken)
        assert update(filled.store, tmp_path).written == 3
    assert update(filled.store, tmp_path).written == 0


def test_another_zone_writes_every_page_anew(filled: Scene, tmp_path: Path) -> None:
    update(filled.store, tmp_path)
    assert write_archive(filled.store, tmp_path, zone=ZoneInfo("UTC"), portraits=nobody).written == 3


def test_the_index_names_open_cases_until_somebody_decides(filled: Scene, settings: Settings) -> None:
    page = write_digest(filled.store, filled.digest(), settings=settings, now=NOW)
    index = page.parent / "index.html"
    (post, _) = filled.store.posts()
    cases = read(index.read_text("utf-8")).one("section", aria_labelledby="cases")
    assert re.findall(r"Case (\d+)", cases.text()) == [str(post.id)]
    filled.store.record_review(Review(post.id, "confirm", "x", "urgent"), at=NOW)
    write_digest(filled.store, filled.digest(at=NOW + HOUR), settings=settings, now=NOW + HOUR)
    root = read(index.read_text("utf-8"))
    assert not list(root.all("section", aria_labelledby="cases"))
    assert "@aurelio_baker" in root.one("section", aria_labelledby="accounts").text()
