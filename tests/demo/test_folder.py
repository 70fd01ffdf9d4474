"""The demo's folder: cleared when a demo made it, refused when anybody else did."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.demo.folder import CONFIG, DIGESTS, MARK, STORE, prepare
from bot.errors import StoreBusy, UsageError
from bot.lock import hold


def used(folder: Path) -> Path:
    """A folder as an earlier demo left it."""
    prepare(folder)
    for name in (STORE, DIGESTS):
        (folder / name / "below").mkdir(parents=True)
        (folder / name / "below" / "old").write_text("old")
    (folder / CONFIG).write_text("old")
    return folder


def test_a_new_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    prepare(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [MARK]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert (tmp_path / MARK).is_file()


def test_an_earlier_demo_is_cleared_and_what_else_lies_there_stays(tmp_path: Path) -> None:
    folder = used(tmp_path / "out")
    (folder / "notes.txt").write_text("mine")
    prepare(folder)
    assert sorted(path.name for path in folder.iterdir()) == [MARK, "notes.txt"]


def test_a_folder_with_other_files_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / STORE).mkdir()
    (tmp_path / STORE / "evidence").write_text("a real one")
    with pytest.raises(UsageError, match=r"holds files that no demo made.*name a new one with --out"):
        prepare(tmp_path)
    assert (tmp_path / STORE / "evidence").read_text() == "a real one"
    assert not (tmp_path / MARK).exists()


def test_a_file_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("mine")
    with pytest.raises(UsageError, match=r"file: cannot be used \(.+\); name another folder with --out"):
        prepare(place)
    assert place.read_text() == "mine"


def test_a_link_in_an_earlier_demo_leads_nowhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("mine")
    folder = tmp_path / "out"
    prepare(folder)
    (folder / DIGESTS).symlink_to(elsewhere)
    prepare(folder)
    assert (elsewhere / "mine").read_text() == "mine"
    assert not (folder / DIGESTS).exists()


def test_a_demo_at_work_is_not_cleared(tmp_path: Path) -> None:
    folder = used(tmp_path / "out")
    with hold(folder / STORE), pytest.raises(StoreBusy, match="another doppelwatch works on this store"):
        prepare(folder)
    assert (folder / STORE / "below" / "old").is_file()
