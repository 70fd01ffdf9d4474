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
from storage import Account, Post, PostState
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


def test_a_person_who_left_the_configuration_is_compared_with_nobody(
    watch: Watch, post: Post, account: Account
) -> None:
    without = replace(watch, config=make_config(watch.config.store.parent, people=[], accounts=[]))
    verdict = judge_post(post, account, store=watch.store, config=without.config, now=NOW)
    assert verdict.label is Label.UNDETERMINED
