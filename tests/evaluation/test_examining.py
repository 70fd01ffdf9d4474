"""What is kept of each examination: scores and reasons of all, pictures of the worst mistakes only."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.evaluation.examining import WORST, examine_all, mistakes
from bot.evaluation.material import Sample, Side, find
from bot.workers import WorkerDied
from detectors.contract import Examination, Finding, Question, Reason, Status
from detectors.errors import ClipUnreadable
from tests.conftest import make_config
from tests.evaluation.conftest import MakeOutcome, picture_exhibit


class Told(Executor):
    """Answers by the name of the file: a number is its score, everything else is raised or said."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        answer = ANSWERS.get(args[0].stem)
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer or examination(float(args[0].stem)))
        return future


def finding(**values: Any) -> Finding:
    given: dict[str, Any] = {"status": Status.OK, "statement": "Said.", "score": 1.0} | values
    return Finding("forgery", "1+x", Question.SYNTHESIS, **given)


def examination(score: float) -> Examination:
    found = finding(score=score, log10_lr=score / 100, exhibits=(picture_exhibit(),))
    return Examination((found,), 2.5, 1)


ANSWERS: dict[str, Any] = {
    "unreadable": ClipUnreadable("unreadable.mp4: is not\na clip"),
    "died": WorkerDied("the worker process died"),
    "odd": ZeroDivisionError("by zero"),
    "still": Examination(
        (finding(status=Status.NOT_APPLICABLE, score=None, reason=Reason.STILL_IMAGE, statement="A picture."),), 0, 0
    ),
    "model": Examination(
        (finding(status=Status.FAILED, score=None, reason=Reason.NO_MODEL, statement="No model."),), 1.0, 1
    ),
    "silent": Examination((), 1.0, 1),
}


def samples(*names: str, side: Side = Side.REAL) -> list[Sample]:
    return [Sample(Path(f"{name}.mp4"), f"{side}/{name}.mp4", side, str(side), name) for name in names]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path)


def test_no_score_is_never_a_zero_and_has_its_reason(config: Config) -> None:
    steps: list[int] = []
    outcomes = examine_all(samples("3", *ANSWERS), Told(), config, lambda: steps.append(1))
    assert len(steps) == 7
    assert [(one.score, one.code, one.why, one.failed) for one in outcomes] == [
        (3.0, "", "", False),
        (None, "unreadable", "is not a clip", True),
        (None, "failed", "the worker process died", True),
        (None, "failed", "ZeroDivisionError: by zero", True),
        (None, "still_image", "A picture.", False),
        (None, "no_model", "No model.", True),
        (None, "failed", "there is no finding of the forgery detector", True),
    ]


def test_pictures_are_kept_of_the_worst_mistakes_only(config: Config) -> None:
    scores = [str(number) for number in (3, -5, 9, 1, 12, 7, 2, 8, 4, -1, 10)]
    outcomes = examine_all(samples(*scores), Told(), config, lambda: None)
    worst = [one.score for one in mistakes(outcomes)]
    assert worst == [12, 10, 9, 8, 7, 4]
    assert len(worst) == WORST
    assert {one.score for one in outcomes if one.exhibits} == set(worst)


def test_a_mistake_points_away_from_its_label(outcome: MakeOutcome) -> None:
    wrong = [outcome("real/a.mp4", 1.0), outcome("fake/a.mp4", -1.0), outcome("fake/b.mp4", -3.0)]
    right = [outcome("real/b.mp4", -1.0), outcome("fake/c.mp4", 1.0), outcome("fake/d.mp4", None)]
    assert mistakes([*right, *wrong]) == (wrong[0], wrong[2], wrong[1])
    # the calibrated ratio decides, and the score only where there is no calibration
    assert mistakes([outcome("real/a.mp4", 1.0, log10_lr=-0.2)]) == ()
    assert mistakes([outcome("real/a.mp4", 1.0, log10_lr=0.0)]) != ()


def test_the_product_itself_gives_the_scores(labelled: Path, config: Config) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        outcomes = examine_all(find(labelled).samples, executor, config, lambda: None)
    told = {one.sample.name: one for one in outcomes}
    assert len(told) == 11
    assert {name: one.code for name, one in told.items() if one.score is None} == {
        "real/nobody.mp4": "no_face",
        "real/still.jpg": "still_image",
        "fake/other/broken.mp4": "unreadable",
    }
    assert (told["real/one.mp4"].score or 0) < -0.5
    assert (told["fake/swap/anna/one.mp4"].score or 0) > 0.5
    assert [one.sample.name for one in mistakes(outcomes)] == ["real/wrong.mp4", "fake/other/wrong.mp4"]
    assert {exhibit.kind for exhibit in told["real/wrong.mp4"].exhibits} >= {"frame", "crop", "series"}
