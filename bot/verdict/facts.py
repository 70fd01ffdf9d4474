"""A case weighed: what the conditions of the rules look at."""

from __future__ import annotations

from dataclasses import dataclass

from bot.verdict.contract import Case
from bot.verdict.cues import growth, harms, official_copy
from bot.verdict.families import FACE, NAME, PICTURES, VOICE
from bot.verdict.quotes import Quote, quotes
from bot.verdict.reach import Reach, reach
from bot.verdict.scale import NEUTRAL, WEAK
from bot.verdict.weigh import QuestionSum, weigh
from detectors.contract import Question

PRESENTS = 0.6
"""Sum from which an account is taken to present itself as the person: a ratio of 4.

Weaker resemblances are names that many people carry; the handle detector words its caution by the same number.
"""

SHOWS = WEAK
"""What face and voice must say from which on a post is taken to show the person: a ratio of 10.

More than is asked of a name, because to show somebody is no claim to be them: news and fans do.
"""

DECLARED = WEAK
"""Disclosure sum above which an imitation counts as declared: more than weak support.

A declaration lowers the priority, so a hint that insiders read ("deep" in a handle) is not enough.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """A case weighed.

    Attributes:
        case: what was weighed.
        identity: the sums of the question "Is it them?"; None without a person, since nothing can be compared.
        synthesis, disclosure: the sums of the questions "Was it made?" and "Does it say so?".
        reach: how far the post goes, by its latest numbers.
        growth: why its growth is out of the usual, in words; empty where it is not.
        harms: kinds of harm that the words give a cue of.
        is_copy: its pictures are those of a clip of an official account.
        declarations: words in which the account or the platform declares something, plainest first.
        denials: words in which it denies one.
    """

    case: Case
    identity: QuestionSum | None
    synthesis: QuestionSum
    disclosure: QuestionSum
    reach: Reach
    growth: str = ""
    harms: tuple[str, ...] = ()
    is_copy: bool = False
    declarations: tuple[Quote, ...] = ()
    denials: tuple[Quote, ...] = ()

    @property
    def likeness(self) -> float | None:
        """The identity sum in log10; None where nothing speaks."""
        return None if self.identity is None else self.identity.log10_lr

    @property
    def made(self) -> float | None:
        """The synthesis sum in log10; None where nothing speaks."""
        return self.synthesis.log10_lr

    @property
    def said(self) -> float | None:
        """The disclosure sum in log10; None where nothing speaks."""
        return self.disclosure.log10_lr

    @property
    def claim(self) -> float:
        """What the account says of itself: its name, and pictures taken from the person."""
        return (self.identity.of(NAME, PICTURES) if self.identity is not None else None) or 0.0

    @property
    def look(self) -> float:
        """What face and voice say."""
        return (self.identity.of(FACE, VOICE) if self.identity is not None else None) or 0.0

    @property
    def presents(self) -> bool:
        """The account presents itself as the person, and face and voice do not refute it."""
        return self.claim >= PRESENTS and self.likeness is not None and self.likeness >= PRESENTS

    @property
    def shows(self) -> bool:
        """Face or voice are the person's, or the pictures are from a clip of theirs, whatever the account is called."""
        return self.is_copy or self.look >= SHOWS

    @property
    def sure(self) -> bool:
        """That it is about the person has more than weak support."""
        return self.shows or (self.likeness is not None and self.likeness > WEAK)

    @property
    def declares(self) -> bool:
        """It says plainly that it is not the person's own footage."""
        return self.said is not None and self.said > DECLARED

    @property
    def hints_making(self) -> bool:
        """Its own words tell or hint that the clip was made."""
        return any(quote.tells_making for quote in self.declarations)

    @property
    def looks_made(self) -> bool:
        """Findings support that face or voice was synthesised."""
        return self.made is not None and self.made >= NEUTRAL

    @property
    def clearly_made(self) -> bool:
        """The same with more than weak support, which no single look at the face can give."""
        return self.made is not None and self.made > WEAK

    @property
    def looks_genuine(self) -> bool:
        """Findings support that nothing was synthesised."""
        return self.made is not None and self.made <= -NEUTRAL


def facts_of(case: Case) -> Facts:
    """Weigh a case; without a person the identity question is not answered, whatever the findings say."""
    words = quotes(case.findings)
    return Facts(
        case=case,
        identity=weigh(case.findings, Question.IDENTITY) if case.person is not None else None,
        synthesis=weigh(case.findings, Question.SYNTHESIS),
        disclosure=weigh(case.findings, Question.DISCLOSURE),
        reach=reach(case.views, case.likes, case.followers),
        growth=growth(case.findings),
        harms=harms(case.findings),
        is_copy=case.person is not None and official_copy(case.findings),
        declarations=tuple(quote for quote in words if not quote.denied),
        denials=tuple(quote for quote in words if quote.denied),
    )
