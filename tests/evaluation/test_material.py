"""Which files are taken, as what, and what a folder that cannot be right is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.material import Side, find


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_side_row_and_group_come_from_the_folders(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "real/a.mp4",
        "real/news/b.MOV",
        "real/news/anna/c.webm",
        "fake/swap/anna/deep/d.mp4",
        "fake/gan/e.png",
    )
    material = find(tmp_path)
    assert [(one.name, one.side, one.folder, one.group) for one in material.samples] == [
        ("real/a.mp4", Side.REAL, "real", "real/real/a.mp4"),
        ("real/news/b.MOV", Side.REAL, "real/news", "real/real/news/b.MOV"),
        ("real/news/anna/c.webm", Side.REAL, "real/news", "anna"),
        ("fake/gan/e.png", Side.FAKE, "fake/gan", "fake/fake/gan/e.png"),
        ("fake/swap/anna/deep/d.mp4", Side.FAKE, "fake/swap", "anna/deep"),
    ]
    assert all(one.path.is_file() for one in material.samples)


def test_the_same_group_on_both_sides_is_one(tmp_path: Path) -> None:
    touch(tmp_path, "real/news/anna/a.mp4", "fake/swap/anna/b.mp4")
    assert len({one.group for one in find(tmp_path).samples}) == 1


def test_other_files_are_counted_and_hidden_ones_not_looked_at(tmp_path: Path) -> None:
    touch(tmp_path, "real/a.mp4", "real/notes.txt", "real/.b.mp4", "real/.c/d.mp4", "fake/a.mp4", "fake/Thumbs.db")
    (tmp_path / "fake" / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    material = find(tmp_path)
    assert [one.name for one in material.samples] == ["real/a.mp4", "fake/a.mp4"]
    assert material.passed_over == 2


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "real/a.mp4", "fake/a.mp4")
    (tmp_path / "real" / "round").symlink_to(tmp_path / "real")
    assert len(find(tmp_path).samples) == 2


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["fake/a.mp4"], "has no folder real/"),
        (["real/a.mp4"], "has no folder fake/"),
        (["real/a.mp4", "fake/a.txt"], r"fake: there is no clip in it"),
        ([], "has no folder real/"),
    ],
)
def test_a_side_that_is_missing_is_named(tmp_path: Path, names: list[str], told: str) -> None:
    touch(tmp_path, *names)
    with pytest.raises(UsageError, match=told):
        find(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "clip.mp4")
    for name in ("clip.mp4", "nowhere"):
        with pytest.raises(UsageError, match=f"{name}: is no folder; name the one that holds real/ and fake/"):
            find(tmp_path / name)
