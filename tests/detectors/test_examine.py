"""One clip through every detector: decoded once, and one broken signal does not hide the others."""

from __future__ import annotations

import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.contract import Examination, ExhibitKind, Finding, Question, Reason, Status
from detectors.errors import ClipUnreadable
from detectors.examine import examine
from detectors.model_files import ModelSet
from detectors.photo import faces_in_photo
from detectors.registry import clip_detectors, context_detectors
from detectors.specimen import Person, ProfileText
from tests.detectors.media import write_video, written_square

PROFILE = ProfileText("tiktok", "realnovaquill", "Nova Quill", "", "A day out", ai_label=False)
PERSON = Person("Nova Quill")


def by_name(examination: Examination) -> dict[str, Finding]:
    return {finding.detector: finding for finding in examination.findings}


@pytest.fixture(scope="module")
def examined(square_clip: Path, stand_ins: ModelSet) -> Examination:
    return examine(square_clip, profile=PROFILE, person=PERSON, models=stand_ins)


def test_every_detector_speaks_and_every_stage_is_timed(examined: Examination) -> None:
    findings = by_name(examined)
    names = [detector.name for detector in clip_detectors(ModelSet())]
    assert list(findings) == names
    assert {"faces", "forgery"} <= set(names)
    assert not {detector.name for detector in context_detectors()} & set(names)
    assert all(findings[name].status is Status.OK for name in ("faces", "forgery")), findings
    assert not any(finding.status is Status.FAILED for finding in findings.values()), findings
    assert set(examined.elapsed_s) >= {"decode", "tracks", *names}
    assert examined.tracks == 1
    assert examined.duration_s == pytest.approx(3.0)


def test_an_examination_travels_between_processes(examined: Examination) -> None:
    data = pickle.dumps(examined)
    assert pickle.loads(data) == examined
    assert len(data) < 200_000


def test_faces_shows_the_best_frames_with_boxes(examined: Examination) -> None:
    finding = by_name(examined)["faces"]
    assert finding.question is Question.IDENTITY
    assert (finding.score, finding.log10_lr) == (1.0, 0.0)
    assert "One face" in finding.statement
    assert 3 <= len(finding.exhibits) <= 4
    times = []
    for exhibit in finding.exhibits:
        assert exhibit.kind is ExhibitKind.FRAME
        assert exhibit.box is not None
        assert exhibit.jpeg is not None
        assert exhibit.start_s is not None
        picture = cv2.imdecode(np.frombuffer(exhibit.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert max(picture.shape[:2]) <= 360
        left, top, width, height = exhibit.box
        x, y = int((left + width / 2) * picture.shape[1]), int((top + height / 2) * picture.shape[0])
        assert picture[y, x, 2] > 180  # the middle of the box is red
        assert picture[y, x, 0] < 80
        times.append(exhibit.start_s)
    assert times == sorted(times)
    assert times[-1] - times[0] > 1.0


def test_forgery_scores_up_to_sixteen_looks_and_is_bounded(examined: Examination) -> None:
    finding = by_name(examined)["forgery"]
    assert finding.question is Question.SYNTHESIS
    series, crop = finding.exhibits
    assert len(series.series) == 16
    assert finding.score is not None
    assert finding.score == pytest.approx(np.mean([value for _, value in series.series]))
    # The stand-in scores (brightness - 128) / 32, and a pure red of 230, 20, 20 has brightness 90.
    assert finding.score == pytest.approx((90 - 128) / 32, abs=0.15)
    assert finding.log10_lr == pytest.approx(0.4 * finding.score)
    assert "weak support" in finding.statement
    assert crop.kind is ExhibitKind.CROP
    assert crop.jpeg is not None


def test_an_extreme_score_claims_no_more_than_the_bound(tmp_path: Path, stand_ins: ModelSet) -> None:
    bright = [written_square(i, shade=245) for i in range(20)]
    for picture in bright:
        picture[picture[..., 1] < 60] = (255, 180, 180)
    finding = by_name(examine(write_video(tmp_path / "b.mp4", bright), models=stand_ins))["forgery"]
    assert finding.score is not None
    assert finding.score > 1.75
    assert finding.log10_lr == 0.7


def test_not_applicable_says_why(tmp_path: Path, silent_clip: Path, stand_ins: ModelSet) -> None:
    still = tmp_path / "still.png"
    cv2.imwrite(str(still), cv2.cvtColor(written_square(0), cv2.COLOR_RGB2BGR))
    small = write_video(tmp_path / "small.mp4", [written_square(i, side=30) for i in range(20)])
    short = write_video(tmp_path / "short.mp4", [written_square(i) for i in range(3)])
    expected = {
        silent_clip: Reason.NO_FACE,
        still: Reason.STILL_IMAGE,
        small: Reason.FACE_TOO_SMALL,
        short: Reason.TOO_FEW_FRAMES,
    }
    for path, reason in expected.items():
        finding = by_name(examine(path, models=stand_ins))["forgery"]
        assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, reason), path.name
        assert (finding.score, finding.log10_lr) == (None, 0.0)


def test_without_a_clip_nothing_is_failed(stand_ins: ModelSet) -> None:
    examination = examine(None, profile=PROFILE, person=PERSON, models=stand_ins)
    findings = by_name(examination)
    assert findings["faces"].reason is findings["forgery"].reason is Reason.NO_VIDEO
    assert (examination.duration_s, examination.tracks) == (0.0, 0)


def test_a_missing_forgery_model_fails_alone(square_clip: Path, stand_ins: ModelSet, tmp_path: Path) -> None:
    models = ModelSet(faces=stand_ins.faces, forgery=(tmp_path / "none.onnx",))
    findings = by_name(examine(square_clip, profile=PROFILE, person=PERSON, models=models))
    assert (findings["forgery"].status, findings["forgery"].reason) == (Status.FAILED, Reason.NO_MODEL)
    assert "none.onnx" in findings["forgery"].statement
    assert findings["faces"].status is Status.OK


def test_without_a_face_model_no_finding_says_that_there_is_no_face(
    square_clip: Path, stand_ins: ModelSet, tmp_path: Path
) -> None:
    models = ModelSet(faces=tmp_path / "none.onnx", forgery=stand_ins.forgery)
    findings = by_name(examine(square_clip, profile=PROFILE, person=PERSON, models=models))
    for name in ("faces", "forgery"):
        assert (findings[name].status, findings[name].reason) == (Status.FAILED, Reason.NO_MODEL)


def test_a_detector_that_raises_is_a_failed_finding_with_class_and_message(
    square_clip: Path, stand_ins: ModelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Finding:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("detectors.face_presence.FacePresence.examine", broken)
    findings = by_name(examine(square_clip, profile=PROFILE, person=PERSON, models=stand_ins))
    assert (findings["faces"].status, findings["faces"].reason) == (Status.FAILED, Reason.DETECTOR_ERROR)
    assert "ZeroDivisionError: two lines" in findings["faces"].statement
    assert findings["forgery"].status is Status.OK


def test_a_clip_that_cannot_be_read_is_raised(tmp_path: Path, stand_ins: ModelSet) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(b"nothing")
    with pytest.raises(ClipUnreadable):
        examine(path, models=stand_ins)


def test_faces_of_a_photo_are_counted(tmp_path: Path, stand_ins: ModelSet) -> None:
    one, none, text = tmp_path / "one.jpg", tmp_path / "none.jpg", tmp_path / "text.jpg"
    cv2.imwrite(str(one), cv2.cvtColor(written_square(0), cv2.COLOR_RGB2BGR))
    cv2.imwrite(str(none), np.full((100, 100, 3), 90, np.uint8))
    text.write_text("no picture")
    assert faces_in_photo(one, stand_ins) == 1
    assert faces_in_photo(none, stand_ins) == 0
    with pytest.raises(ClipUnreadable, match=r"text\.jpg"):
        faces_in_photo(text, stand_ins)
