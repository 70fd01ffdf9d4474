"""The detectors of the context: asked with care, without a clip, and without the libraries of the workers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from detectors.context import consider
from detectors.contract import Finding, Reason, Status
from detectors.specimen import Person, ProfileText, Specimen

PROFILE = ProfileText("tiktok", "realnovaquill", "Nova Quill", "", "A day out", ai_label=False)
SPECIMEN = Specimen(profile=PROFILE, person=Person("Nova Quill"))


def by_name(specimen: Specimen) -> dict[str, Finding]:
    return {finding.detector: finding for finding in consider(specimen)}


def test_words_alone_are_enough_for_those_that_read() -> None:
    findings = by_name(SPECIMEN)
    assert findings["handle"].status is findings["disclosure"].status is Status.OK
    assert findings["handle"].log10_lr > 0
    assert not any(finding.status is Status.FAILED for finding in findings.values())


def test_what_is_not_known_is_not_applicable_with_its_reason() -> None:
    findings = by_name(Specimen())
    assert findings["handle"].reason is Reason.NO_PERSON
    assert findings["disclosure"].reason is Reason.NO_PROFILE
    assert all(finding.status is Status.NOT_APPLICABLE for finding in findings.values())
    assert all(finding.statement.endswith(".") for finding in findings.values())


def test_one_that_raises_is_a_failed_finding_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Finding:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("detectors.handle.Handle.examine", broken)
    findings = by_name(SPECIMEN)
    assert (findings["handle"].status, findings["handle"].reason) == (Status.FAILED, Reason.DETECTOR_ERROR)
    assert "ZeroDivisionError: two lines" in findings["handle"].statement
    assert findings["disclosure"].status is Status.OK


def test_no_decoder_image_library_or_inference_is_loaded_to_ask_them() -> None:
    program = (
        "import sys\nfrom detectors.context import consider\nfrom detectors.specimen import ProfileText, Specimen\n"
        "consider(Specimen(profile=ProfileText(handle='x')))\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"cv2", "av", "onnxruntime"} & set(done.stdout.split())
