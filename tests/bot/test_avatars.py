"""The pictures of profiles: fetched when their address changes, kept, compared, told, and nothing of it in a poll."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from bot.config import Config
from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.avatars import AGAIN_AFTER, MOST_TRIES, OFFICIAL_EVERY
from bot.pipeline.cycle import Watch, run_cycle, wanted_accounts
from bot.pipeline.likenesses import pictures_of
from detectors.specimen import KnownPicture
from storage import Account, Avatar, Store, StoredFinding
from tests.bot.conftest import HOUR, NOW, URL, make_posts, put
from tests.conftest import OFFICIAL, PERSON, make_config
from tests.detectors.test_pdq import scene

OTHER = "https://www.tiktok.com/@vantor.second"


def picture_file(folder: Path, seed: int, *, side: int = 200) -> Path:
    """A square picture, another one for each seed."""
    path = folder / f"picture{seed}.jpg"
    cv2.imwrite(str(path), scene(seed, side, side))
    return path


def pictures_asked(platform: StandIn) -> int:
    return len(platform.requests(path="/avatar/"))


@pytest.fixture
def alone(watch: Watch) -> Watch:
    """The watch over that account for a person without official accounts and photos."""
    return with_people(watch, [{"name": PERSON}])


def with_people(watch: Watch, people: list[dict[str, object]], *accounts: str) -> Watch:
    named = [{"url": url, "person": PERSON} for url in (URL, *accounts)]
    config = make_config(watch.config.store.parent, accounts=named, people=people)
    watch.store.sync_accounts(wanted_accounts(config))
    return replace(watch, config=config)


@pytest.fixture
def second(platform: StandIn) -> Iterator[TikTokAccount]:
    """Another account that is there."""
    account = TikTokAccount("vantor.second", "Second", posts=make_posts(1, None, first=400), uid="55")
    yield account
    platform.tiktok.remove(account.handle)


@pytest.fixture
def official(platform: StandIn) -> Iterator[TikTokAccount]:
    """The person's own account, which is not watched."""
    account = TikTokAccount("aureliovantor", PERSON, posts=make_posts(1, None, first=300), uid="56", verified=True)
    yield account
    platform.tiktok.remove(account.handle)


def told_of(account: Account, *, store: Store, config: Config) -> tuple[KnownPicture, ...]:
    found = pictures_of(account, store=store, config=config)
    assert found is not None
    return found


def finding(watch: Watch, detector: str = "copies") -> StoredFinding:
    post = watch.store.posts(account_id=1)[0]
    return next(one for one in watch.store.findings(post.id) if one.detector == detector)


def test_a_picture_is_fetched_once_for_each_address_and_kept_by_its_hash(
    alone: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, tmp_path: Path
) -> None:
    first, second = picture_file(tmp_path, 1), picture_file(tmp_path, 2)
    put(platform, tiktok, avatar=first, posts=())
    run_cycle(alone, NOW)
    run_cycle(alone, NOW + 3 * HOUR)
    assert pictures_asked(platform) == 1
    put(platform, tiktok, avatar=second, posts=())
    run_cycle(alone, NOW + 6 * HOUR)
    kept = alone.store.avatars(account.id)
    assert [one.problem for one in kept] == ["", ""]
    for one, file in zip(kept, (first, second), strict=True):
        assert one.sha256 is not None
        assert one.shown_sha256 is not None
        path, small = alone.store.evidence.path(one.sha256), alone.store.evidence.path(one.shown_sha256)
        assert path is not None
        assert path.read_bytes() == file.read_bytes()
        assert small is not None
        assert small.suffix == ".jpg"
        assert len(small.read_bytes()) < 10_000
    event = next(one for one in alone.store.account_events(account.id) if one.kind == "avatar")
    assert (event.before, event.after) == (kept[0].address, kept[1].address)


def test_polls_send_no_request_more_and_pictures_count_for_the_platform(
    alone: Watch, tiktok: TikTokAccount, platform: StandIn, tmp_path: Path
) -> None:
    put(platform, tiktok, avatar=picture_file(tmp_path, 1), posts=make_posts(1, None))
    run_cycle(alone, NOW)
    assert [one.requests for one in alone.store.polls()] == [2]
    assert alone.store.other_requests_since("tiktok", NOW) == 1


def test_a_picture_that_cannot_be_had_is_tried_some_times_and_then_left(
    alone: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, tmp_path: Path
) -> None:
    put(platform, tiktok, posts=())
    for number in range(MOST_TRIES + 3):
        run_cycle(alone, NOW + number * AGAIN_AFTER)
        run_cycle(alone, NOW + number * AGAIN_AFTER + HOUR)
    tries = alone.store.avatars(account.id)
    assert len(tries) == pictures_asked(platform) == MOST_TRIES
    assert all("gone" in one.problem and one.sha256 is None for one in tries)
    put(platform, tiktok, avatar=picture_file(tmp_path, 3), posts=())
    run_cycle(alone, NOW + 20 * AGAIN_AFTER)
    assert alone.store.avatars(account.id)[-1].sha256 is not None


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\xff" * 8])
def test_what_is_no_picture_or_too_large_a_one_is_told_and_not_kept(
    alone: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "strange.jpg"
    file.write_bytes(content)
    put(platform, tiktok, avatar=file, posts=())
    run_cycle(alone, NOW)
    (made,) = alone.store.avatars(account.id)
    assert made.problem.startswith("it cannot be read: ")
    assert (made.sha256, made.hash) == (None, None)
    assert list((alone.store.folder / "tmp").iterdir()) == []


def test_a_plain_picture_is_kept_and_compared_with_nothing(
    alone: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.png"
    cv2.imwrite(str(plain), scene(1)[:1, :1].repeat(90, axis=0).repeat(90, axis=1))
    put(platform, tiktok, avatar=plain, posts=())
    run_cycle(alone, NOW)
    (made,) = alone.store.avatars(account.id)
    assert made.sha256 is not None
    assert made.hash is None
    assert pictures_of(account, store=alone.store, config=alone.config) is None


def test_the_picture_of_an_official_account_that_nobody_watches_is_told_with_its_rule(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, official: TikTokAccount, tmp_path: Path
) -> None:
    stolen = picture_file(tmp_path, 4)
    worn = tmp_path / "worn.jpg"
    cv2.imwrite(str(worn), scene(4, 200, 200)[:, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])
    put(platform, official, avatar=stolen)
    put(platform, tiktok, avatar=worn)
    run_cycle(watch, NOW)
    run_cycle(watch, NOW + HOUR)
    (found,) = told_of(account, store=watch.store, config=watch.config)
    assert (found.kind, found.name, found.person, found.handle) == ("official", OFFICIAL, PERSON, "aureliovantor")
    assert found.mirrored
    assert len(platform.requests(path="/@aureliovantor")) == 1, "once a week"
    told = finding(watch)
    assert f"The profile's picture is that of {PERSON}'s official account @aureliovantor on tiktok" in told.statement
    assert "rule: picture of an official account" in told.statement
    assert "picture of an official account" in [one["label"] for one in told.exhibits]
    run_cycle(watch, NOW + OFFICIAL_EVERY)
    assert len(platform.requests(path="/@aureliovantor")) == 2


def test_who_puts_on_the_official_picture_is_more_likely_to_pose_as_the_person(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, official: TikTokAccount, tmp_path: Path
) -> None:
    stolen = picture_file(tmp_path, 11)
    put(platform, official, avatar=stolen)
    put(platform, tiktok, avatar=picture_file(tmp_path, 12))
    run_cycle(watch, NOW)

    def likeness() -> float:
        verdict = watch.store.verdict(watch.store.posts(account_id=1)[0].id)
        assert verdict is not None
        return float(verdict.questions["identity"]["log10_lr"])

    before = likeness()
    assert finding(watch, "picture").statement == f"The profile shows no picture of {PERSON} that is kept."
    put(platform, tiktok, avatar=stolen)
    run_cycle(watch, NOW + 6 * HOUR)
    assert finding(watch, "picture").log10_lr == 1.0
    assert likeness() == pytest.approx(before + 1.0)


def test_a_reference_photo_is_recognised_when_a_profile_shows_its_middle(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, tmp_path: Path
) -> None:
    photo = tmp_path / "jane-1.png"
    wide = scene(5, 400, 240)
    cv2.imwrite(str(photo), wide)
    square = tmp_path / "square.jpg"
    cv2.imwrite(str(square), cv2.resize(wide[:, 80:320], (150, 150), interpolation=cv2.INTER_AREA))
    put(platform, tiktok, avatar=square)
    photographed = with_people(watch, [{"name": PERSON, "photos": [str(photo)]}])
    run_cycle(photographed, NOW)
    (found,) = told_of(account, store=watch.store, config=photographed.config)
    assert (found.kind, found.name, found.person) == ("photo", "jane-1.png", PERSON)
    assert f"the reference photo jane-1.png of {PERSON} (rule: reference photo;" in finding(watch).statement
    run_cycle(with_people(watch, [{"name": PERSON}]), NOW + HOUR)
    assert watch.store.person_pictures() == [], "forgotten with the photo"


def test_one_picture_on_two_accounts_is_told_on_both_whichever_came_first(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, second: TikTokAccount, tmp_path: Path
) -> None:
    shared = picture_file(tmp_path, 6)
    both = with_people(watch, [{"name": PERSON}], OTHER)
    put(platform, tiktok, avatar=shared)
    put(platform, second, avatar=picture_file(tmp_path, 7))
    run_cycle(both, NOW)
    assert "profile's picture" not in finding(watch).statement
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(shared.read_bytes())
    put(platform, second, avatar=copy)
    report = run_cycle(both, NOW + 6 * HOUR)
    assert report.judged_again == 3, "the posts of the one that had it first"
    assert "The profile's picture is that of @vantor.second on tiktok, too (rule: same picture on another" in (
        finding(watch).statement
    )


def test_what_a_platform_gives_everybody_without_a_picture_is_nobodys(watch: Watch, account: Account) -> None:
    both = with_people(watch, [{"name": PERSON}], OTHER)
    for number, address in ((1, "https://p/none.jpg?a"), (2, "https://p/none.jpg?b"), (2, "https://p/own.jpg")):
        watch.store.record_avatar(Avatar(number, NOW, address, "0" * 64, "0" * 64, b"x" * 32, b"y" * 32))
        found = pictures_of(account, store=watch.store, config=both.config)
        assert found is not None
        assert len(found) == (address == "https://p/own.jpg")


def test_an_official_account_may_show_its_own_picture(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, second: TikTokAccount, tmp_path: Path
) -> None:
    shared = picture_file(tmp_path, 8)
    put(platform, tiktok, avatar=shared)
    put(platform, second, avatar=shared)
    both = with_people(watch, [{"name": PERSON, "official": [OTHER]}], OTHER)
    run_cycle(both, NOW)
    impostor, owner = watch.store.accounts()
    assert pictures_of(owner, store=watch.store, config=both.config) is None
    (found,) = told_of(impostor, store=watch.store, config=both.config)
    assert (found.kind, found.person) == ("official", PERSON)
    assert watch.store.person_pictures() == [], "a watched account needs no second look"


def test_a_platform_that_is_left_alone_is_asked_for_no_picture(
    alone: Watch, tiktok: TikTokAccount, platform: StandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    put(platform, tiktok, avatar=picture_file(tmp_path, 9), posts=())
    narrow = make_config(
        alone.config.store.parent, accounts=[URL], people=[], polling={"requests_per_hour": 20, "max_requests": 19}
    )
    spent = replace(alone, config=narrow)
    assert run_cycle(spent, NOW).polled == 1
    assert pictures_asked(platform) == 0, "the poll left too few requests"
    put(platform, tiktok, avatar=picture_file(tmp_path, 9), posts=(), state=State.NORMAL)
    run_cycle(alone, NOW + HOUR)
    assert pictures_asked(platform) == 1
