"""What the findings on one post amount to: sums per question, one rule that fired, graded words for people."""

from bot.verdict.contract import Case, Decided, Decision, Label, Priority, Verdict, Weight
from bot.verdict.facts import DECLARED
from bot.verdict.judge import Reckoning, judge, reckon
from bot.verdict.rules import DECIDED

__all__ = [
    "DECIDED",
    "DECLARED",
    "Case",
    "Decided",
    "Decision",
    "Label",
    "Priority",
    "Reckoning",
    "Verdict",
    "Weight",
    "judge",
    "reckon",
]
