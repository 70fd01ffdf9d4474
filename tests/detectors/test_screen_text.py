"""Writing on the screen is read where the extra is installed, quoted once, and handed to those who read words."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import screen_text
from detectors.contract import Finding, Question, Reason, Status
from detectors.disclosure import Disclosure
from detectors.errors import DetectorError
from detectors.harm import Harm
from detectors.screen_text import FIELD, FRAMES, ScreenText, installed, spread, text_of
from detectors.specimen import Clip, Frame, Specimen

needs_reader = pytest.mark.skipif(not installed(), reason="the ocr extra is not installed")


def picture(*lines: str) -> NDArray[np.uint8]:
    """A grey picture with writing in white letters."""
    rgb: NDArray[np.uint8] = np.full((360, 640, 3), 80, np.uint8)
    for place, line in enumerate(lines):
        cv2.putText(rgb, line, (20, 80 + 90 * place), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (255, 255, 255), 2)
    return rgb


def clip(*pictures: NDArray[np.uint8]) -> Clip:
    """A clip of one picture a second."""
    times = np.arange(len(pictures), dtype=np.float64)
    luma = np.zeros((len(pictures), 36, 64), np.uint8)
    frames = tuple(Frame(float(at), rgb) for at, rgb in zip(times, pictures, strict=True))
    return Clip(float(len(pictures)), None, False, 640, 360, times, luma, frames, None)


def read_by(reader: screen_text.Reader | None, *pictures: NDArray[np.uint8]) -> Finding:
    return ScreenText(reader).examine(Specimen(clip=clip(*pictures)))


@needs_reader
def test_what_is_written_is_quoted_with_its_time_and_read_by_the_detectors_of_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a detector opens no connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    cv2.setNumThreads(1)
    found = read_by(None, picture(), picture("Send 1 BTC and", "get 2 back"), picture("PARODY ACCOUNT"))
    assert found.status is Status.OK
    assert (found.question, found.log10_lr) == (Question.SPREAD, 0.0)
    assert '"Send 1 BTC and"' in found.statement
    assert [(one.text, one.field, one.start_s) for one in found.exhibits] == [
        ("Send 1 BTC and", FIELD, 1.0), ("get 2 back", FIELD, 1.0), ("PARODY ACCOUNT", FIELD, 2.0),
    ]  # fmt: skip
    words = Specimen(screen_text=text_of([found]))
    harm, disclosure = Harm().examine(words), Disclosure().examine(words)
    assert 'giveaway ("Send 1 BTC and get 2 back" in the writing on the screen)' in harm.statement
    assert 'parody or satire: "PARODY ACCOUNT" in the writing on the screen' in disclosure.statement


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_text, "installed", lambda: False)
    found = read_by(None, picture("PARODY"))
    assert found.status is Status.NOT_APPLICABLE
    assert found.reason is Reason.NO_READER
    assert "doppelwatch[ocr]" in found.statement
    assert text_of([found]) is None


def test_a_line_is_quoted_once_bounded_and_without_control_characters() -> None:
    hostile = "\u202eevil\x1b[2J " + "x" * 500
    answers = iter([["Sale!", "sale"], [hostile, "."], [f"line {n}" for n in range(100)], []])

    def reader(_: NDArray[np.uint8]) -> Sequence[str]:
        return next(answers)

    found = read_by(reader, *[picture()] * 4)
    texts = [one.text or "" for one in found.exhibits]
    assert texts[0] == "Sale!"
    assert texts[1].startswith("evil")
    assert all(text.isprintable() and len(text) <= 160 for text in texts)
    assert len(texts) == 24
    assert found.statement.isprintable()
    assert found.score == 24


def test_no_writing_is_a_result_and_no_picture_is_none() -> None:
    found = read_by(lambda _: [], picture())
    assert found.status is Status.OK
    assert found.score == 0
    assert "No writing was found in one frame" in found.statement
    assert text_of([found]) == ""
    assert ScreenText().examine(Specimen()).reason is Reason.NO_VIDEO


def test_few_frames_are_read_from_all_over_the_clip() -> None:
    frames = clip(*[picture()] * 40).frames
    assert [frame.time_s for frame in spread(frames)] == [5, 15, 25, 35]
    assert len(spread(frames[:3])) == 3
    assert FRAMES == 4


def test_an_installation_without_models_is_said_and_fetches_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    package = tmp_path / "rapidocr"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    # set before it is taken away, so that what is imported meanwhile is taken away again, too
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.delitem(sys.modules, "rapidocr")
    screen_text._rapid.cache_clear()
    with pytest.raises(DetectorError, match="no models"):
        read_by(None, picture())
    screen_text._rapid.cache_clear()
