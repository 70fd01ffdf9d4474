"""Text from outside cannot act, hide, or flood: neither in the page nor in the text beside it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import write_digest
from bot.digest.archive import write_archive
from bot.digest.build import nobody
from bot.digest.foreign import CUT, foreign, link
from bot.pipeline.convert import stored_finding
from detectors.contract import Finding, Question, Status
from storage import Review, Store
from tests.digest.reading import Element, check_names, check_outline, read
from tests.digest.scene import HOUR, NOW, Scene, Settings

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\" onmouseover=\"alert(1)\" style='x' '><img src=https://evil.example/x.png onerror=alert(1)>"
OVERRIDE = "photo\u202egpj.exe\u2066 \u200f"
NOTHING = "before\x00after\x1b[31mred\x07"
TEMPLATE = "{{ 7*7 }} {% raw %} {# hidden #}"
LONG = "all work and no play " * 500


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        (None, ""),
        ("  two\r\nlines\tand\u00a0more\u2028end ", "two lines and more end"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\x00\x1b[2Jb", "a[U+0000][U+001B][2Jb"),
        ("zero\u200bwidth\ufeff", "zero[U+200B]width[U+FEFF]"),
        ("\ue000private", "[U+E000]private"),
        ("half \ud83d emoji", "half [U+D83D] emoji"),
        ("family 👩\u200d👩\u200d👧 stays", "family 👩\u200d👩\u200d👧 stays"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("lat\u200din", "lat[U+200D]in"),
        ("\u200dat the start", "[U+200D]at the start"),
        ("שלום", "שלום"),
        ("é with e\u0301", "é with e\u0301"),
        ("z" + "\u0301" * 40 + "algo", "z" + "\u0301" * 4 + CUT + "algo"),
    ],
)
def test_outside_text_is_made_safe(text: str | None, shown: str) -> None:
    assert foreign(text) == shown


def test_long_text_is_cut_with_a_sign() -> None:
    assert foreign("a" * 280) == "a" * 280
    assert foreign("a" * 281) == "a" * 280 + CUT
    assert foreign("word " * 100, 11) == "word word w" + CUT
    assert foreign("\x00" * 10, 20) == "[U+0000][U+0000]" + CUT, "a code is never cut in half"
    assert foreign("a" + " " * 10_000_000 + "b") == "a" + CUT


@given(st.text(alphabet=st.characters(), max_size=400), st.integers(1, 100))
def test_nothing_that_acts_is_left(text: str, limit: int) -> None:
    shown = foreign(text, limit)
    assert len(shown) <= limit + 1
    shown.encode()
    for letter in shown:
        assert letter == " " or not letter.isspace()
        assert unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Zl", "Zp")
        assert unicodedata.category(letter) != "Cf" or letter in "\u200c\u200d"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.tiktok.com/@someone/video/7123",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG/a?b=c&d=%20#e",
        "https://пример.рф/видео",
    ],
)
def test_web_addresses_are_links(address: str) -> None:
    assert link(address).href == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example/x",
        "https:evil",
        "https://",
        "https:\\\\evil.example",
        "https://good.example\\@evil.example/",
        "https://www.tiktok.com@evil.example/",
        "https://user:secret@example.org/",
        "https://example.org/a b",
        "https://example.org/\u202egpj",
        "https://example.org/\x00",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_everything_else_is_text(address: str | None) -> None:
    shown = link(address)
    assert shown.href is None
    assert shown.text == foreign(address, 300)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Element, str, str]:
    """A page on which every field from outside is an attack; the page as a tree and raw, and its text."""
    folder = tmp_path_factory.mktemp("hostile")
    with Store.open(folder / "store") as store:
        path = attacked(store, Settings(folder / "digests"))
    raw = path.read_bytes().decode()
    return read(raw), raw, path.with_suffix(".txt").read_bytes().decode()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The archive beside such a page, raw, by the names of its pages; profiles change from attack to attack, too."""
    folder = tmp_path_factory.mktemp("archive")
    with Store.open(folder / "store") as store:
        attacked(store, Settings(folder / "digests"))
        scene = Scene(store)
        evil = next(one for one in store.accounts() if "evil" in one.handle)
        for number, words in enumerate((SCRIPT, ATTRIBUTE, OVERRIDE, NOTHING, TEMPLATE, "x" * 10_000_000)):
            scene.poll(evil, at=NOW + (number + 1) * HOUR, name=f"Name {words}", bio=f"Bio {words}")
        post = store.posts()[0]
        store.record_review(Review(post.id, "confirm", "undetermined", "urgent", SCRIPT + OVERRIDE), at=NOW)
        write_archive(store, folder / "digests", zone=ZoneInfo("UTC"), portraits=nobody)
    pages = folder / "digests"
    return {str(path.relative_to(pages)): path.read_bytes().decode() for path in pages.rglob("*.html")}


def attacked(store: Store, settings: Settings) -> Path:
    """Fill a store with attacks and write its digest."""
    scene = Scene(store)
    account = scene.account("evil\u202e<b>", address="javascript:alert(1)//@x")
    bio = f"parody {SCRIPT}{OVERRIDE}{LONG}"
    posts = scene.poll(
        account,
        *(scene.seen(account, text) for text in (SCRIPT, ATTRIBUTE, OVERRIDE, NOTHING, TEMPLATE, LONG, "</title>")),
        name=f"Aurelio {SCRIPT}", bio=bio,
    )  # fmt: skip
    for number, post in enumerate(posts):
        said = Finding("faces", "1", Question.IDENTITY, Status.OK, f"Seen: {post.caption}", log10_lr=1.5)
        if number < 2:
            scene.examine(post, said)
        else:
            store.record_examination(post.id, [stored_finding(post.id, said, store.evidence, NOW)], at=NOW)
        priority = ("urgent", "urgent", "low", "none")[number % 4]
        scene.judged(post, priority, summary=f"Summary {post.caption}", counter=f"Counter {post.caption}")
    scene.poll(scene.account(SCRIPT), outcome="unknown", detail=ATTRIBUTE + NOTHING)
    return write_digest(store, scene.digest(), settings=settings, now=NOW)


def test_no_attack_becomes_an_element(hostile: tuple[Element, str, str]) -> None:
    root, _, _ = hostile
    assert not list(root.all("script"))
    assert {one.attributes["src"] for one in root.all("img")} <= set()
    assert not list(root.all("b"))
    assert len(list(root.one("head").all("title"))) == 1
    for element in root.all():
        assert not [name for name in element.attributes if name.startswith("on") or name == "style"]


def test_attacks_are_shown_as_the_text_that_they_are(hostile: tuple[Element, str, str]) -> None:
    root, _, text = hostile
    body = root.one("body").text()
    made_visible = ("photo[U+202E]gpj.exe[U+2066]", "before[U+0000]after[U+001B][31mred")
    for shown in (SCRIPT, "onmouseover", *made_visible, "{{ 7*7 }}"):
        assert shown in body
        assert shown in " ".join(text.split())


def test_the_page_stays_sound(hostile: tuple[Element, str, str]) -> None:
    """No attack moves a heading or a name."""
    root, _, _ = hostile
    assert {one.attributes["id"] for one in root.all("article")} == {"a1"}
    check_outline(root)
    check_names(root)


def test_a_bad_address_is_text_and_never_a_link(hostile: tuple[Element, str, str]) -> None:
    root, _, _ = hostile
    assert "javascript:alert(1)//@x" in root.one("body").text()
    for one in root.all("a"):
        assert re.match(
            r"(https?://|#|index\.html$|(accounts|cases)/\d+\.html$|\d{4}-\d\d-\d\d\.(html|txt)$)",
            one.attributes["href"] or "",
        )


def test_no_control_or_direction_character_is_left(hostile: tuple[Element, str, str]) -> None:
    _, raw, text = hostile
    for written in (raw, text):
        left = {letter for letter in written if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")}
        assert left == {"\n"}


def test_outside_text_keeps_its_direction_to_itself(hostile: tuple[Element, str, str]) -> None:
    root, _, _ = hostile
    for part in ("h4", "blockquote"):
        for element in root.all(part):
            if "parody" in element.text() or "photo" in element.text():
                assert list(element.all("bdi"))
    for element in root.all(class_="handle"):
        assert element.tag == "bdi"


def test_a_flood_is_cut(hostile: tuple[Element, str, str]) -> None:
    root, raw, text = hostile
    assert len(raw) < 120_000
    assert len(text) < 40_000
    captions = [one.text() for one in root.all("h4") if "all work" in one.text()]
    assert all(len(caption) < 210 and CUT in caption for caption in captions)


def test_no_attack_acts_on_any_page_of_the_archive(archive: dict[str, str]) -> None:
    assert {name.partition("/")[0] for name in archive if "/" in name} == {"accounts", "cases"}
    for name, raw in archive.items():
        root = read(raw)
        for tag in ("script", "b", "iframe", "object", "form"):
            assert not list(root.all(tag)), (name, tag)
        assert all((one.attributes["src"] or "").startswith("data:image/") for one in root.all("img")), name
        for element in root.all():
            assert not [one for one in element.attributes if one.startswith("on") or one == "style"], name
        for one in root.all("a"):
            assert re.match(r"(https?://|#|[./\w-]+\.(html|txt)(#\w+)?$)", one.attributes["href"] or ""), name
        left = {letter for letter in raw if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")}
        assert left <= {"\n"}, name
        assert len(raw) < 2_000_000, f"{name}: a bio of 10 MB is cut"
        check_outline(root)
        check_names(root)


def test_attacks_are_shown_as_text_in_the_archive(archive: dict[str, str]) -> None:
    accounts = " ".join(read(raw).one("body").text() for name, raw in archive.items() if name.startswith("accounts/"))
    cases = " ".join(read(raw).one("body").text() for name, raw in archive.items() if name.startswith("cases/"))
    for shown in (SCRIPT, "onmouseover", "photo[U+202E]gpj.exe", "before[U+0000]after[U+001B][31mred", "{{ 7*7 }}"):
        assert shown in accounts
    assert SCRIPT in cases
    assert "photo[U+202E]gpj.exe" in cases
