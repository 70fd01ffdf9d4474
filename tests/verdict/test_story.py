"""The seed case, read by the real word detectors, with forgery findings as weak as they are in practice."""

from __future__ import annotations

import pytest

from bot.demo.story import CAST, PERSON, Clip, Role
from bot.verdict import DECLARED, Case, Label, Priority, Verdict, judge
from detectors.contract import Question
from detectors.specimen import ProfileText
from tests.verdict.cases import VANTOR, WORD_DETECTORS, forgery, words_of

CLIPS = [(role, clip) for role in CAST for clip in role.clips]
IMPERSONATION = (Label.IMPERSONATION_SYNTHETIC, Label.IMPERSONATION_AUTHENTIC)
STRENGTHS = (None, -0.8, -0.5, -0.2, 0.0, 0.2, 0.5, 0.8, 2.0)


def verdict(role: Role, clip: Clip, strength: float | None) -> Verdict:
    profile = ProfileText("tiktok", role.handle, role.display_name, role.bio, clip.caption, clip.ai_label)
    read = tuple(finding for finding in words_of(profile) if finding.detector in WORD_DETECTORS)
    return judge(Case((*read, forgery(strength)), VANTOR, "tiktok", role.handle, clip.views, None, role.followers))


def clips_of(handle: str) -> list[tuple[Role, Clip]]:
    return [(role, clip) for role, clip in CLIPS if role.handle == handle]


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_undisclosed_account_is_urgent_however_weak_the_score(strength: float | None) -> None:
    for role, clip in clips_of("deepaureliovantor"):
        found = verdict(role, clip, strength)
        assert found.priority is Priority.URGENT
        assert found.label in IMPERSONATION
        assert PERSON in found.summary
        assert "by its handle and display name" in found.summary


@pytest.mark.parametrize("strength", [None, -0.2, 0.0, 0.2, 0.5, 2.0])
def test_its_handle_tells_the_kind_unless_the_footage_speaks_against(strength: float | None) -> None:
    for role, clip in clips_of("deepaureliovantor"):
        assert verdict(role, clip, strength).label is Label.IMPERSONATION_SYNTHETIC
        assert verdict(role, clip, -0.5).label is Label.IMPERSONATION_AUTHENTIC


def test_a_hint_in_the_handle_is_no_declaration_and_stands_as_counter_evidence() -> None:
    for role, clip in clips_of("deepaureliovantor"):
        found = verdict(role, clip, 0.5)
        assert 0 < (found.questions[Question.DISCLOSURE].log10_lr or 0) <= DECLARED
        assert "nothing is declared" in found.summary
        assert '"deepaureliovantor" in the handle may be read as a hint' in found.counter


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_parody_is_a_declared_imitation_with_its_words_quoted_and_never_hidden(strength: float | None) -> None:
    for role, clip in clips_of("aureliovantor.parody"):
        found = verdict(role, clip, strength)
        assert (found.label, found.priority) == (Label.DECLARED_IMITATION, Priority.LOW)
        assert '"Parody account. Every clip is a deepfake made for fun' in found.summary
        assert "in the bio" in found.summary


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_official_account_is_no_alert(strength: float | None) -> None:
    for role, clip in clips_of("aureliovantor"):
        found = verdict(role, clip, strength)
        assert (found.label, found.priority) == (Label.OFFICIAL, Priority.NONE)
        assert found.questions[Question.IDENTITY].support == "official account"
        leans = strength is not None and strength > 0
        assert ("leans to synthetic" in found.counter) is leans


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_namesake_is_somebody_else(strength: float | None) -> None:
    for role, clip in clips_of("aurelio_baker"):
        found = verdict(role, clip, strength)
        assert found.label is Label.UNRELATED
        assert found.priority in (Priority.NONE, Priority.LOW)
        assert "Aurelio Bianchi" in found.summary


def test_the_order_of_alerts_is_that_of_the_story() -> None:
    ladder = list(Priority)
    worst = {
        role.handle: min(ladder.index(verdict(role, clip, 0.2).priority) for clip in role.clips)
        for role in CAST
        if role.clips
    }
    assert worst["deepaureliovantor"] < worst["aureliovantor.parody"] < worst["aureliovantor"]


def test_a_declaration_with_millions_of_views_still_ranks_below_silence() -> None:
    profile = ProfileText("tiktok", "realaureliovantor", "Aurelio Vantor", "Parody account", "Carpets!", False)
    loud = judge(Case(words_of(profile), VANTOR, "tiktok", "realaureliovantor", 11_500_000, None, 379_500))
    assert (loud.label, loud.priority) == (Label.DECLARED_IMITATION, Priority.HIGH)
