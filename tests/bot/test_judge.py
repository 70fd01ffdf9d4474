"""Judging: the same findings give the same verdict, with all that is known of the account and its reach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.demo.platforms import StandIn, TikTokAccount
from bot.pipeline import judge as judge_module
from bot.pipeline.cycle import Watch, run_cycle, wanted_accounts
from bot.pipeline.judge import judge_post
from bot.verdict import Case, Label, Priority, Verdict
from bot.verdict import judge as weigh
from detectors.contract import Question
from storage import Account, Post, PostState, Review, StoredFinding
from tests.bot.conftest import HOUR, NOW, put
from tests.conftest import OFFICIAL, PERSON, make_config


@pytest.fixture
def post(watch: Watch, tiktok: TikTokAccount) -> Post:
    run_cycle(watch, NOW)
    return watch.store.posts()[0]


def judged(watch: Watch, post: Post, account: Account) -> Verdict:
    return judge_post(post, watch.store.account(account.id), store=watch.store, config=watch.config, now=NOW + HOUR)


def test_the_same_findings_give_the_same_verdict(watch: Watch, post: Post, account: Account) -> None:
    before = watch.store.verdict(post.id)
    assert before is not None
    first, second = judged(watch, post, account), judged(watch, post, account)
    assert first == second
    after = watch.store.verdict(post.id)
    assert after == replace(before, judged_at=NOW + HOUR)
    assert watch.store.post(post.id).state is PostState.JUDGED


def test_the_row_holds_all_four_questions_and_the_counter_evidence(watch: Watch, post: Post, account: Account) -> None:
    verdict = judged(watch, post, account)
    row = watch.store.verdict(post.id)
    assert row is not None
    assert Label(row.label) is verdict.label
    assert Priority(row.priority) is verdict.priority
    assert (row.rule, row.summary, row.counter) == (verdict.rule, verdict.summary, verdict.counter)
    assert set(row.questions) == set(Question)
    assert row.questions["identity"]["log10_lr"] > 0.5
    assert all(question["support"] for question in row.questions.values())


def test_the_judge_is_told_the_latest_reach_the_person_and_the_handle_as_shown(
    watch: Watch,
    post: Post,
    account: Account,
    tiktok: TikTokAccount,
    platform: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(
        platform, tiktok, followers=400_000, display_name="Other",
        posts=tuple(replace(one, views=9_000_000, likes=7) for one in tiktok.posts),
    )  # fmt: skip
    run_cycle(watch, NOW + 2 * HOUR)
    cases: list[Case] = []

    def noted(case: Case) -> Verdict:
        cases.append(case)
        return weigh(case)

    monkeypatch.setattr(judge_module, "judge", noted)
    judged(watch, post, account)
    (case,) = cases
    assert (case.views, case.likes, case.followers) == (9_000_000, 7, 400_000)
    assert (case.platform, case.handle) == ("tiktok", "deepaureliovantor")
    assert case.person is not None
    assert case.person.name == PERSON
    assert [(one.platform, one.handle) for one in case.person.official] == [("tiktok", OFFICIAL.rpartition("@")[2])]
    assert {finding.detector for finding in case.findings} >= {"faces", "forgery", "handle", "disclosure"}


def test_the_persons_own_account_is_official(watch: Watch, tiktok: TikTokAccount, platform: StandIn) -> None:
    official = replace(tiktok, handle="aureliovantor", verified=True, uid="1")
    platform.tiktok.put(official)
    config = make_config(watch.config.store.parent, accounts=[{"url": OFFICIAL, "person": PERSON}])
    watch.store.sync_accounts(wanted_accounts(config))
    run_cycle(replace(watch, config=config), NOW)
    platform.tiktok.remove("aureliovantor")
    verdicts = [watch.store.verdict(post.id) for post in watch.store.posts()]
    assert [(one.label, one.priority) for one in verdicts if one is not None] == [("official", "none")] * 3


def test_a_post_whose_reach_grew_is_judged_again_and_stays_where_it_is(
    watch: Watch, post: Post, tiktok: TikTokAccount, platform: StandIn
) -> None:
    before, clip = watch.store.verdict(post.id), clip_findings(watch, post)
    assert before is not None
    assert before.priority == "high"
    digest = watch.store.gather_digest("2026-11-25", covers_to=NOW)
    watch.store.mark_rendered(digest.id, "page.html", NOW)
    put(platform, tiktok, posts=tuple(replace(one, views=9_000_000) for one in tiktok.posts))
    report = run_cycle(watch, NOW + 2 * HOUR)
    assert (report.judged, report.judged_again) == (0, 3)
    after = watch.store.verdict(post.id)
    assert after is not None
    assert (after.priority, after.judged_at) == ("urgent", NOW + 2 * HOUR)
    assert watch.store.post(post.id).state is PostState.JUDGED
    assert clip_findings(watch, post) == clip
    assert watch.store.unrendered_digests() == [], "a page that was written is not written again"
    assert [one.priority for one in watch.store.judgements(post.id)] == ["high", "urgent"]
    later = watch.store.gather_digest("2026-11-26", covers_to=NOW + 2 * HOUR)
    (changed, *_) = watch.store.verdict_changes(later.id)
    assert (changed.post_id, changed.told_on, changed.told_priority, changed.priority) == (
        post.id, digest.day, "high", "urgent",
    )  # fmt: skip


def test_a_profile_that_declares_later_changes_the_verdict_and_its_words(
    watch: Watch, post: Post, tiktok: TikTokAccount, platform: StandIn
) -> None:
    words = {row.statement for row in watch.store.findings(post.id) if row.stage == "context"}
    put(platform, tiktok, bio="Parody account. Every clip is a deepfake.")
    assert run_cycle(watch, NOW + 2 * HOUR).judged_again == 3
    after = watch.store.verdict(post.id)
    assert after is not None
    assert after.label == "declared_imitation"
    rows = watch.store.findings(post.id)
    assert sum(row.detector == "disclosure" for row in rows) == 1, "the finding of before is replaced"
    assert {row.statement for row in rows if row.stage == "context"} != words
    # and once it is gone again, that it stood there is noticed
    put(platform, tiktok, bio="Golf and tricks.")
    assert run_cycle(watch, NOW + 4 * HOUR).judged_again == 3
    (said,) = [row for row in watch.store.findings(post.id) if row.detector == "disclosure"]
    assert "Parody account" in said.statement


def test_what_is_said_in_a_clip_is_read_for_cues(watch: Watch, tiktok: TikTokAccount, platform: StandIn) -> None:
    said = "I am giving away bitcoin\nsend one and I send back double"
    put(platform, tiktok, posts=(replace(tiktok.posts[0], caption="hello", said=said),))
    run_cycle(watch, NOW)
    (post,) = watch.store.posts()
    assert post.subtitles == said
    (harm,) = [row for row in watch.store.findings(post.id) if row.detector == "harm"]
    assert "subtitles" in {one.get("field") for one in harm.exhibits}, harm


def test_nothing_new_is_not_judged_again(watch: Watch, post: Post) -> None:
    assert run_cycle(watch, NOW + 2 * HOUR).judged_again == 0
    assert len(watch.store.post_metrics(post.id)) == 2, "its reach was measured again, and is the same"
    assert run_cycle(watch, NOW + 2 * HOUR).judged_again == 0


def test_a_decision_counts_from_the_next_judging_on_and_outlasts_it(
    watch: Watch, post: Post, tiktok: TikTokAccount, platform: StandIn
) -> None:
    watch.store.record_review(Review(post.id, "dismiss", "x", "normal", "a cousin"), at=NOW + HOUR)
    assert run_cycle(watch, NOW + 2 * HOUR).judged_again == 1
    put(platform, tiktok, posts=tuple(replace(one, views=9_000_000) for one in tiktok.posts))
    run_cycle(watch, NOW + 4 * HOUR)
    after = watch.store.verdict(post.id)
    assert after is not None
    assert (after.label, after.priority, after.rule) == ("unrelated", "none", "a person decided: dismissed")
    assert "a cousin" in after.summary


def clip_findings(watch: Watch, post: Post) -> list[StoredFinding]:
    return [row for row in watch.store.findings(post.id) if row.stage == "clip"]


def test_a_person_who_left_the_configuration_is_compared_with_nobody(
    watch: Watch, post: Post, account: Account
) -> None:
    without = replace(watch, config=make_config(watch.config.store.parent, people=[], accounts=[]))
    verdict = judge_post(post, account, store=watch.store, config=without.config, now=NOW)
    assert verdict.label is Label.UNDETERMINED
