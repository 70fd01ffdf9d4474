"""What changed since the last digest, verdicts and profiles; and accounts that belong together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.digest import headline, write_digest
from bot.digest.build import build_page
from bot.digest.model import Page
from storage import AccountEvent, DigestRecord, Store, StoredFinding
from tests.digest.reading import read
from tests.digest.scene import HOUR, NOW, Scene, Settings

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
