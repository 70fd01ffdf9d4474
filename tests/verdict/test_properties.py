"""What holds for every case: order, bounds, monotony, and text that wants to act."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.verdict import Case, Label, Priority, Verdict, judge, reckon
from bot.verdict.families import MAX_SUM
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Status
from detectors.specimen import Person
from tests.verdict.cases import VANTOR

LADDER = tuple(reversed(Priority))  # none .. urgent

numbers = st.one_of(st.floats(-3, 3), st.floats(), st.sampled_from([-0.3, 0.0, 0.3, 0.6, 1.0, 2.0]))
kinds = st.sampled_from(
    [
        "parody or satire", "deepfake", "made with AI", "platform's AI label", "a hint in the handle", "fan account",
        "harm: giveaway", "growth: 9 times its usual", "copy of an official clip",
    ]
)  # fmt: skip
fields = st.sampled_from(["handle", "display_name", "bio", "caption", "ai_label", "", None])


def exhibits(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Exhibit, ...]]:
    one = st.builds(
        lambda kind, denied, field, words: Exhibit(
            ExhibitKind.TEXT, kind + (", denied" if denied else ""), field=field, text=words
        ),
        kinds, st.booleans(), fields, st.one_of(st.none(), text),
    )  # fmt: skip
    return st.lists(one, max_size=3).map(tuple)


def findings(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Finding, ...]]:
    one = st.builds(
        Finding,
        detector=st.sampled_from(
            ["faces", "forgery", "handle", "disclosure", "voice", "identity", "copies", "provenance", "spread", "harm"]
        ),
        version=st.just("1"),
        question=st.sampled_from(list(Question)),
        status=st.sampled_from([Status.OK, Status.OK, Status.OK, Status.NOT_APPLICABLE, Status.FAILED]),
        statement=text,
        score=st.one_of(st.none(), st.floats(0, 1), st.floats()),
        log10_lr=numbers,
        exhibits=exhibits(text),
    )
    return st.lists(one, max_size=6).map(tuple)


counts = st.one_of(st.none(), st.integers(0, 20_000_000), st.integers())


def cases(text: st.SearchStrategy[str] = st.text(max_size=12)) -> st.SearchStrategy[Case]:  # noqa: B008
    people = st.one_of(st.none(), st.just(VANTOR), text.map(Person))
    handles = st.one_of(text, st.just("aureliovantor"))
    return st.builds(Case, findings(text), people, st.sampled_from(["tiktok", ""]), handles, counts, counts, counts)


def rank(verdict: Verdict) -> int:
    return LADDER.index(verdict.priority)


@given(cases(), st.randoms())
def test_the_order_of_findings_does_not_matter(case: Case, chance: random.Random) -> None:
    mixed = list(case.findings)
    chance.shuffle(mixed)
    assert judge(replace(case, findings=tuple(mixed))) == judge(case)


@given(cases())
def test_every_question_is_answered_within_bounds(case: Case) -> None:
    verdict = judge(case)
    assert set(verdict.questions) == set(Question)
    assert verdict.questions[Question.SPREAD].log10_lr is None
    for weight in verdict.questions.values():
        assert weight.log10_lr is None or abs(weight.log10_lr) <= MAX_SUM
        assert weight.support
    assert verdict.rule


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "\u202egnp.exe",
            "a\r\nSubject: b",
            "\x1b[2J\x07",
            "<script>alert(1)</script>",
            "[red]x[/]",
            "\x00",
            "é" * 9999,
        ]
    ),
)


@settings(max_examples=300)
@given(cases(HOSTILE))
def test_hostile_text_stays_in_one_printable_bounded_line(case: Case) -> None:
    verdict = judge(case)
    for line in (verdict.summary, verdict.counter, *(weight.support for weight in verdict.questions.values())):
        assert line.isprintable()
        assert len(line) < 1000
    assert verdict.summary.endswith(".")
    assert not verdict.counter or verdict.counter.endswith(".")


def more(case: Case, question: Question, weight: float, *quotes: Exhibit, detector: str = "other") -> Case:
    added = Finding(detector, "1", question, Status.OK, "More was found.", None, 1.0, "", weight, quotes)
    return replace(case, findings=(*case.findings, added))


@settings(max_examples=300)
@given(
    cases(), st.floats(0, 2), st.sampled_from(["handle", "identity", "voice", "copies", "forgery", "provenance", "new"])
)
def test_more_likeness_or_more_synthesis_never_lowers_the_priority(case: Case, weight: float, detector: str) -> None:
    before = rank(judge(case))
    assert rank(judge(more(case, Question.IDENTITY, weight, detector=detector))) >= before
    assert rank(judge(more(case, Question.SYNTHESIS, weight, detector=detector))) >= before


@given(cases())
def test_growth_and_cues_of_harm_never_lower_the_priority(case: Case) -> None:
    before = rank(judge(case))
    for detector, label in (("harm", "harm: giveaway"), ("spread", "growth: 9 times its usual")):
        quote = Exhibit(ExhibitKind.TEXT, label, field="caption", text="words")
        assert rank(judge(more(case, Question.SPREAD, 0.0, quote, detector=detector))) >= before


@given(cases())
def test_every_step_of_the_reckoning_leads_to_the_verdict(case: Case) -> None:
    found = reckon(case)
    assert found.verdict == judge(case)
    assert (found.rule.name, found.rule.label) == (found.verdict.rule, found.verdict.label)
    assert found.steps[-1].priority is found.verdict.priority
    assert all(passed.lacking for passed in found.passed)
    assert not found.rule.lacking(found.facts)
    for one in found.sums:
        stored = found.verdict.questions[one.question].log10_lr
        assert stored == one.log10_lr or found.verdict.label is Label.OFFICIAL
        for family in one.families:
            assert family.family.least <= family.counted <= family.family.most


@settings(max_examples=300)
@given(cases(), st.floats(0, 2), kinds, fields)
@example(Case((), VANTOR, "tiktok", "x"), 0.3, "a hint in the handle", "handle")
def test_a_declaration_never_raises_the_priority(case: Case, weight: float, kind: str, field: str | None) -> None:
    quote = Exhibit(ExhibitKind.TEXT, kind, field=field, text="words")
    assert rank(judge(more(case, Question.DISCLOSURE, weight, quote))) <= rank(judge(case))


@given(cases(), st.integers(0, 10**9))
def test_more_views_never_lower_the_priority(case: Case, views: int) -> None:
    less = judge(replace(case, views=views // 7))
    assert rank(judge(replace(case, views=views))) >= rank(less)


@given(cases())
def test_only_strangers_and_the_person_are_no_alert(case: Case) -> None:
    """A declared imitation is lowered, never hidden."""
    verdict = judge(case)
    if verdict.priority is Priority.NONE:
        assert verdict.label in (Label.OFFICIAL, Label.UNRELATED)
    if verdict.label is Label.DECLARED_IMITATION:
        assert verdict.priority in (Priority.LOW, Priority.NORMAL, Priority.HIGH)
