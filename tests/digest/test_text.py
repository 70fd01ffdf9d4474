"""The text beside the page: the same content, at most 78 columns."""

from __future__ import annotations

import itertools

import pytest
from rich.cells import cell_len

from bot.digest import write_digest
from bot.digest.text import COLUMNS, _wrap
from storage import PostState, Store
from tests.digest.conftest import Seed
from tests.digest.scene import HOUR, NOW, Scene, Settings


@pytest.fixture
def lines(seed: Seed) -> list[str]:
    return seed.page.with_suffix(".txt").read_text("utf-8").splitlines()


def flat(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def test_it_begins_with_what_matters(lines: list[str]) -> None:
    assert lines[:4] == ["DOPPELWATCH", "Wednesday, 25 November 2026", "", "1 account needs you urgently."]
    assert "Could not be seen: @realaureliovantor (gone), @aureliovantor.fanclips (rate limited)." in flat(lines)


def test_the_parts_stand_in_the_order_of_the_page(lines: list[str]) -> None:
    titles = [before for before, after in itertools.pairwise(lines) if after and set(after) == {"="}]
    assert titles == [
        "NEEDS YOU",
        "LOWER PRIORITY",
        "OFFICIAL AND UNRELATED",
        "WHAT WAS WATCHED",
        "HOW TO READ THE WORDS",
    ]
    text = "\n".join(lines)
    alerts, minor, quiet = (text.index(title) for title in titles[:3])
    assert alerts < text.index("@deepaureliovantor, ") < minor < text.index("@aureliovantor.parody, ") < quiet
    assert text.index("Rehearsals started today.") > quiet


def test_it_says_what_the_page_says(seed: Seed, lines: list[str]) -> None:
    text = flat(lines)
    for said in (
        "[URGENT] Presents itself as Aurelio Vantor; signs of synthesis",
        "379 K followers (+48.5 K in 19 h)",
        "1.45 M views (+533 K in 19 h)",
        "Is it them? moderate support (+1.60)",
        "Forgery score: 16 looks from 0:00 to 0:11",
        "What speaks against it:",
        '"Parody account. Every clip is a deepfake made for fun, not the real Aurelio." in the bio',
        "@realaureliovantor: Gone since Tue 24 Nov, 04:30",
        "next look 09:30",
        "failed, network: the platform answered 503 (since Wed 25 Nov, 07:18, next try 07:45)",
        "Watched as it should be: @deepaureliovantor, @aureliovantor.parody, @aureliovantor, @aurelio_baker.",
        "10 to 100 moderate support",
        "a person decides",
    ):
        assert said.replace("| ", "") in text.replace("| ", ""), said
    for post in seed.store.digest_posts(seed.digest.id):
        if post.caption in ("Watch the coin closely.", "If Aurelio sold carpets #parody #deepfake"):
            assert post.media_sha256 is not None
            assert f"     {post.media_sha256}" in lines, "the whole hash, on one line"


def test_no_line_is_wider_than_78_columns(lines: list[str]) -> None:
    assert max(cell_len(line) for line in lines) <= COLUMNS == 78
    assert not [line for line in lines if line != line.rstrip()]


def test_wide_letters_and_endless_words_stay_within_the_columns(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("x" * 59, address="https://www.tiktok.com/@" + "y" * 240)
    captions = ("漢字" * 90, "w" * 300, "👩‍👩‍👧 " * 60, "ع" * 190)
    posts = scene.poll(
        account, *(scene.seen(account, caption, views=1) for caption in captions), name="名" * 70, outcome="ok"
    )
    for post, priority in zip(posts, ("urgent", "high", "low", "none"), strict=True):
        scene.judged(post, priority, summary="s" * 500)
    (lost,) = scene.poll(account, scene.seen(account, "lost"))
    store.record_problem(lost.id, PostState.FAILED, "e" * 400, at=NOW - HOUR)
    scene.poll(scene.account("z" * 59), outcome="unknown", detail="d" * 400)
    path = write_digest(store, scene.digest(), settings=settings, now=NOW)
    lines = path.with_suffix(".txt").read_text("utf-8").splitlines()
    assert max(cell_len(line) for line in lines) <= 78
    assert "".join(line.strip() for line in lines).count("y" * 240) >= 1, "an address is broken, not cut"


def test_a_paragraph_fills_its_lines_and_hangs() -> None:
    assert list(_wrap("aa bb cc", "  - ", "    ")) == ["  - aa bb cc"]
    wrapped = list(_wrap("word " * 40, "  - ", "    "))
    assert [len(line) for line in wrapped] == [78, 78, 53]
    assert [line[:4] for line in wrapped] == ["  - ", "    ", "    "]
    assert list(_wrap("", "  ")) == ["  "]
    broken = list(_wrap("x" * 100, "> ", "  "))
    assert broken == ["> " + "x" * 76, "  " + "x" * 24]
