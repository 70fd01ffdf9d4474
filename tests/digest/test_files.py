"""The files of a digest: whole or not at all, private by default, the same for the same store."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.sections import DigestSettings
from bot.digest import files, write_digest
from bot.errors import BotError
from storage import DigestRecord, Store
from tests.digest.conftest import Seed
from tests.digest.reading import read
from tests.digest.scene import DAY, HOUR, NOW, Scene, Settings


@pytest.fixture
def umask() -> Iterator[None]:
    """The usual umask, whatever the machine's."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_these_files_and_nothing_else(seed: Seed) -> None:
    assert seed.page.name == "2026-11-25.html"
    assert sorted(path.name for path in seed.page.parent.iterdir()) == [
        "2026-11-25.html",
        "2026-11-25.txt",
        "accounts",
        "archive.json",
        "cases",
        "index.html",
    ]


def test_the_section_of_the_configuration_is_taken(store: Store, scene: Scene, tmp_path: Path) -> None:
    section = DigestSettings(folder=tmp_path / "from" / "config", timezone="Asia/Tokyo")
    path = write_digest(store, scene.digest(), settings=section, now=NOW)
    assert path.parent == section.folder
    assert "15:30, time zone Asia/Tokyo (JST)" in read(path.read_text("utf-8")).one(class_="span").text()


def test_the_same_store_gives_the_same_bytes(seed: Seed, tmp_path: Path) -> None:
    again = write_digest(seed.store, seed.digest, settings=Settings(tmp_path / "again"), now=NOW)
    for name in ("2026-11-25.html", "2026-11-25.txt", "index.html"):
        assert (again.parent / name).read_bytes() == (seed.page.parent / name).read_bytes()


def test_writing_again_takes_the_place_of_the_page(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    scene.poll(account)
    first = write_digest(store, scene.digest(), settings=settings, now=NOW).read_text("utf-8")
    (post,) = scene.poll(account, scene.seen(account, "late", views=9))
    scene.judged(post, "high")
    second = write_digest(store, scene.digest(at=NOW + HOUR), settings=settings, now=NOW + HOUR).read_text("utf-8")
    assert "Nothing new that needs you." in first
    assert "1 account needs you today." in second
    assert len([path for path in settings.folder.iterdir() if path.suffix in (".html", ".txt")]) == 3


def test_a_new_folder_is_private_and_an_existing_one_is_left_as_it_is(
    umask: None, store: Store, scene: Scene, tmp_path: Path
) -> None:
    digest = scene.digest()
    private = write_digest(store, digest, settings=Settings(tmp_path / "new"), now=NOW)
    assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700
    public = tmp_path / "served"
    public.mkdir(mode=0o755)
    page = write_digest(store, digest, settings=Settings(public), now=NOW)
    assert stat.S_IMODE(public.stat().st_mode) == 0o755
    assert stat.S_IMODE(page.stat().st_mode) == 0o644


def test_a_reader_never_finds_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that dies half way leaves the old file, and the next write succeeds and cleans up."""
    target = tmp_path / "page.html"
    files.write(target, "old")
    seen: list[str] = []

    def dying(handle: int) -> None:
        seen.append(target.read_text())
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", dying)
        with pytest.raises(BotError, match=r"page\.html: the digest cannot be written"):
            files.write(target, "new" * 1000)
    assert seen == ["old"]
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    (tmp_path / ".page.html.part").write_text("left by a kill")
    files.write(target, "new")
    assert target.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_planted_name_leads_nowhere(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.write_text("precious")
    folder = tmp_path / "digests"
    folder.mkdir()
    (folder / ".page.html.part").symlink_to(other)
    (folder / "page.html").symlink_to(other)
    files.write(folder / "page.html", "page")
    assert other.read_text() == "precious"
    assert not (folder / "page.html").is_symlink()


def test_the_text_is_there_when_the_page_is(
    store: Store, scene: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = files.write

    def watched(path: Path, text: str) -> None:
        written.append(path.name)
        write(path, text)

    monkeypatch.setattr(files, "write", watched)
    write_digest(store, scene.digest(), settings=settings, now=NOW)
    assert written == ["2026-11-25.txt", "2026-11-25.html", "index.html"]


@pytest.mark.parametrize("day", ["../2026-11-25", "2026-11-25/../../x", "", "tomorrow"])
def test_a_day_that_is_none_makes_no_file(store: Store, settings: Settings, day: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|ISO"):
        write_digest(store, DigestRecord(1, day, None, NOW), settings=settings, now=NOW)
    assert not settings.folder.exists()


def test_a_folder_that_cannot_be_made_is_one_clear_line(store: Store, scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BotError) as error:
        write_digest(store, scene.digest(), settings=Settings(tmp_path / "file" / "digests"), now=NOW)
    message = str(error.value)
    assert message.startswith(str(tmp_path / "file" / "digests"))
    assert "digest.folder in the configuration" in message
    assert "\n" not in message


def test_the_index_lists_all_digests_newest_first(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    scene.poll(account)
    write_digest(store, scene.digest("2026-10-31", at=NOW - timedelta(days=25)), settings=settings, now=NOW)
    urgent, low, none = scene.poll(account, *(scene.seen(account, text) for text in "abc"))
    for post, priority in ((urgent, "urgent"), (low, "low"), (none, "none")):
        scene.judged(post, priority)
    write_digest(store, scene.digest("2026-11-24", at=NOW - timedelta(days=1)), settings=settings, now=NOW)
    write_digest(store, scene.digest(DAY), settings=settings, now=NOW)
    (settings.folder / "2026-10-31.html").unlink()
    write_digest(store, scene.digest(DAY), settings=settings, now=NOW)
    root = read((settings.folder / "index.html").read_text("utf-8"))
    assert [one.text() for one in root.all("h2")] == ["Open cases", "Accounts", "November 2026", "October 2026"]
    months = [one for one in root.all("section") if (one.attributes["aria-labelledby"] or "").startswith("m")]
    assert [one.text() for month in months for one in month.all("li")] == [
        "Wed 25 Nov 2026 no new posts",
        "Tue 24 Nov 2026 1 urgent, 1 low, 1 without alert",
        "Sat 31 Oct 2026 (its page is not in this folder) no new posts",
    ]
    assert [one.attributes["href"] for month in months for one in month.all("a")] == [
        "2026-11-25.html",
        "2026-11-24.html",
    ]
    assert [one.text() for one in root.all("li", class_="loud")] == ["Tue 24 Nov 2026 1 urgent, 1 low, 1 without alert"]
