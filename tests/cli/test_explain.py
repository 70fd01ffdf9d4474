"""`explain`, `review` and `quality` on a store with real findings: what is printed is what was stored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.lock import hold
from storage import Store, StoredVerdict
from storage.rows import json_text
from tests.cli.conftest import check_contract, invoke, lines
from tests.conftest import PERSON, write_config
from tests.digest.scene import Scene, forgery, seed_case

QUESTIONS = ("identity", "synthesis", "disclosure")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "store") as store:
        seed_case(store)
    return write_config(tmp_path)


def post_of(config: Path, caption: str) -> int:
    with Store.open(config.parent / "store", read_only=True) as store:
        return next(post.id for post in store.posts() if post.caption == caption)


def stored(config: Path, post_id: int) -> StoredVerdict:
    with Store.open(config.parent / "store", read_only=True) as store:
        found = store.verdict(post_id)
    assert found is not None
    return found


def explained(config: Path, post: int | str) -> dict[str, Any]:
    result = invoke("explain", "--json", "-c", config, str(post))
    assert result.exit_code == 0, result.stderr
    (told,) = lines(result.stdout)
    check_contract("explain", [told])
    return told


def test_the_printed_sums_are_the_stored_ones_for_every_judged_post(config: Path) -> None:
    with Store.open(config.parent / "store", read_only=True) as store:
        posts = store.posts(state=None)
        verdicts = {post.id: store.verdict(post.id) for post in posts}
    checked = 0
    for post_id, verdict in verdicts.items():
        if verdict is None:
            continue
        told = explained(config, post_id)
        assert told["agrees"]
        text = invoke("explain", "-c", config, str(post_id)).stdout
        for question in QUESTIONS:
            kept = verdict.questions[question]["log10_lr"]
            assert told["questions"][question]["log10_lr"] == kept
            families = told["questions"][question]["families"]
            if kept is not None:
                assert sum(family["counted"] for family in families) == pytest.approx(kept)
                assert f"  sum: {kept:+.2f}" in text
            for family in families:
                counted = [
                    one["counted"]
                    for one in told["findings"]
                    if one["detector"] in family["findings"] and one["question"] == question
                ]
                assert sum(counted) == pytest.approx(family["raw"])
        assert [one["rule"] for one in told["rules"] if one["fired"]] == [verdict.rule]
        assert told["priority"][-1]["priority"] == verdict.priority
        checked += 1
    assert checked == 7


def test_it_says_why_the_rules_before_did_not_fire_and_every_statement(config: Path) -> None:
    number = post_of(config, "Watch the coin closely.")
    told = explained(config, number)
    *passed, fired = told["rules"]
    assert fired == {"rule": "presents itself as the person, synthesis supported", "fired": True, "lacking": []}
    assert all(one["lacking"] for one in passed)
    assert "official account" in [one["rule"] for one in passed]
    text = invoke("explain", "-c", config, str(number)).stdout
    for finding in told["findings"]:
        assert finding["statement"] in text
    assert "no   declared imitation, unmet: it is declared with more than weak support" in text
    assert "no   a person decided (5 rules), unmet: nobody has decided on this post yet" in text
    assert "name, from -1.0 to +1.6: +1.60" in text
    assert re.search(r"handle \+\d\.\d\d, counted \+1\.60", text), "a bound that bit is told"
    assert "  urgent  mass reach (1.4 million views, 379,500 followers)" in text


def test_each_model_is_told_where_several_vote(config: Path) -> None:
    number = post_of(config, "Watch the coin closely.")
    votes = [
        {"model": "ours 2", "score": 1.9, "log10_lr": 0.7},
        {"model": "[red]theirs[/] 1", "score": 0.4, "log10_lr": None},
    ]
    with Store.open(config.parent / "store") as store:
        store.write(
            "UPDATE findings SET votes = ? WHERE post_id = ? AND detector = 'forgery'", [json_text(votes), number]
        )
    told = explained(config, number)
    (forged,) = (one for one in told["findings"] if one["detector"] == "forgery")
    assert forged["votes"] == votes
    text = invoke("explain", "-c", config, str(number)).stdout
    assert "      ours 2: score +1.90, alone +0.70\n      [red]theirs[/] 1: score +0.40, not calibrated\n" in text


def test_a_post_is_called_by_number_address_or_the_platforms_id(config: Path) -> None:
    number = post_of(config, "Watch the coin closely.")
    with Store.open(config.parent / "store", read_only=True) as store:
        post = store.post(number)
    for name in (str(number), post.url, post.platform_id):
        assert explained(config, name)["post"]["id"] == number
    unknown = invoke("explain", "-c", config, "https://example.org/nothing")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "no post is called so" in unknown.stderr
    waiting = invoke("explain", "-c", config, str(post_of(config, "Live tonight")))
    assert waiting.exit_code == 1
    assert "not judged yet: it is failed; network" in waiting.stderr


def test_a_verdict_of_another_version_is_told_apart(config: Path) -> None:
    number = post_of(config, "Watch the coin closely.")
    with Store.open(config.parent / "store") as store:
        store.write("""UPDATE verdicts SET questions = json_set(questions, '$.identity.log10_lr', 3.9)""")
    assert explained(config, number)["agrees"] is False
    assert "differs from the stored verdict" in invoke("explain", "-c", config, str(number)).stdout


def test_hostile_words_cannot_act(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        scene = Scene(store)
        account = scene.account("aureliovantor_real")
        (post,) = scene.poll(
            account, scene.seen(account, "[red]x\x1b[2J\u202e"), name="[bold]Aurelio Vantor\x07", bio="\x1b"
        )
        scene.examine(post, forgery(0.5, 0.2))
    text = invoke("explain", "-c", write_config(tmp_path), str(post.id)).stdout
    assert not {"\x1b", "\u202e", "\x07"} & set(text)
    assert "[bold]Aurelio Vantor" in text


def test_a_decision_is_kept_shown_and_overrides(config: Path) -> None:
    number = post_of(config, "Watch the coin closely.")
    with hold(config.parent / "store"):  # beside a running watch
        result = invoke("review", "--json", "-c", config, str(number), "--dismiss", "--note", "a cousin\nof his")
    assert result.exit_code == 0, result.stderr
    (said,) = lines(result.stdout)
    check_contract("review", [said])
    assert said["before"] == {"label": "impersonation_synthetic", "priority": "urgent"}
    assert (said["label"], said["priority"]) == ("unrelated", "none")
    assert stored(config, number).rule == "a person decided: dismissed"
    told = explained(config, number)
    assert told["agrees"]
    assert told["without_decision"]["priority"] == "urgent"
    assert [(one["decision"], one["note"]) for one in told["decisions"]] == [("dismiss", "a cousin\nof his")]
    assert [one["priority"] for one in told["history"]] == ["urgent", "none"]
    again = invoke("review", "-c", config, str(number), "--confirm")
    assert again.exit_code == 0
    assert "now impersonation_synthetic / urgent" in again.stdout
    assert [one["decision"] for one in explained(config, number)["decisions"]] == ["dismiss", "confirm"]
    text = invoke("explain", "-c", config, str(number)).stdout
    assert 'dismiss, when it was impersonation_synthetic / urgent: "a cousin' in text


@pytest.mark.parametrize("flags", [[], ["--confirm", "--dismiss"]])
def test_a_review_needs_one_decision(config: Path, flags: list[str]) -> None:
    result = invoke("review", "-c", config, "1", *flags)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name one decision" in result.stderr


def test_a_review_makes_no_store_and_decides_on_nothing_unjudged(config: Path, tmp_path: Path) -> None:
    result = invoke("review", "-c", config, str(post_of(config, "Live tonight")), "--confirm")
    assert result.exit_code == 1
    assert "not judged yet" in result.stderr
    (tmp_path / "empty").mkdir()
    assert invoke("review", "-c", write_config(tmp_path / "empty"), "1", "--confirm").exit_code == 1
    assert not (tmp_path / "empty" / "store").exists()


def counted(config: Path) -> dict[str, Any]:
    result = invoke("quality", "--json", "-c", config)
    assert result.exit_code == 0, result.stderr
    told = lines(result.stdout)
    check_contract("quality", told)
    return next(one for one in told if one["person"] == PERSON)


def test_quality_counts_the_alerts_by_what_was_decided(config: Path) -> None:
    before = counted(config)
    assert (before["alerts"], before["open"], before["false_share"], before["interval"]) == (3, 3, None, None)
    golf, trip, coin = (
        post_of(config, caption)
        for caption in (
            "Sunday round. Did you see that swing?",
            "Everybody falls. Get up laughing.",
            "Watch the coin closely.",
        )
    )
    for post, decision in ((golf, "--confirm"), (trip, "--dismiss"), (coin, "--confirm"), (coin, "--official")):
        assert invoke("review", "-c", config, str(post), decision).exit_code == 0
    parody = post_of(config, "If Aurelio sold carpets #parody #deepfake")
    assert invoke("review", "-c", config, str(parody), "--confirm").exit_code == 0
    after = counted(config)
    assert {name: after[name] for name in ("alerts", "confirmed", "dismissed", "official", "imitation", "open")} == {
        "alerts": 3, "confirmed": 1, "dismissed": 1, "official": 1, "imitation": 0, "open": 0,
    }  # fmt: skip
    assert after["missed"] == 1, "the parody was no alert, and a person confirmed it"
    assert (after["false_alarms"], after["false_share"]) == (2, 0.6667)
    low, high = after["interval"]
    assert 0 < low < 0.6667 < high < 1
    table = invoke("quality", "-c", config).stdout
    assert "67 % (21 to 94 %)" in table


def test_a_person_without_alerts_is_listed_with_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store"):
        pass
    config = write_config(tmp_path)
    assert counted(config)["alerts"] == 0
    assert "not known" in invoke("quality", "-c", config).stdout
