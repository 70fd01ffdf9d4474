"""Several forgery models, one finding: what each says, and what they say together.

Models that look at the same pictures share their mistakes, so their likelihood ratios are not multiplied: of two models
that always agree, the product would be the square of what either knows. The logarithms are averaged instead (a
logarithmic opinion pool of equal weights; Genest and Zidek, "Combining probability distributions", Statistical Science
1986), so that together they never claim more than the boldest of them. A model without a calibration is told and has no
vote, for nobody knows what its score is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors.contract import Vote
from detectors.model_files import Card
from detectors.spelling import shown

LOGIT = "mean logit, positive is synthetic"
POOLED = "mean log10 likelihood ratio of several models, not bounded, positive is synthetic"
POOLED_LOGIT = "mean logit of several models without a calibration, positive is synthetic"


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one model says of the same looks that every other model was shown.

    Attributes:
        card: of the model.
        values: logit of each look, positive is synthetic.
        quality: detail of the pictures as this model was shown them (:func:`detectors.detail.detail`).
    """

    card: Card
    values: tuple[float, ...]
    quality: float

    @property
    def score(self) -> float:
        """The mean logit. The highest look would find more, and would grow with the number of looks."""
        return float(np.mean(self.values))

    @property
    def vote(self) -> Vote:
        """The model's own word. What a score is worth depends on what compression has left to see."""
        calibration = self.card.calibration
        worth = calibration.log10_lr(self.score, self.quality) if calibration is not None else None
        return Vote(shown(f"{self.card.name} {self.card.version}", 80), self.score, worth)

    def weighed(self) -> tuple[float, ...]:
        """Each look as the calibration would weigh it, without its bound; the logits where there is none."""
        calibration = self.card.calibration
        if calibration is None:
            return self.values
        return tuple(calibration.unbounded(value, self.quality) for value in self.values)


@dataclass(frozen=True, slots=True)
class Count:
    """The votes and what they come to.

    Attributes:
        votes: one a model, in the order of the configuration.
        series: one value a look, in `unit`.
        unit: of the series and of the score.
        log10_lr: what the finding contributes.
    """

    votes: tuple[Vote, ...]
    series: tuple[float, ...]
    unit: str
    log10_lr: float

    @property
    def score(self) -> float:
        """The mean of the series: of one model its mean logit, of several the mean of what their scores are worth."""
        return float(np.mean(self.series))


def counted(ballots: Sequence[Ballot]) -> Count:
    """Count the votes.

    Args:
        ballots: at least one; each with as many looks as the others.
    """
    votes = tuple(ballot.vote for ballot in ballots)
    worths = [vote.log10_lr for vote in votes if vote.log10_lr is not None]
    joint = float(np.mean(worths)) if worths else 0.0
    if len(ballots) == 1:
        return Count(votes, ballots[0].values, LOGIT, joint)
    heard = [one for one in ballots if one.card.calibration is not None] or ballots
    series = np.mean([one.weighed() for one in heard], axis=0)
    return Count(votes, tuple(float(value) for value in series), POOLED if worths else POOLED_LOGIT, joint)


def statement(count: Count, looks: int) -> str:
    """The finding in words: each model's score, and what is to be made of it."""
    if len(count.votes) == 1:
        start = f"Over {looks} looks at the face the forgery score is {count.score:+.2f} (positive leans to synthetic)"
        if count.votes[0].log10_lr is None:
            return f"{start}; the model has no calibration, so it counts for nothing."
        return f"{start}; {_worth(count.log10_lr, 'such a score is')}."
    told = ", ".join(_told(vote) for vote in count.votes)
    start = f"Over {looks} looks at the face {len(count.votes)} models give {told} (positive leans to synthetic)"
    if all(vote.log10_lr is None for vote in count.votes):
        return f"{start}; none of them has a calibration, so they count for nothing."
    return f"{start}; averaged, not multiplied, because they judge the same pictures, {_worth(count.log10_lr)}."


def _told(vote: Vote) -> str:
    if vote.log10_lr is None:
        return f"{vote.model} {vote.score:+.2f} (no calibration, no vote)"
    return f"{vote.model} {vote.score:+.2f} (log10 LR {vote.log10_lr:+.2f})"


def _worth(log10_lr: float, subject: str = "such scores are") -> str:
    times = 10 ** abs(log10_lr)
    if times < 1.25:
        return f"{subject} about as common on genuine as on synthetic clips, which says next to nothing"
    which = "synthetic than genuine" if log10_lr > 0 else "genuine than synthetic"
    # the forensic scale calls a ratio from 2 on weak support; the calibration's bound keeps every score below 10
    grade = "is too little to count as support" if times < 2 else "is weak support and proves nothing alone"
    return f"{subject} about {times:.1f} times as common on {which} clips of the test material, which {grade}"


__all__ = ["Ballot", "Count", "counted", "statement"]
