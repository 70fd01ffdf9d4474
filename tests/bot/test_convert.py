"""Between the rooms nothing is lost: what a detector said is what the judge reads, after a turn through the store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.pipeline import convert
from bot.sources.contract import ListedPost, ListedProfile, TrailEntry
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status, Vote
from detectors.specimen import OfficialAccount, Person
from storage import Account, Post, PostState, Profile, SeenPost, Store
from tests.bot.conftest import NOW
from tests.conftest import make_config
from tests.storage.conftest import poll, seen, wanted

JPEG = b"\xff\xd8 a picture \xff\xd9"

FINDING = Finding(
    "forgery",
    "1+2026.11",
    Question.SYNTHESIS,
    Status.OK,
    "Over 12 looks at the face the score is +1.25.",
    score=1.25,
    unit="mean logit",
    log10_lr=0.5,
    exhibits=(
        Exhibit(ExhibitKind.SERIES, "score over time", start_s=0.0, end_s=2.5, series=((0.0, 1.0), (2.5, 1.5))),
        Exhibit(ExhibitKind.FRAME, "best", start_s=1.0, box=(0.1, 0.2, 0.3, 0.4), jpeg=JPEG),
        Exhibit(ExhibitKind.TEXT, "parody", field="bio", text="a \ud83d\ude00 parody"),
    ),
    votes=(Vote("one 1", 1.5, 0.6), Vote("two 3", 1.0)),
)
REFUSED = Finding("faces", "1", Question.IDENTITY, Status.NOT_APPLICABLE, "There is no face.", reason=Reason.NO_FACE)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def post_in(store: Store) -> Post:
    store.sync_accounts([wanted()])
    return poll(store, store.accounts()[0], [seen(1)])[0]


def test_a_finding_comes_back_as_the_judge_needs_it(store: Store) -> None:
    with store:
        post = post_in(store)
        rows = [convert.stored_finding(post.id, one, store.evidence, NOW) for one in (FINDING, REFUSED)]
        store.record_examination(post.id, rows, at=NOW)
        back = [convert.finding_of(row) for row in store.findings(post.id)]
        assert back[1] == REFUSED
        for field in fields(Finding):
            if field.name != "exhibits":
                assert getattr(back[0], field.name) == getattr(FINDING, field.name)
        assert [(one.kind, one.label, one.start_s, one.end_s, one.field) for one in back[0].exhibits] == [
            (one.kind, one.label, one.start_s, one.end_s, one.field) for one in FINDING.exhibits
        ]
        assert back[0].exhibits[2].text == "a \N{GRINNING FACE} parody"


def test_a_picture_lies_in_the_evidence_before_a_row_names_it(store: Store) -> None:
    with store:
        row = convert.stored_finding(1, FINDING, store.evidence, NOW)
        sha256 = hashlib.sha256(JPEG).hexdigest()
        assert row.exhibits[1]["jpeg_sha256"] == sha256
        kept = store.evidence.path(sha256)
        assert kept is not None
        assert (kept.read_bytes(), kept.suffix) == (JPEG, ".jpg")


def test_every_value_of_the_enumerations_survives(store: Store) -> None:
    with store:
        post = post_in(store)
        for question in Question:
            for reason in Reason:
                finding = replace(REFUSED, question=question, reason=reason, status=Status.FAILED)
                row = convert.stored_finding(post.id, finding, store.evidence, NOW)
                assert convert.finding_of(row) == finding
        for kind in ExhibitKind:
            finding = replace(FINDING, exhibits=(Exhibit(kind, "label", text="x"),))
            assert convert.finding_of(convert.stored_finding(post.id, finding, store.evidence, NOW)) == finding


def test_an_exhibit_says_nothing_of_what_it_has_not() -> None:
    plain = [convert.exhibit_mapping(one) for one in FINDING.exhibits]
    assert [set(one) for one in plain] == [
        {"kind", "label", "start_s", "end_s", "series"},
        {"kind", "label", "start_s", "box"},
        {"kind", "label", "field", "text"},
    ]
    assert json.loads(json.dumps(plain[:2])) == plain[:2]
    assert plain[0]["start_s"] == 0.0, "zero is a time"


def test_a_listed_post_loses_nothing() -> None:
    listed = ListedPost("1", "u", "c", NOW, 9.5, 1, 2, 3, 4, True)
    row = convert.seen_post(listed)
    assert {field.name for field in fields(SeenPost)} == {field.name for field in fields(ListedPost)}
    for field in fields(SeenPost):
        assert getattr(row, field.name) == getattr(listed, field.name)


def test_a_profile_is_words_and_numbers_apart() -> None:
    listed = ListedProfile("id", "h", "d", "b", 5, 6, True, "https://a/b")
    assert convert.profile_row(3, listed, NOW) == Profile(3, NOW, "h", "d", "b", True, "https://a/b")
    metric = convert.metric_row(3, listed, NOW)
    assert metric is not None
    assert (metric.account_id, metric.at, metric.followers, metric.posts) == (3, NOW, 5, 6)
    assert convert.metric_row(3, replace(listed, followers=None, posts=None), NOW) is None
    assert convert.metric_row(3, replace(listed, followers=0, posts=None), NOW) is not None, "nobody follows: a number"


def test_a_trail_is_plain_and_short() -> None:
    trail = [TrailEntry("h", 429, None, 0.0), TrailEntry("x", error="Reset")]
    assert convert.trail_rows(trail) == (
        {"host": "h", "status": 429, "retry_after_s": 0.0},
        {"host": "x", "error": "Reset"},
    )


def test_a_person_is_found_by_the_name_in_the_configuration(tmp_path: Path) -> None:
    config = make_config(
        tmp_path,
        people=[
            {
                "name": "Aurelio Vantor",
                "aliases": ["A. Vantor"],
                "official": ["https://www.tiktok.com/@AurelioVantor", "https://www.instagram.com/aurelio.vantor/"],
            }
        ],
    )
    assert convert.person_of(config, "Aurelio Vantor") == Person(
        "Aurelio Vantor",
        ("A. Vantor",),
        (OfficialAccount("tiktok", "aureliovantor"), OfficialAccount("instagram", "aurelio.vantor")),
    )
    assert convert.person_of(config, "Somebody Else") is None
    assert convert.person_of(config, None) is None


def test_the_words_are_those_of_the_latest_profile_and_the_post() -> None:
    account = Account(1, "u", "tiktok", None, "as.configured", 60)
    post = Post(1, 1, "1", "u", "the caption", PostState.FETCHED, NOW, NOW, ai_label=True)
    words = convert.profile_text(account, Profile(1, NOW, "as.shown", "Name", "Bio"), post)
    assert (words.platform, words.handle, words.display_name, words.bio) == ("tiktok", "as.shown", "Name", "Bio")
    assert (words.caption, words.ai_label) == ("the caption", True)
    unseen = convert.profile_text(account, None, post)
    assert (unseen.handle, unseen.display_name, unseen.bio) == ("as.configured", None, None), "unseen is not empty"
