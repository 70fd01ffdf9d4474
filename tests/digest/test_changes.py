"""What changed since the last digest, verdicts and profiles; and accounts that belong together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest import headline, write_digest
from bot.digest.avatars import ProfilePictures
from bot.digest.build import build_page
from bot.digest.exhibits import Budget
from bot.digest.model import Page
from bot.digest.views import change_view
from detectors.exhibits import jpeg
from storage import Account, AccountEvent, Avatar, DigestRecord, Store, StoredFinding
from tests.digest.reading import read
from tests.digest.scene import HOUR, NOW, Scene, Settings, face

DAY = timedelta(days=1)


def built(store: Store, digest: DigestRecord) -> Page:
    return build_page(store, digest, zone=ZoneInfo("UTC"), now=NOW, previous=None)


def rejudged(scene: Scene, post_id: int, priority: str, *, hours: float) -> None:
    verdict = scene.store.verdict(post_id)
    assert verdict is not None
    at = NOW + timedelta(hours=hours)
    scene.store.record_verdict(replace(verdict, priority=priority, judged_at=at), at=at)


def test_a_verdict_that_changed_is_told_by_exactly_one_later_digest(scene: Scene, settings: Settings) -> None:
    account = scene.account("aureliovantor.tv")
    seen = scene.poll(account, *(scene.seen(account, name, views=9) for name in ("up", "down", "same")))
    risen, fallen, same = (next(post for post in seen if post.caption == name) for name in ("up", "down", "same"))
    for post, priority in ((risen, "low"), (fallen, "high"), (same, "low")):
        scene.judged(post, priority)
    first = scene.digest()
    rejudged(scene, risen.id, "urgent", hours=2)
    rejudged(scene, fallen.id, "none", hours=3)
    rejudged(scene, same.id, "high", hours=4)
    rejudged(scene, same.id, "low", hours=5)
    second = scene.digest("2026-11-26", at=NOW + DAY)
    third = scene.digest("2026-11-27", at=NOW + 2 * DAY)
    assert built(scene.store, first).changed == ()
    assert built(scene.store, third).changed == ()
    page = built(scene.store, second)
    assert [(one.post_id, one.told, one.priority) for one in page.changed] == [
        (risen.id, "low", "urgent"),
        (fallen.id, "high", "none"),
    ]
    assert headline.headline(page) == "1 earlier post became more pressing."
    root = read(write_digest(scene.store, second, settings=settings, now=NOW + DAY).read_text("utf-8"))
    told = root.one("section", aria_labelledby="changed").text()
    assert told.index("“up”") < told.index("“down”")
    assert "before: Low" in told
    assert "(Wed 25 Nov 2026)" in told


def test_what_changed_on_a_profile_stands_on_its_card_or_by_itself(scene: Scene, settings: Settings) -> None:
    loud, calm = scene.account("deepaureliovantor"), scene.account("aurelio_baker")
    (post,) = scene.poll(loud, scene.seen(loud, "Golf", views=3_000_000), name="Aurelio Vantor", bio="Me.")
    scene.judged(post, "urgent")
    scene.digest("2026-11-24", at=NOW - DAY)
    (post,) = scene.poll(loud, scene.seen(loud, "More", views=3_000_000), name="Aurelio Vantor", bio="Me.")
    scene.judged(post, "urgent")
    for account, at, after in (
        (loud, NOW - HOUR, "no parody any more"),
        (calm, NOW, "<i>x</i>"),
        (calm, NOW - 2 * DAY, "old"),
    ):
        scene.store.record_event(AccountEvent(account.id, at, "bio", "Parody.", after))
    digest = scene.digest()
    page = built(scene.store, digest)
    assert [one.after for one in page.alerts[0].changes] == ["no parody any more"]
    assert [(one.handle, [change.after for change in one.changes]) for one in page.profiles] == [
        ("aurelio_baker", ["<i>x</i>"])
    ]
    root = read(write_digest(scene.store, digest, settings=settings, now=NOW).read_text("utf-8"))
    assert "no parody any more" in root.one("article").one(class_="changes").text()
    assert "<i>x</i>" in root.one("section", aria_labelledby="profiles").text()


def test_accounts_that_show_the_same_pictures_come_together(scene: Scene) -> None:
    posts = {}
    for handle, priority in (("first", "urgent"), ("alone", "high"), ("copycat", "normal")):
        account = scene.account(handle)
        (post,) = scene.poll(account, scene.seen(account, handle, views=5))
        posts[handle] = scene.judged(post, priority)
    named = {"kind": "text", "label": "same pictures elsewhere", "field": "address", "text": posts["first"].url}
    found = StoredFinding(posts["copycat"].id, "copies", "1", "spread", "ok", "Elsewhere, too.", exhibits=(named,))
    scene.store.record_examination(found.post_id, [found], at=NOW)
    scene.judged(posts["copycat"], "normal")
    page = built(scene.store, scene.digest())
    assert [account.handle for account in page.alerts] == ["first", "copycat", "alone"]
    first, copycat, alone = page.alerts
    assert first.campaign == copycat.campaign
    assert first.campaign is not None
    assert (first.campaign.lead, first.campaign.handles) == (first.account_id, ("first", "copycat"))
    assert alone.campaign is None


def avatar(scene: Scene, account: Account, name: str, seed: int, *, bits: int, at: datetime) -> str:
    """A picture that an account showed; returns its address."""
    address = f"https://p.example/{name}.jpg"
    small = scene.store.evidence.keep_bytes(jpeg(face(seed)[0], 64), ".jpg").sha256
    hashed = bits.to_bytes(32)
    scene.store.record_avatar(Avatar(account.id, at, address, small, small, hashed, b"\xff" * 32))
    return address


def test_a_picture_that_changed_stands_before_and_after_on_the_digest_and_the_accounts_page(
    scene: Scene, settings: Settings
) -> None:
    loud, calm = scene.account("deepaureliovantor"), scene.account("aurelio_baker")
    (post,) = scene.poll(loud, scene.seen(loud, "Golf", views=3_000_000), name="Aurelio Vantor", bio="Me.")
    scene.judged(post, "urgent")
    old = avatar(scene, loud, "old", 1, bits=2**200 - 1, at=NOW - DAY)
    new = avatar(scene, loud, "new", 2, bits=0, at=NOW - HOUR)
    same = avatar(scene, calm, "same", 3, bits=7, at=NOW - DAY)
    moved = avatar(scene, calm, "moved", 3, bits=15, at=NOW - HOUR)
    for account, before, after in (
        (loud, old, new + "?signed=anew"),
        (calm, same, moved),
        (calm, moved, "https://x/gone.jpg"),
    ):
        scene.store.record_event(AccountEvent(account.id, NOW - HOUR, "avatar", before, after))
    digest = scene.digest()
    page = built(scene.store, digest)
    (change,) = page.alerts[0].changes
    assert change.picture_before is not None
    assert change.picture_after is not None
    assert change.picture_before.jpeg != change.picture_after.jpeg
    assert not change.alike
    first, second = page.profiles[0].changes
    assert first.alike
    assert (second.picture_before is not None, second.picture_after) == (True, None), "it could not be had"
    written = write_digest(scene.store, digest, settings=settings, now=NOW)
    root = read(written.read_text("utf-8"))
    shown = root.one("article").one(class_="changes")
    assert [one.attributes["alt"] for one in shown.all("img")] == [
        "The profile’s picture before", "The profile’s picture after",
    ]  # fmt: skip
    assert "the same, at another address" in root.one("section", aria_labelledby="profiles").text()
    own = read((written.parent / "accounts" / f"{loud.id}.html").read_text("utf-8"))
    assert len(list(own.one("section", aria_labelledby="changes").all("img"))) == 2
    assert own.one("header").one("img").attributes["alt"] == "The profile’s picture, as last fetched"


def test_pictures_of_profiles_take_no_more_of_a_page_than_they_may(scene: Scene) -> None:
    account = scene.account("deepaureliovantor")
    address = avatar(scene, account, "one", 1, bits=1, at=NOW)
    event = AccountEvent(account.id, NOW, "avatar", address, address)
    pictures = ProfilePictures(scene.store, Budget(0))
    assert pictures.now(account.id) is None
    change = pictures.illustrated(change_view(event), event)
    assert (change.picture_before, change.picture_after, change.alike) == (None, None, True)
