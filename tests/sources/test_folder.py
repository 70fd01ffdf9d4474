"""A folder as a source: every finished video file once, and nothing else, whatever it is called."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from bot.sources.contract import FetchRequest, ListRequest, Outcome
from bot.sources.folder import Folder


def drop(path: Path, data: bytes = b"video", age_s: float = 3600) -> Path:
    """A file that was last written to `age_s` seconds ago."""
    path.write_bytes(data)
    os.utime(path, (time.time() - age_s,) * 2)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


@pytest.fixture
def into(tmp_path: Path) -> Path:
    made = tmp_path / "into"
    made.mkdir()
    return made


def listed(root: Path, **more: object) -> dict[str, str]:
    """Caption to id of what a listing shows."""
    listing = Folder().list_posts(ListRequest(f"folder:{root}", **more))  # type: ignore[arg-type]
    return {post.caption: post.platform_id for post in listing.posts}


def test_video_files_are_posts_and_come_byte_for_byte(root: Path, into: Path) -> None:
    drop(root / "a.MP4", b"first")
    drop(root / "notes.txt")
    drop(root / ".hidden.mp4")
    drop(root / "empty.mp4", b"")
    (root / "folder.mp4").mkdir()
    listing = Folder().list_posts(ListRequest(str(root)))
    assert listing.outcome is Outcome.OK
    assert [post.caption for post in listing.posts] == ["a.MP4"]
    fetched = Folder().fetch(FetchRequest(listing.posts[0].url, into))
    assert fetched.path is not None
    assert fetched.path.read_bytes() == b"first"
    assert fetched.post is not None
    assert fetched.post.platform_id == listing.posts[0].platform_id


def test_a_rewritten_file_is_a_new_post_and_an_untouched_one_is_not(root: Path) -> None:
    path = drop(root / "a.mp4", b"one", age_s=500)
    before = listed(root)
    assert listed(root) == before
    drop(path, b"two", age_s=400)
    assert listed(root) != before


@pytest.mark.parametrize(
    "name",
    [
        "-rf.mp4",
        "a b.mp4",
        "100%.mp4",
        "%2e%2e%2f.mp4",
        "$(reboot).mp4",
        "<script>.mp4",
        "new\nline.mp4",
        "\x1b[31mred.mp4",
        "quote\"'.mp4",
        "ünï 影片.mp4",
        "a#b?c.mp4",
        "folder:x.mp4",
        b"latin\xe9.mp4",
        "\u202e4pm.mp4",
    ],
)
def test_hostile_names_are_listed_readably_and_fetched(root: Path, into: Path, name: str | bytes) -> None:
    path = root / os.fsdecode(name)
    drop(path, b"inside")
    post = Folder().list_posts(ListRequest(f"folder:{root}")).posts[0]
    assert post.caption.isprintable()
    post.caption.encode()
    post.url.encode("ascii")
    fetched = Folder().fetch(FetchRequest(post.url, into))
    assert fetched.outcome is Outcome.OK, fetched.detail
    assert fetched.path is not None
    assert fetched.path.name == "clip.mp4"
    assert fetched.path.read_bytes() == b"inside"


def test_links_out_of_the_folder_are_refused(root: Path, into: Path, tmp_path: Path) -> None:
    secret = drop(tmp_path / "secret.mp4", b"secret")
    (root / "out.mp4").symlink_to(secret)
    (root / "nowhere.mp4").symlink_to(tmp_path / "missing")
    drop(root / "in.mp4")
    (root / "inner.mp4").symlink_to(root / "in.mp4")
    assert set(listed(root)) == {"in.mp4", "inner.mp4"}
    fetched = Folder().fetch(FetchRequest(f"folder:{root}/out.mp4", into))
    assert fetched.outcome is Outcome.BLOCKED
    assert list(into.iterdir()) == []


def test_a_pipe_that_is_called_a_video_does_not_hang(root: Path, into: Path) -> None:
    os.mkfifo(root / "pipe.mp4")
    assert listed(root) == {}
    assert Folder().fetch(FetchRequest(f"folder:{root}/pipe.mp4", into)).outcome is Outcome.UNSUPPORTED


def test_a_file_that_was_just_written_waits(root: Path) -> None:
    drop(root / "fresh.mp4", age_s=0.5)
    drop(root / "done.mp4", age_s=5)
    assert set(listed(root)) == {"done.mp4"}


def test_a_file_that_grows_between_two_looks_waits(root: Path) -> None:
    path = drop(root / "growing.mp4", age_s=5)
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.02):
            with path.open("ab") as file:
                file.write(b"more")
            os.utime(path, (time.time() - 5,) * 2)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert listed(root) == {}
    finally:
        stop.set()
        writer.join()


def test_new_files_come_before_known_ones_so_that_a_large_drop_is_seen_to_its_end(root: Path) -> None:
    for number in range(7):
        drop(root / f"{number}.mp4", age_s=1000 + number)
    known: frozenset[str] = frozenset()
    for _ in range(3):
        known |= frozenset(listed(root, known=known, limit=3).values())
    assert len(known) == 7


def test_bounds_and_absences_have_their_names(root: Path, into: Path) -> None:
    path = drop(root / "a.mp4", b"x" * 100)
    assert Folder().fetch(FetchRequest(f"folder:{path}", into, max_bytes=99)).outcome is Outcome.TOO_LARGE
    assert Folder().fetch(FetchRequest(f"folder:{root}/b.mp4", into)).outcome is Outcome.GONE
    assert Folder().fetch(FetchRequest(f"folder:{root}/passwd", into)).outcome is Outcome.UNSUPPORTED
    assert Folder().list_posts(ListRequest(f"folder:{root}/none")).outcome is Outcome.GONE
    assert Folder().list_posts(ListRequest(f"folder:{path}")).outcome is Outcome.UNSUPPORTED
    path.unlink()
    assert Folder().list_posts(ListRequest(f"folder:{root}")).outcome is Outcome.EMPTY
    assert list(into.iterdir()) == []


def test_any_text_may_be_asked_about() -> None:
    """A name that is too long for the file system is no folder, and no error either."""
    assert not Folder().takes("x" * 5000)
