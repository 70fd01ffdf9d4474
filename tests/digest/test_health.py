"""What could be seen and what could not, and whether a quiet day may be called one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digest import write_digest
from bot.digest.health import MOST_PROBLEMS, health
from bot.digest.wording import OUTCOMES
from bot.sources.contract import Outcome
from storage import DigestRecord, PlatformState, PostState, Store
from tests.digest.conftest import Seed
from tests.digest.reading import Element, read
from tests.digest.scene import HOUR, NOW, Scene, Settings

QUIET = "Nothing new that needs you."
UNPROVEN = "No alert, but silence is not proven."


def page(store: Store, digest: DigestRecord, settings: Settings) -> Element:
    return read(write_digest(store, digest, settings=settings, now=NOW).read_text("utf-8"))


def headline(root: Element) -> str:
    return root.one(class_="headline").text()


def watched(root: Element) -> Element:
    return root.one("section", aria_labelledby="health")


def test_accounts_that_cannot_be_seen_are_told_as_what_they_are(seed: Seed) -> None:
    gone, limited, *_ = [one.text() for one in watched(read(seed.page.read_text("utf-8"))).all("li")]
    assert gone == (
        "@realaureliovantor Gone since Tue 24 Nov, 04:30 The platform knows no such account any more: it was deleted, "
        "closed or renamed. In detail: the platform knows no such page. Next Search by hand whether it came back under "
        "another name; then change or remove it in the configuration. Last seen Tue 24 Nov, 01:30 next look "
        "Thu 26 Nov, 03:30 Open the profile"
    )
    assert limited.startswith("@aureliovantor.fanclips Rate limited since Wed 25 Nov, 07:00 Too many requests")
    assert "Never seen so far next look 09:30" in limited


def test_a_quiet_day_is_called_one_when_everything_was_seen(store: Store, scene: Scene, settings: Settings) -> None:
    for handle in ("one", "two"):
        scene.poll(scene.account(handle))
    root = page(store, scene.digest(), settings)
    assert headline(root) == QUIET
    assert root.one(class_="basis").text() == "0 new posts examined, 2 accounts watched, all seen."
    assert not list(root.all(class_="blind"))
    assert not list(root.all("section", aria_labelledby="alerts"))
    assert "Watched as it should be @one @two" in watched(root).text()


def test_posts_without_an_alert_leave_a_day_quiet(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    low, none = scene.poll(account, scene.seen(account, "a"), scene.seen(account, "b"))
    scene.judged(low, "low", "declared_imitation")
    scene.judged(none, "none", "official")
    root = page(store, scene.digest(), settings)
    assert headline(root) == QUIET
    assert root.one(class_="basis").text() == "2 new posts examined, 1 account watched, all seen."


@pytest.mark.parametrize("outcome", [one for one in Outcome if not one.succeeded])
def test_no_failed_poll_leaves_a_day_quiet(store: Store, scene: Scene, settings: Settings, outcome: Outcome) -> None:
    scene.poll(scene.account("fine"))
    scene.poll(scene.account("bad"), outcome=str(outcome), detail="so it was")
    root = page(store, scene.digest(), settings)
    assert headline(root) == UNPROVEN
    assert OUTCOMES[outcome].word in watched(root).text()
    assert OUTCOMES[outcome].meaning in watched(root).text()
    assert OUTCOMES[outcome].remedy in watched(root).text()
    assert OUTCOMES[outcome].remedy, "every failure tells what to do"


def test_every_outcome_has_words_and_an_unknown_one_is_not_clear(
    store: Store, scene: Scene, settings: Settings
) -> None:
    assert set(OUTCOMES) == set(Outcome)
    scene.poll(scene.account("bad"), outcome="melted")
    root = page(store, scene.digest(), settings)
    assert headline(root) == UNPROVEN
    assert "@bad Not clear since" in watched(root).text()


def test_an_account_that_was_never_polled_proves_nothing(store: Store, scene: Scene, settings: Settings) -> None:
    scene.account("new")
    root = page(store, scene.digest(), settings)
    assert headline(root) == UNPROVEN
    assert "@new Not looked at yet The account is in the configuration" in watched(root).text()


@pytest.mark.parametrize(("hours", "quiet"), [(5.9, True), (6.1, False), (50, False)])
def test_an_old_look_proves_nothing(store: Store, scene: Scene, settings: Settings, hours: float, quiet: bool) -> None:
    scene.poll(scene.account("one"), at=NOW - timedelta(hours=hours))
    root = page(store, scene.digest(), settings)
    assert headline(root) == (QUIET if quiet else UNPROVEN)
    if not quiet:
        assert "@one Not looked at lately since" in watched(root).text()


def test_no_account_at_all(store: Store, scene: Scene, settings: Settings) -> None:
    root = page(store, scene.digest(), settings)
    assert headline(root) == "No account is watched, so nothing could be found."
    assert "Name some under accounts in the configuration" in watched(root).text()


def test_an_account_that_left_the_configuration_is_not_missed(store: Store, scene: Scene, settings: Settings) -> None:
    scene.poll(scene.account("left"), outcome="gone")
    store.sync_accounts([])
    fresh = Scene(store)
    fresh.poll(fresh.account("kept"))
    root = page(store, scene.digest(), settings)
    assert headline(root) == QUIET
    assert "@left" not in watched(root).text()


def test_passing_trouble_is_counted(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("shaky")
    scene.digest("2026-11-24", at=NOW - 24 * HOUR)
    for hours, outcome in ((30, "blocked"), (20, "timeout"), (12, "ok"), (6, "network"), (1, "ok")):
        scene.poll(account, at=NOW - hours * HOUR, outcome=outcome)
    scene.poll(scene.account("empty"), outcome="empty")
    root = page(store, scene.digest(), settings)
    assert headline(root) == QUIET
    assert "@shaky (2 of 4 looks failed)" in watched(root).text()
    assert "@empty (shows no posts)" in watched(root).text()


def test_a_post_that_waits_or_failed_leaves_the_day_unproven(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    waiting, failed, gone = scene.poll(account, *(scene.seen(account, text) for text in ("w", "f", "g")))
    store.record_problem(failed.id, PostState.FAILED, "timeout: too slow", at=NOW - HOUR, next_try_at=NOW + HOUR)
    store.record_problem(gone.id, PostState.GONE, "gone: removed", at=NOW - HOUR)
    root = page(store, scene.digest(), settings)
    assert headline(root) == UNPROVEN
    assert root.one(class_="basis").text() == (
        "0 new posts examined, 1 account watched; 2 posts could not be examined, 1 post not examined yet."
    )
    text = watched(root).text()
    assert "failed, timeout: too slow (since Wed 25 Nov, 06:30, next try 08:30)" in text
    assert "gone, gone: removed (since Wed 25 Nov, 06:30)" in text
    assert "1 known post is not examined yet" in text
    assert waiting.state is PostState.SEEN


def test_a_post_that_is_given_up_says_so(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    (failed,) = scene.poll(account, scene.seen(account, "f"))
    store.record_problem(failed.id, PostState.FAILED, "cannot be examined: no video", at=NOW - HOUR)
    root = page(store, scene.digest(), settings)
    assert headline(root) == UNPROVEN
    assert "not tried again" in watched(root).text()


def test_old_problems_are_counted_and_not_named_again(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    posts = scene.poll(account, *(scene.seen(account, text) for text in ("o", "d", "n")))
    scene.digest("2026-11-24", at=NOW - 24 * HOUR)
    for post in posts:
        hours = {"o": 80, "d": 30, "n": 2}[post.caption]
        store.record_problem(post.id, PostState.FAILED, f"network: {post.caption}", at=NOW - hours * HOUR)
    text = watched(page(store, scene.digest(), settings)).text()
    assert "network: n" in text
    assert "network: d" in text, "it may have been tried again in this digest's time"
    assert "network: o" not in text
    assert "1 further post could not be examined, from before this digest" in text


def test_a_page_that_is_written_late_tells_no_later_problems(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    (post,) = scene.poll(account, scene.seen(account, "a"), at=NOW - 25 * HOUR)
    yesterday = scene.digest("2026-11-24", at=NOW - 24 * HOUR)
    store.record_problem(post.id, PostState.FAILED, "network: late", at=NOW - HOUR)
    today = scene.digest()
    assert "network: late" not in watched(page(store, yesterday, settings)).text()
    assert "further post" not in watched(page(store, yesterday, settings)).text()
    assert "network: late" in watched(page(store, today, settings)).text()


def test_many_problems_are_named_up_to_a_bound(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    posts = scene.poll(account, *(scene.seen(account, str(number)) for number in range(MOST_PROBLEMS + 3)))
    for post in posts:
        store.record_problem(post.id, PostState.SKIPPED, "too_large: 2 GB", at=NOW - HOUR)
    root = page(store, scene.digest(), settings)
    assert len([one for one in watched(root).all("li") if "too_large" in one.text()]) == MOST_PROBLEMS
    assert "3 further posts could not be examined" in watched(root).text()


def test_what_was_there_before_the_watch_is_no_problem(store: Store, scene: Scene, settings: Settings) -> None:
    account = scene.account("one")
    scene.poll(account, *(scene.seen(account, str(number)) for number in range(5)), examine_first=0)
    root = page(store, scene.digest(), settings)
    assert headline(root) == QUIET
    assert "5 posts from before the watch began are measured and not examined" in watched(root).text()


def test_what_the_control_account_says_stands_beside_the_trouble(
    store: Store, scene: Scene, settings: Settings
) -> None:
    account = scene.account("one")
    scene.poll(account, outcome="gone", at=NOW - timedelta(hours=2))
    asked = PlatformState("tiktok", "ok", NOW, control_outcome="ok", control_at=NOW - timedelta(hours=1))
    store.record_platform(asked)
    digest = scene.digest()
    (view,) = health(store, digest, NOW).accounts
    assert "the platform answers, the fault is this account's" in view.meaning
    store.record_platform(replace(asked, control_outcome="challenged"))
    (view,) = health(store, digest, NOW).accounts
    assert "cannot be seen either (challenged)" in view.meaning
    store.record_platform(replace(asked, control_at=NOW - timedelta(hours=3)))
    (view,) = health(store, digest, NOW).accounts
    assert "large public account" not in view.meaning, "it was asked before the trouble began"
