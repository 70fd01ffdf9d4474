"""The sentences of a verdict: graded support for a proposition and the strongest counter-evidence; no conviction.

Words from outside are quoted on one line, without control characters and cut short; whoever shows the sentence
escapes it for the place where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.verdict.contract import Decided, Decision, Label
from bot.verdict.facts import Facts
from bot.verdict.families import FACE, VOICE
from bot.verdict.quotes import Quote
from bot.verdict.scale import NEUTRAL, support
from bot.verdict.weigh import bounded, speaks
from detectors.contract import Finding, Question
from detectors.spelling import shown

_QUOTE = 100  # letters of a quotation
_STATEMENT = 300  # letters of a detector's own sentence

_NOTE = 300  # letters of a person's note

_DECISIONS: Mapping[Decision, str] = {
    Decision.CONFIRM: "confirmed this",
    Decision.DISMISS: "dismissed this",
    Decision.IMITATION: "took this for an imitation that may stay",
    Decision.OFFICIAL: "took this for the protected person's own",
}

_SAYS_NOTHING = 0.1
"""Findings below a ratio of 1.25 are not worth a sentence of counter-evidence."""

_AGAINST: Mapping[Label, Mapping[Question, int]] = {
    Label.OFFICIAL: {Question.SYNTHESIS: 1},
    Label.OFFICIAL_COPY: {Question.SYNTHESIS: 1},
    Label.DECLARED_IMITATION: {Question.IDENTITY: -1, Question.DISCLOSURE: -1},
    Label.IMPERSONATION_SYNTHETIC: {Question.IDENTITY: -1, Question.SYNTHESIS: -1, Question.DISCLOSURE: 1},
    Label.IMPERSONATION_AUTHENTIC: {Question.IDENTITY: -1, Question.SYNTHESIS: 1, Question.DISCLOSURE: 1},
    Label.UNRELATED: {Question.IDENTITY: 1, Question.SYNTHESIS: 1},
}
"""For each label, the sign of a finding that speaks against it, question by question."""


def summary_of(label: Label, facts: Facts) -> str:
    """The verdict in one sentence on one line."""
    case = facts.case
    who = shown(case.person.name) if case.person is not None else ""
    account = f"@{shown(case.handle.lstrip('@'))}" if case.handle else "this clip"
    match label:
        case Label.OFFICIAL:
            return f"{account} is listed as an official account of {who}."
        case Label.OFFICIAL_COPY:
            said = (
                f"; {support(facts.said)} that it says so itself{_cited(facts.declarations)}" if facts.declares else ""
            )
            return (
                f"{account}, no official account, shows pictures of a clip of an official account of {who}; "
                f"{_synthesis(facts.made)}{said}."
            )
        case Label.DECLARED_IMITATION:
            return (
                f"{_presents(account, who, facts)}, and {support(facts.said)} that it is a declared imitation"
                f"{_cited(facts.declarations)}."
            )
        case Label.IMPERSONATION_SYNTHETIC | Label.IMPERSONATION_AUTHENTIC:
            return (
                f"{_presents(f'{account}, no official account,' if facts.presents else account, who, facts)}; "
                f"{_synthesis(facts.made)}; {_undeclared(facts)}."
            )
        case Label.UNRELATED:
            return (
                f"{_capital(support(_size(facts.likeness)))} that {account} is somebody else than {who}"
                f"{_reason(facts)}."
            )
        case _:
            return f"{_undetermined(account, who, facts)}; {_synthesis(facts.made)}."


def counter_to(label: Label, facts: Facts) -> str:
    """What speaks most against the label, in one sentence, or nothing."""
    signs = _AGAINST.get(label, {})
    against = [
        (abs(bounded(finding)), _counter(finding, facts))
        for finding in facts.case.findings
        if speaks(finding)
        and bounded(finding) * signs.get(finding.question, 0) >= _SAYS_NOTHING
        and (finding.question is not Question.IDENTITY or facts.case.person is not None)
    ]
    denied = facts.denials[0] if label is Label.DECLARED_IMITATION and facts.denials else None
    if denied is not None and not any(size >= NEUTRAL for size, _ in against):
        return f"It also denies a declaration: {_quoted(denied)}."
    return max(against)[1] if against else ""


def by_a_person(decided: Decided | None, summary: str) -> str:
    """A person's decision, with what the findings say by themselves."""
    assert decided is not None
    note = f' ("{shown(decided.note, _NOTE)}")' if decided.note.strip() else ""
    return f"A person {_DECISIONS[decided.decision]}{note}. By the findings alone: {summary}"


def _presents(account: str, who: str, facts: Facts) -> str:
    """What supports that account or post are about the person: "... presents itself as ... by its handle and face"."""
    fields = {
        (exhibit.field or "").replace("_", " ")
        for finding in facts.case.findings
        if finding.question is Question.IDENTITY and speaks(finding) and finding.log10_lr > 0
        for exhibit in finding.exhibits
        if exhibit.field
    }
    looks = [
        one.family.name
        for one in (facts.identity.families if facts.identity is not None else ())
        if one.family.name in (FACE, VOICE) and one.counted >= NEUTRAL
    ]
    if facts.shows and not facts.presents:
        return f"{_capital(_shown_support(facts))} that a post of {account} shows {who} by its {_listed(looks or _OWN)}"
    places = [*sorted(fields, reverse=True), *looks]
    by = f" by its {shown(_listed(places))}" if places else ""
    return f"{_capital(support(facts.likeness))} that {account} presents itself as {who}{by}"


_OWN = ("pictures, those of an official clip",)


def _shown_support(facts: Facts) -> str:
    """How strongly face and voice say so; known pictures are no matter of degree."""
    return "The lookup of its pictures says" if facts.is_copy and facts.look < NEUTRAL else support(facts.look)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _synthesis(log10_lr: float | None) -> str:
    if log10_lr is None:
        return "whether face or voice was synthesised could not be examined"
    if abs(log10_lr) < NEUTRAL:
        return f"{support(log10_lr)} on whether face or voice was synthesised"
    what = "face or voice was synthesised" if log10_lr > 0 else "nothing was synthesised"
    return f"{support(_size(log10_lr))} that {what}"


def _undeclared(facts: Facts) -> str:
    if not facts.declarations:
        return "no declaration was found"
    first = facts.declarations[0]
    if first.is_hint:
        return f'nothing is declared, and the handle "{shown(first.text, _QUOTE)}" may hint at how it was made'
    return f"no plain declaration was found, only {_quoted(first)}"


def _undetermined(account: str, who: str, facts: Facts) -> str:
    if not who:
        return "No protected person is named, so there is nobody to compare with"
    if facts.likeness is None:
        return f"Nothing of {account} could be compared with {who}"
    if facts.shows:
        return f"{_presents(account, who, facts)}; its name does not claim to be them"
    if abs(facts.likeness) < NEUTRAL:
        return f"{_capital(support(facts.likeness))} on whether {account} presents itself as {who}"
    return f"{_presents(account, who, facts)}, which is too little to tell"


def _reason(facts: Facts) -> str:
    """What the strongest finding against the likeness says."""
    findings = [
        (bounded(finding), shown(finding.statement, _STATEMENT))
        for finding in facts.case.findings
        if finding.question is Question.IDENTITY and speaks(finding) and finding.log10_lr < 0
    ]
    statement = min(findings, default=(0.0, ""))[1].rstrip(".")
    return f" ({statement})" if statement else ""


def _cited(words: tuple[Quote, ...]) -> str:
    return f" ({_quoted(words[0])})" if words else ""


def _quoted(quote: Quote) -> str:
    """The words and where they stand."""
    if quote.field == "ai_label":
        return "the platform's AI label"
    return f'"{shown(quote.text, _QUOTE)}" in the {quote.place}'


def _counter(finding: Finding, facts: Facts) -> str:
    """One finding as counter-evidence."""
    value = bounded(finding)
    grade = support(_size(value)) if abs(value) >= NEUTRAL else "too little to count as support"
    if finding.detector == "forgery":
        return f"The {shown(finding.detector)} score leans to {'synthetic' if value > 0 else 'genuine'} ({grade})."
    if finding.question is Question.DISCLOSURE and value > 0 and facts.declarations:
        first = facts.declarations[0]
        what = "may be read as a hint at an imitation" if first.is_hint else "may be read as a declaration"
        return f"{_capital(_quoted(first))} {what} ({grade})."
    return f"{shown(finding.statement, _STATEMENT).rstrip('.')} ({grade})."


def _size(log10_lr: float | None) -> float | None:
    return None if log10_lr is None else abs(log10_lr)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
