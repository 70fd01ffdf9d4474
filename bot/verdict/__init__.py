"""What the findings on one post amount to: sums per question, one rule that fired, graded words for people."""

from bot.verdict.contract import Case, Label, Priority, Verdict, Weight
from bot.verdict.judge import judge
from bot.verdict.rules import DECLARED

__all__ = ["DECLARED", "Case", "Label", "Priority", "Verdict", "Weight", "judge"]
