"""What stands where on a morning's page, and in which order."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digest import build, write_digest
from bot.digest.build import MOST_CARDS, MOST_POSTS, MOST_ROWS, PICTURE_BYTES
from bot.pipeline.convert import stored_finding
from bot.pipeline.judge import review_post
from bot.verdict import Decision
from storage import Store
from tests.conftest import make_config
from tests.digest.conftest import Seed
from tests.digest.reading import Element, read
from tests.digest.scene import HOUR, NO_FACE, NOW, Scene, Settings, forgery, seen_faces


def page(store: Store, scene: Scene, settings: Settings) -> Element:
    """Gather the digest, write it and read it."""
    return read(write_digest(store, scene.digest(), settings=settings, now=NOW).read_text("utf-8"))


def section(root: Element, name: str) -> Element:
    return root.one("section", aria_labelledby=name)


def handles(part: Element) -> list[str]:
    """The accounts of the cards of a section, in their order."""
    return [card.one("h3").one(class_="handle").text() for card in part.all("article")]


@pytest.fixture
def morning(seed: Seed) -> Element:
    """The seed case's page."""
    return read(seed.page.read_text("utf-8"))


def test_the_day_in_one_sentence(morning: Element) -> None:
    top = morning.one("header", class_="top")
    assert top.one("h1").text() == "Wednesday, 25 November 2026"
    assert top.one(class_="headline").text() == "1 account needs you urgently."
    assert top.one(class_="basis").text() == (
        "7 new posts examined, 6 accounts watched; 2 accounts could not be seen, 1 post could not be examined."
    )
    assert top.one(class_="span").text() == "From Tue 24 Nov, 07:30 to Wed 25 Nov, 07:30, time zone Europe/Paris (CET)."
    assert top.one(class_="blind").text() == (
        "Could not be seen: @realaureliovantor (gone), @aureliovantor.fanclips (rate limited)."
    )
    assert morning.one("head").one("title").text() == "1 account needs you urgently. Wed 25 Nov 2026 – Doppelwatch"


def test_the_seed_case_stands_where_it_must(morning: Element) -> None:
    assert handles(section(morning, "alerts")) == ["@deepaureliovantor"]
    (lesser,) = section(morning, "minor").one("tbody").all("tr")
    assert lesser.one("th").text() == "@aureliovantor.parody 12.8 K followers"
    rows = [row.text() for row in section(morning, "quiet").one("tbody").all("tr")]
    assert [row.split()[0] for row in rows] == ["@aureliovantor", "@aureliovantor", "@aurelio_baker"]
    assert "Official account of Aurelio Vantor" in rows[0]
    assert "Somebody other than Aurelio Vantor" in rows[2]
    for name in ("alerts", "minor"):
        assert "official_1" not in section(morning, name).text()
        assert "Rehearsals" not in section(morning, name).text()


def test_the_card_of_an_alert_says_what_why_how_sure_and_what_to_do(morning: Element) -> None:
    card = section(morning, "alerts").one("article")
    assert card.one(class_="label").text() == "Urgent Presents itself as Aurelio Vantor; signs of synthesis"
    assert card.one(class_="next").text() == (
        "Next Watch it and compare with Aurelio Vantor's own footage. If you agree, report it in TikTok's form for "
        "impersonation, with the link and the SHA-256."
    )
    lead = next(card.all("section"))
    assert lead.one("h4").text() == "“Watch the coin closely.”", "the strongest of the three comes first"
    questions = {one.one("dt").text(): one.one("dd").text() for one in lead.one("dl").all("div")}
    assert questions == {
        "Is it them?": "moderate support",
        "Was it made?": "weak support",
        "Does it say so?": "weak support",
        "How far does it go?": "1.45 M views +533 K in 19 h",
    }
    why = lead.one(class_="for").text()
    assert 'The handle "deepaureliovantor" resembles "Aurelio Vantor"' in why
    assert why.index("resembles") < why.index("forgery score"), "the stronger reason first"
    assert "hint at an imitation" in lead.one(class_="against").text()


def test_reach_is_told_with_its_growth_and_the_exact_number(morning: Element) -> None:
    card = section(morning, "alerts").one("article")
    facts = next(card.all(class_="facts"))
    assert (
        facts.text()
        == "TikTok 379 K followers +48.5 K in 19 h 10.7 M views of 3 posts Open the profile All of this account"
    )
    assert {one.attributes.get("title") for one in facts.all("span")} >= {
        "379,500 followers",
        "+48,500 since Tue 24 Nov, 11:30",
        "10,750,000 views",
    }


def test_each_alert_says_how_to_decide_on_it_and_hand_it_on(morning: Element) -> None:
    told = [one.text() for one in section(morning, "alerts").all(class_="decide")]
    assert len(told) == 3
    for one in told:
        number = one.partition("doppelwatch review ")[2].split()[0]
        assert f"doppelwatch explain {number}" in one
        assert f"doppelwatch export {number}" in one


def test_a_declaration_is_quoted_with_its_place(morning: Element) -> None:
    minor = section(morning, "minor")
    assert minor.one("q").text() == "Parody account. Every clip is a deepfake made for fun, not the real Aurelio."
    assert "Resembles Aurelio Vantor; says itself that it is an imitation" in minor.text()
    assert "(in the bio)" in minor.text()
    assert "Next: Nothing, unless the declaration goes away" in minor.text()


def test_a_hint_is_no_declaration(morning: Element) -> None:
    card = section(morning, "alerts").one("article")
    assert not list(card.all("blockquote"))
    assert "It declares" not in card.text()


def test_pictures_are_those_of_the_evidence_with_the_face_marked(seed: Seed, morning: Element) -> None:
    lead = next(section(morning, "alerts").one("article").all("section"))
    frames = list(lead.one(class_="shots").all("li"))
    assert len(frames) == 5
    kept = {
        exhibit["jpeg_sha256"]: exhibit
        for post in seed.store.posts()
        for finding in seed.store.findings(post.id)
        for exhibit in finding.exhibits
        if "jpeg_sha256" in exhibit
    }
    for frame in frames:
        image = frame.one("img")
        source = image.attributes["src"] or ""
        sha256 = hashlib.sha256(base64.b64decode(source.removeprefix("data:image/jpeg;base64,"))).hexdigest()
        exhibit = kept[sha256]
        assert exhibit["label"] in (image.attributes["alt"] or "")
        if exhibit["kind"] == "frame":
            assert (image.attributes["width"], image.attributes["height"]) == ("203", "360") or (
                image.attributes["width"],
                image.attributes["height"],
            ) == ("202", "360")
            box = frame.one("rect", class_="box")
            drawn = [float((box.attributes[name] or "").removesuffix("%")) for name in ("x", "y", "width", "height")]
            assert drawn == pytest.approx([100 * share for share in exhibit["box"]], abs=0.01)
        else:
            assert not list(frame.all("svg"))


def test_the_score_over_time_is_drawn_and_told_in_words(morning: Element) -> None:
    lead = next(section(morning, "alerts").one("article").all("section"))
    drawing = lead.one("figure").one("svg")
    title, description = (next(drawing.all(tag)) for tag in ("title", "desc"))
    assert drawing.attributes["role"] == "img"
    assert drawing.attributes["aria-labelledby"] == f"{title.attributes['id']} {description.attributes['id']}"
    assert title.text() == "The clip over time"
    assert "16 looks from 0:00 to 0:11" in description.text()
    assert "mean +1.74" in description.text()
    assert len(list(drawing.all("rect", class_="cell"))) == 16
    assert "mean +1.74" in lead.one("figcaption").text()


def test_evidence_is_named_short_with_the_whole_hash_beside(seed: Seed, morning: Element) -> None:
    lead = next(section(morning, "alerts").one("article").all("section"))
    (post,) = (post for post in seed.store.posts() if post.caption == "Watch the coin closely.")
    named = lead.one(class_="proof").one("code")
    assert named.attributes["title"] == post.media_sha256
    assert named.text() == f"{(post.media_sha256 or '')[:12]}…"


def test_links_open_without_telling_where_from(morning: Element) -> None:
    away = [one for one in morning.all("a") if (one.attributes["href"] or "").startswith("http")]
    assert len(away) >= 10
    for one in away:
        assert one.attributes["rel"] == "noopener noreferrer nofollow"
    assert {one.attributes["href"] for one in away} >= {
        "https://www.tiktok.com/@deepaureliovantor",
        "https://www.tiktok.com/@realaureliovantor",
    }


def test_accounts_come_by_priority_then_support_then_views(store: Store, scene: Scene, settings: Settings) -> None:
    wanted = (
        ("normal.much", "normal", 2.0, 2.0, 9_000_000),
        ("high.views", "high", 1.0, 0.5, 7_000),
        ("high.support", "high", 1.5, 0.9, 100),
        ("high.more.views", "high", 1.0, 0.5, 8_000),
        ("urgent.weak", "urgent", 0.6, 0.0, 10),
        ("high.unknown.views", "high", 1.0, 0.5, None),
    )
    for handle, priority, identity, synthesis, views in wanted:
        account = scene.account(handle)
        (post,) = scene.poll(account, scene.seen(account, handle, views=views))
        scene.judged(post, priority, identity=identity, synthesis=synthesis)
    root = page(store, scene, settings)
    assert handles(section(root, "alerts")) == [
        "@urgent.weak",
        "@high.support",
        "@high.more.views",
        "@high.views",
        "@high.unknown.views",
        "@normal.much",
    ]
    glance = [one.text() for one in root.one("ol", class_="glance").all("li")]
    assert [one.split()[1] for one in glance] == handles(section(root, "alerts"))
    assert root.one(class_="headline").text() == "6 accounts need you: 1 urgently, 4 today, 1 when you can."


def test_posts_of_one_account_share_a_card_and_the_strongest_leads(
    store: Store, scene: Scene, settings: Settings
) -> None:
    account = scene.account("many")
    posts = scene.poll(account, *(scene.seen(account, f"clip {number}", views=number) for number in range(7)))
    for post in posts:
        scene.judged(post, "high", synthesis=int(post.caption.removeprefix("clip ")) / 10)
    (quiet,) = scene.poll(account, scene.seen(account, "harmless", views=3))
    scene.judged(quiet, "none", "unrelated")
    root = page(store, scene, settings)
    card = section(root, "alerts").one("article")
    shown = [one.one("h4").text() for one in card.all("section")]
    assert shown == ["“clip 6”", "“clip 5”", "“clip 4”", "“clip 3”"]
    assert len(shown) == MOST_POSTS
    assert "3 more posts of this account under In short" in card.text()
    rest = [row.text() for row in section(root, "more").one("tbody").all("tr")]
    assert [row.split("clip ")[1][0] for row in rest] == ["2", "1", "0"]
    assert "harmless" in section(root, "quiet").text()
    assert "harmless" not in section(root, "alerts").text()


def test_a_busy_day_stays_readable_and_says_what_it_left_out(store: Store, scene: Scene, settings: Settings) -> None:
    for number in range(MOST_CARDS + 5):
        account = scene.account(f"loud.{number:02d}")
        (post,) = scene.poll(account, scene.seen(account, f"loud {number}", views=1000 - number))
        scene.judged(post, "urgent")
    account = scene.account("chatty")
    posts = scene.poll(account, *(scene.seen(account, f"quiet {number}") for number in range(MOST_ROWS + 2)))
    for post in posts:
        scene.judged(post, "none", "unrelated")
    root = page(store, scene, settings)
    assert len(list(section(root, "alerts").all("article"))) == MOST_CARDS
    assert [row.one("th").text() for row in section(root, "more").one("tbody").all("tr")] == [
        f"@loud.{number:02d}" for number in range(MOST_CARDS, MOST_CARDS + 5)
    ]
    assert "only the most pressing accounts and posts are shown in full" in section(root, "more").text()
    assert len(list(section(root, "quiet").one("tbody").all("tr"))) == MOST_ROWS
    assert "2 further posts had to be left out" in section(root, "quiet").text()
    assert root.one("ol", class_="glance").text().endswith(f"and {MOST_CARDS + 5 - 8} more below")


def test_pictures_of_a_busy_day_are_bounded(store: Store, scene: Scene, settings: Settings) -> None:
    found = [stored_finding(0, one, store.evidence, NOW) for one in (seen_faces(1), forgery(1.0, 0.5))]
    for number in range(MOST_CARDS):
        account = scene.account(f"loud.{number:02d}")
        for post in scene.poll(account, *(scene.seen(account, f"clip {part}") for part in range(MOST_POSTS))):
            store.record_examination(post.id, [replace(one, post_id=post.id) for one in found], at=NOW)
            scene.judged(post, "urgent")
    path = write_digest(store, scene.digest(), settings=settings, now=NOW)
    root = read(path.read_text("utf-8"))
    cards = list(section(root, "alerts").all("article"))
    assert len(cards) == MOST_CARDS
    shown = sum(len(one.attributes["src"] or "") for one in root.all("img"))
    assert shown <= PICTURE_BYTES * 4 / 3 + 100 * len(list(root.all("img")))
    assert path.stat().st_size < 4_500_000
    assert [len(list(card.all("img"))) for card in cards[:2]] == [17, 17]


def test_every_account_has_pictures_before_any_has_many(
    store: Store, scene: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [stored_finding(0, seen_faces(1), store.evidence, NOW)]
    frames = [one for one in found[0].exhibits if "jpeg_sha256" in one]
    sizes = [path.stat().st_size for one in frames if (path := store.evidence.path(one["jpeg_sha256"])) is not None]
    monkeypatch.setattr(build, "PICTURE_BYTES", 2 * sum(sizes))
    for handle in ("first", "second"):
        account = scene.account(handle)
        for post in scene.poll(account, *(scene.seen(account, f"clip {part}") for part in range(3))):
            store.record_examination(post.id, [replace(one, post_id=post.id) for one in found], at=NOW)
            scene.judged(post, "urgent")
    cards = list(section(page(store, scene, settings), "alerts").all("article"))
    pictures = [[len(list(post.all("img"))) for post in card.all("section")] for card in cards]
    assert pictures == [[4, 0, 0], [4, 0, 0]]
    assert "3 pictures left out: no longer in the evidence as kept, or beyond this page's size." in cards[0].text()


def test_a_priority_or_label_of_a_later_version_is_shown_first_and_as_it_is(
    store: Store, scene: Scene, settings: Settings
) -> None:
    for handle, priority, label in (("usual", "urgent", "undetermined"), ("strange", "breaking", "voice_clone")):
        account = scene.account(handle)
        (post,) = scene.poll(account, scene.seen(account, handle))
        scene.judged(post, priority, label)
    root = page(store, scene, settings)
    assert handles(section(root, "alerts")) == ["@strange", "@usual"]
    assert next(section(root, "alerts").all(class_="label")).text() == "breaking Voice clone"
    assert root.one(class_="headline").text() == "2 accounts need you: 1 breaking, 1 urgently."


def test_hints_are_not_called_signs(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("deepaureliovantor")
    (post,) = scene.poll(account, scene.seen(account, "Golf", views=3_000_000), name="Aurelio Vantor", bio="Golf.")
    scene.examine(post, NO_FACE)
    card = section(page(store, scene, settings), "alerts").one("article")
    assert card.one(class_="label").text() == "Urgent Presents itself as Aurelio Vantor; hints at synthesis"
    assert "No face was found that stays in the picture" in card.one(class_="unseen").text()
    assert not list(card.all("figure"))


def test_an_account_without_a_person_says_what_is_missing(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("whoever", person=None)
    (post,) = scene.poll(account, scene.seen(account, "Hello", views=10), name="Who", bio="Ever")
    scene.examine(post, seen_faces(3))
    lesser = section(page(store, scene, settings), "minor").text()
    assert "Undetermined: too little to tell" in lesser
    assert "Name the person whom this account is watched for" in lesser


def test_nothing_against_it_is_said_too(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("aureliovantor.real")
    (post,) = scene.poll(account, scene.seen(account, "Hello", views=4_000_000), name="Aurelio Vantor", bio="Me.")
    scene.examine(post, seen_faces(3), forgery(2.0, 0.8))
    card = section(page(store, scene, settings), "alerts").one("article")
    assert card.one(class_="against").text() == "What speaks against it Nothing that was found."


def test_the_first_digest_says_so_and_the_next_names_the_one_before(
    store: Store, scene: Scene, settings: Settings
) -> None:
    scene.account("someone")
    first = write_digest(
        store, scene.digest("2026-11-24", at=NOW - timedelta(days=1)), settings=settings, now=NOW - 24 * HOUR
    )
    assert "The first digest: everything until" in read(first.read_text("utf-8")).one(class_="span").text()
    root = page(store, scene, settings)
    assert [one.attributes["href"] for one in root.one("nav").all("a")] == [
        "2026-11-24.html",
        "index.html",
        "2026-11-25.txt",
    ]


def test_the_legend_has_the_words_that_are_used(morning: Element) -> None:
    legend = section(morning, "legend")
    scale = {row.one("th").text(): row.one("td").text() for row in legend.one("tbody").all("tr")}
    assert scale == {
        "less than 2": "no support either way",
        "2 to 10": "weak support",
        "10 to 100": "moderate support",
        "100 to 1,000": "moderately strong support",
        "1,000 to 10,000": "strong support",
        "more than 10,000": "very strong support",
        "nothing to look at": "not examined",
    }
    assert "no single score carries an alert" in legend.text()


def test_no_word_convicts(morning: Element) -> None:
    words = morning.one("body").text().casefold()
    for verdict in ("is a deepfake", "is fake", "fraud", "guilty", "criminal", "scammer", "proven fake", "impostor"):
        own = words.replace("every clip is a deepfake made for fun", "")
        assert verdict not in own
    assert "a person decides" in words


def test_what_a_person_decided_is_told_with_their_note(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("aureliovantor_real")
    posts = scene.poll(
        account,
        scene.seen(account, "First", views=2_000_000),
        scene.seen(account, "Second", views=2_000_000),
        name="Aurelio Vantor", bio="Golf.",
    )  # fmt: skip
    decisions = ((Decision.DISMISS, "a cousin"), (Decision.CONFIRM, "<b>sure</b>"))
    for post, (decision, note) in zip(posts, decisions, strict=True):
        scene.examine(post, forgery(0.5, 0.2))
        review_post(post, decision, note, store=store, config=make_config(store.folder.parent), now=NOW - HOUR / 5)
    root = page(store, scene, settings)
    (card,) = section(root, "alerts").all("article")
    label = "By a person's decision: Presents itself as Aurelio Vantor; no support for synthesis"
    assert card.one(class_="label").text().endswith(label)
    assert 'A person confirmed this ("<b>sure</b>"). By the findings alone:' in card.one(class_="summary").text()
    (row,) = section(root, "quiet").one("tbody").all("tr")
    assert "Dismissed by a person" in row.text()
