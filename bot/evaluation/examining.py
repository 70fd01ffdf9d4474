"""What the product says of each file: examined in worker processes by the same function as a watched clip."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace

from bot.config import Config
from bot.errors import BotError
from bot.evaluation.material import Sample, Side
from bot.pipeline.examine import examine
from detectors.contract import Examination, Exhibit, Status, Vote
from detectors.errors import ClipError, DetectorError

log = logging.getLogger(__name__)

DETECTOR = "forgery"
"""Whose finding is measured."""

WORST = 6
"""Mistakes on each side whose pictures are kept and shown."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: a score, or in one line why there is none. There is never a score of 0 instead.

    Attributes:
        sample: the file.
        score: the finding's raw score, higher leans to synthetic; None where there is no finding.
        log10_lr: what the finding says after calibration.
        version: of detector and model.
        duration_s: seconds that were examined.
        code: one word for scripts where there is no score (``still_image``, ``no_face``, ``unreadable`` ...).
        why: the same for people.
        failed: it could not be examined; False where the detector found the file not applicable.
        exhibits: what the finding rests on; kept for the worst mistakes only.
        votes: what each forgery model says by itself, in the order of the configuration; empty without a score.
    """

    sample: Sample
    score: float | None = None
    log10_lr: float = 0.0
    version: str = ""
    duration_s: float = 0.0
    code: str = ""
    why: str = ""
    failed: bool = False
    exhibits: tuple[Exhibit, ...] = ()
    votes: tuple[Vote, ...] = ()

    @property
    def leaning(self) -> float:
        """Where the finding points: above 0 to synthetic. The score itself where the model has no calibration."""
        return self.log10_lr or self.score or 0.0

    @property
    def is_mistake(self) -> bool:
        """It has a score, and that points away from the label."""
        return self.score is not None and (self.leaning > 0 if self.sample.side is Side.REAL else self.leaning < 0)

    @property
    def wrongness(self) -> float:
        """How far the score points away from the label."""
        score = self.score or 0.0
        return score if self.sample.side is Side.REAL else -score


def examine_all(
    samples: Sequence[Sample], executor: Executor, config: Config, advance: Callable[[], None]
) -> tuple[Outcome, ...]:
    """Examine every file; whatever is wrong with one is in its outcome, and the others go on.

    Args:
        samples: the files.
        executor: where the examinations run.
        config: limits and models.
        advance: called after each file.

    Returns:
        One outcome a sample, in their order.
    """
    waiting = deque((sample, executor.submit(examine, sample.path, None, None, config)) for sample in samples)
    outcomes: list[Outcome] = []
    worst: dict[Side, list[int]] = {side: [] for side in Side}
    while waiting:
        outcome = _outcome(*waiting.popleft())  # the result leaves memory with its future
        outcomes.append(outcome)
        kept = worst[outcome.sample.side]
        if outcome.is_mistake:
            kept.append(len(outcomes) - 1)
            kept.sort(key=lambda number: -outcomes[number].wrongness)
        for number in kept[WORST:] if outcome.is_mistake else [len(outcomes) - 1]:
            outcomes[number] = replace(outcomes[number], exhibits=())
        del kept[WORST:]
        advance()
    return tuple(outcomes)


def mistakes(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The worst mistakes, at most :data:`WORST` on each side: genuine files first, the worst of each first."""
    found: list[Outcome] = []
    for side in Side:
        wrong = [outcome for outcome in outcomes if outcome.is_mistake and outcome.sample.side is side]
        found += sorted(wrong, key=lambda outcome: -outcome.wrongness)[:WORST]
    return tuple(found)


def _outcome(sample: Sample, future: Future[Examination]) -> Outcome:
    try:
        examination = future.result()
    except ClipError as error:
        return _failed(sample, error.code, str(error).removeprefix(f"{sample.path.name}: "))
    except (DetectorError, BotError) as error:
        return _failed(sample, "failed", str(error))
    except Exception as error:
        # a fault of ours or of a library on one clip must not keep the others from being examined
        log.exception("%r could not be examined", sample.name)
        return _failed(sample, "failed", f"{type(error).__name__}: {error}")
    finding = next((one for one in examination.findings if one.detector == DETECTOR), None)
    if finding is None:
        return _failed(sample, "failed", f"there is no finding of the {DETECTOR} detector")
    if finding.status is not Status.OK or finding.score is None:
        return Outcome(
            sample,
            version=finding.version,
            duration_s=examination.duration_s,
            code=str(finding.reason or finding.status),
            why=finding.statement,
            failed=finding.status is not Status.NOT_APPLICABLE,
        )
    return Outcome(
        sample,
        score=finding.score,
        log10_lr=finding.log10_lr,
        version=finding.version,
        duration_s=examination.duration_s,
        exhibits=tuple(exhibit for one in examination.findings if one.status is Status.OK for exhibit in one.exhibits),
        votes=finding.votes,
    )


def _failed(sample: Sample, code: str, why: str) -> Outcome:
    return Outcome(sample, code=code, why=" ".join(why.split()), failed=True)
