"""Several forgery models: each is told, and together they claim no more than the boldest."""

from __future__ import annotations

import hashlib
import math
import shutil
from pathlib import Path

import pytest

from detectors.calibration import Platt, QualityTerms
from detectors.contract import ExhibitKind, Finding, Reason, Status, Vote
from detectors.examine import examine
from detectors.model_files import Card, ModelSet
from detectors.voting import Ballot, counted, statement
from tests.detectors.conftest import STAND_INS
from tests.detectors.media import write_video, written_square
from tests.detectors.onnx_bytes import brightness

CARD = """
name = "{name}"
version = "{version}"
sha256 = "{sha256}"

[input]
layout = "NCHW"
size = [64, 64]
colours = "RGB"
scale = 255.0

[output]
name = "output"
kind = "logit"
positive = "{positive}"
"""

CALIBRATION = """
[calibration]
method = "platt"
a = {a}
b = 0.0
max_abs_log10_lr = 0.7
"""


def foreign(folder: Path, name: str, *, a: float | None = 0.2, positive: str = "fake") -> Path:
    """A model that scores brightness, 8 * (mean - .5), with its card, which has no calibration where `a` is None."""
    data = brightness(end="")
    path = folder / f"{name}.onnx"
    folder.mkdir(exist_ok=True)
    path.write_bytes(data)
    card = CARD.format(name=name, version="7", sha256=hashlib.sha256(data).hexdigest(), positive=positive)
    path.with_suffix(".toml").write_text(card + (CALIBRATION.format(a=a) if a is not None else ""))
    return path


def forgery(clip: Path, stand_ins: ModelSet, *models: Path) -> Finding:
    """What the detector says with the stand-in and these models."""
    models_used = ModelSet(faces=stand_ins.faces, forgery=(STAND_INS / "forgery.onnx", *models))
    (finding,) = [one for one in examine(clip, models=models_used).findings if one.detector == "forgery"]
    return finding


def test_two_models_are_told_apart_and_averaged(tmp_path: Path, square_clip: Path, stand_ins: ModelSet) -> None:
    """The square is (230, 20, 20): (90 - 128) / 32 = -1.19 to the first, 8 * (90 / 255 - .5) = -1.18 to the other."""
    finding = forgery(square_clip, stand_ins, foreign(tmp_path, "other"))
    assert finding.status is Status.OK
    first, second = finding.votes
    assert (first.model, second.model) == ("forgery stand-in", "other 7")
    assert first.score == pytest.approx(-1.19, abs=0.15)
    assert second.score == pytest.approx(-1.18, abs=0.15)
    assert first.log10_lr == pytest.approx(0.4 * first.score)
    assert second.log10_lr == pytest.approx(0.2 * second.score)
    assert finding.log10_lr == pytest.approx(0.3 * -1.18, abs=0.05)
    assert finding.score == pytest.approx(finding.log10_lr), "nothing is near a bound here"
    assert finding.version == "1+stand-in,7"
    for told in (f"forgery stand-in {first.score:+.2f}", f"other 7 {second.score:+.2f}", "averaged, not multiplied"):
        assert told in finding.statement
    series, crop = finding.exhibits
    assert len(series.series) == 16
    assert sum(value for _, value in series.series) / 16 == pytest.approx(finding.score)
    assert crop.kind is ExhibitKind.CROP


def test_models_that_contradict_each_other_leave_little(tmp_path: Path, square_clip: Path, stand_ins: ModelSet) -> None:
    finding = forgery(square_clip, stand_ins, foreign(tmp_path, "against", a=0.4, positive="real"))
    first, second = finding.votes
    assert first.log10_lr is not None
    assert second.log10_lr is not None
    assert first.log10_lr < -0.4 < 0.4 < second.log10_lr
    assert abs(finding.log10_lr) < 0.05
    assert "says next to nothing" in finding.statement


def test_a_model_without_calibration_is_told_and_has_no_vote(
    tmp_path: Path, square_clip: Path, stand_ins: ModelSet
) -> None:
    alone = forgery(square_clip, stand_ins)
    finding = forgery(square_clip, stand_ins, foreign(tmp_path, "raw", a=None))
    assert finding.log10_lr == pytest.approx(alone.log10_lr)
    assert finding.votes[1].log10_lr is None
    assert "(no calibration, no vote)" in finding.statement


def test_one_model_that_cannot_be_read_is_named_and_the_finding_fails(
    tmp_path: Path, square_clip: Path, stand_ins: ModelSet
) -> None:
    finding = forgery(square_clip, stand_ins, tmp_path / "gone.onnx")
    assert (finding.status, finding.reason) == (Status.FAILED, Reason.NO_MODEL)
    assert "gone.onnx" in finding.statement
    assert finding.votes == ()


def test_a_single_model_votes_too_and_keeps_its_own_unit(square_clip: Path, stand_ins: ModelSet) -> None:
    finding = forgery(square_clip, stand_ins)
    assert finding.votes == (Vote("forgery stand-in", finding.score or math.nan, finding.log10_lr),)
    assert finding.unit == "mean logit, positive is synthetic"


def test_the_joint_ratio_stays_within_the_bounds(tmp_path: Path, stand_ins: ModelSet) -> None:
    bright = [written_square(i, shade=245) for i in range(20)]
    for picture in bright:
        picture[picture[..., 1] < 60] = (255, 180, 180)
    clip = write_video(tmp_path / "bright.mp4", bright)
    finding = forgery(clip, stand_ins, foreign(tmp_path, "bold", a=9.0))
    assert finding.log10_lr == pytest.approx(0.7)
    assert finding.score is not None
    assert finding.score > 2, "what ranks clips is not cut off"


def test_a_hostile_name_is_one_clean_line(tmp_path: Path) -> None:
    ballot = Ballot(Card("a\u202eb\n" + "x" * 200, "1", ""), (1.0,), -1.0)
    assert ballot.vote.model.isprintable()
    assert len(ballot.vote.model) <= 80


def test_equal_models_count_once() -> None:
    """The product of n equal ratios would be their n-th power."""
    card = Card("a", "1", "", Platt(0.3, 0.0, 0.7, 100))
    joint = counted([Ballot(card, (1.0, 2.0), -1.0)] * 3)
    assert joint.log10_lr == pytest.approx(0.45)
    assert joint.series == pytest.approx((0.3, 0.6))


def test_none_with_a_calibration_counts_for_nothing() -> None:
    joint = counted([Ballot(Card(name, "1", ""), (4.0, 2.0), -1.0) for name in "ab"])
    assert (joint.log10_lr, joint.score) == (0.0, 3.0)
    assert "they count for nothing" in statement(joint, 2)


def test_each_model_weighs_the_quality_that_it_saw() -> None:
    calibration = Platt(0.0, 0.0, 0.7, 100, QualityTerms(0.0, 0.2, -3.0, -2.0, -1.0))
    sharp, soft = (Ballot(Card("a", "1", "", calibration), (0.0,), quality) for quality in (-1.0, -3.0))
    assert sharp.vote.log10_lr == pytest.approx(0.2)
    assert soft.vote.log10_lr == pytest.approx(-0.2)
    assert counted([sharp, soft]).log10_lr == pytest.approx(0.0)


def test_the_stand_in_may_lie_in_two_places(tmp_path: Path, square_clip: Path, stand_ins: ModelSet) -> None:
    for suffix in (".onnx", ".toml"):
        shutil.copy(STAND_INS / f"forgery{suffix}", tmp_path / f"again{suffix}")
    alone = forgery(square_clip, stand_ins)
    twice = forgery(square_clip, stand_ins, tmp_path / "again.onnx")
    assert twice.log10_lr == pytest.approx(alone.log10_lr)
