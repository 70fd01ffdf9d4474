"""Reference recordings: how much sound there is, and why one cannot be used."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import ClipError, ClipTooLarge, ClipUnreadable
from detectors.recording import listen_to
from tests.detectors.media import box, tone, write_sound, write_video, written_square


def test_the_sound_of_a_sound_file_is_measured(tmp_path: Path) -> None:
    assert listen_to(write_sound(tmp_path / "voice.m4a", tone(3.0))).sound_s == pytest.approx(3.0, abs=0.1)


def test_the_sound_of_a_video_is_measured(square_clip: Path) -> None:
    assert listen_to(square_clip).sound_s == pytest.approx(3.0, abs=0.1)


def test_a_video_without_sound_is_no_recording(silent_clip: Path) -> None:
    with pytest.raises(ClipUnreadable, match=r"ramp\.mp4: holds no sound"):
        listen_to(silent_clip)


def test_silence_is_no_recording(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "silence.m4a", np.zeros(44_100, np.int16))
    with pytest.raises(ClipUnreadable, match=r"silence\.m4a: is silent from beginning to end"):
        listen_to(path)


def test_a_quiet_voice_is_not_silence(tmp_path: Path) -> None:
    """50 dB below full scale, as a voice from the other end of a room."""
    quiet = np.asarray(tone(1.0) * 10 ** (-50 / 20) * 32_768 / 12_000, np.int16)
    assert listen_to(write_sound(tmp_path / "quiet.m4a", quiet)).sound_s == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"these are words\n" * 50, "is not a video, sound or picture file"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "is not a video, sound or picture file"),
    ],
)
def test_what_is_no_recording_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "voice.mp3"
    path.write_bytes(content)
    with pytest.raises(ClipUnreadable, match=rf"voice\.mp3: {says}"):
        listen_to(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ClipUnreadable, match=r"none\.m4a: there is no such file"):
        listen_to(tmp_path / "none.m4a")
    with pytest.raises(ClipUnreadable, match="is not a file"):
        listen_to(tmp_path)
    with pytest.raises(ClipUnreadable, match="cannot be read: File name too long"):
        listen_to(tmp_path / f"{'x' * 300}.m4a")


def test_what_can_be_heard_of_a_damaged_recording_counts(tmp_path: Path) -> None:
    path = write_video(tmp_path / "talk.mkv", [written_square(i) for i in range(40)], rate=20, sound=tone(2.0))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    assert 0.2 < listen_to(path).sound_s < 2.0


def test_sound_that_cannot_be_decoded_is_named(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "voice.m4a", tone(1.0))
    data = bytearray(path.read_bytes())
    start, end = box(data, "mdat")
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    with pytest.raises(ClipUnreadable, match=r"voice\.m4a: its sound cannot be decoded; the file is cut off"):
        listen_to(path)


def test_a_recording_that_declares_hours_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    length = 3 * 3600 * 8000  # a byte a sample; the file is a hole after its header
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + length, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", length
    )
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + length)
    with pytest.raises(ClipTooLarge, match=r"voice\.wav: declares 3 h, above the limit of 2 h"):
        listen_to(path)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9])
def test_a_recording_that_was_cut_off_ends_in_a_length_or_a_reason(tmp_path: Path, share: float) -> None:
    whole = write_sound(tmp_path / "voice.m4a", tone(2.0)).read_bytes()
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ClipError, match=r"cut\.m4a: "):
        listen_to(cut)
