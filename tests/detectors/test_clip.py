"""Decoding: what is kept of a sound file, and what is said of a strange one."""

from __future__ import annotations

import pickle
import subprocess
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest

from detectors.clip import ClipLimits, decode
from detectors.errors import ClipError, ClipTooLarge, ClipUnreadable, ClipWithoutVideo
from detectors.pictures import MAX_FRAMES
from tests.detectors.media import (
    SIZE,
    box,
    declare_hours,
    huge_png,
    tone,
    write_sound,
    write_video,
    written_square,
)


def test_every_frame_gives_time_and_brightness(silent_clip: Path) -> None:
    clip = decode(silent_clip)
    assert clip.times_s == pytest.approx(np.arange(25) / 25, abs=1e-6)
    assert clip.luma.shape == (25, 36, 64)
    assert clip.luma.dtype == np.uint8
    steps = np.diff(clip.luma.mean(axis=(1, 2)))
    assert steps == pytest.approx(np.full(24, 8 * 219 / 255), abs=1.5)  # limited range: 219 steps of 255
    assert clip.duration_s == pytest.approx(1.0, abs=1e-6)
    assert (clip.audio, clip.truncated, clip.is_still, clip.notes) == (None, False, False, ())


def test_sampled_frames_have_their_colours_upright(square_clip: Path) -> None:
    clip = decode(square_clip)
    assert (clip.width, clip.height) == (SIZE[1], SIZE[0])
    assert len(clip.frames) == 60
    middle = clip.frames[30]
    assert middle.time_s == pytest.approx(1.5)
    assert middle.rgb.shape == (*SIZE, 3)
    assert middle.rgb[100, 20 + 90 + 40].astype(int) == pytest.approx([230, 20, 20], abs=16)
    assert middle.rgb[200, 300].astype(int) == pytest.approx([90, 90, 90], abs=12)


def test_sound_becomes_16_khz_mono_of_the_same_pitch(square_clip: Path) -> None:
    audio = decode(square_clip).audio
    assert audio is not None
    assert audio.dtype == np.int16
    assert len(audio) == pytest.approx(48_000, rel=0.03)
    spectrum = np.abs(np.fft.rfft(audio[8000:40_000]))
    assert np.argmax(spectrum) * 16_000 / 32_000 == pytest.approx(440, abs=2)


@pytest.mark.parametrize("suffix", [".mp4", ".ts"])  # with an index that tells the length, and without
def test_long_clips_keep_a_bounded_even_sample(tmp_path: Path, suffix: str) -> None:
    pictures = [np.full((48, 64, 3), i % 200, np.uint8) for i in range(500)]
    clip = decode(write_video(tmp_path / f"long{suffix}", pictures, rate=50))
    assert len(clip.times_s) == 500
    times = np.array([frame.time_s for frame in clip.frames])
    assert MAX_FRAMES / 2 <= len(times) <= MAX_FRAMES
    assert np.diff(times).max() < 2.1 * np.diff(times).min()
    assert times[0] == 0
    assert times[-1] > 9.5


def test_large_frames_are_shrunk_to_960(tmp_path: Path) -> None:
    clip = decode(write_video(tmp_path / "large.mp4", [np.zeros((1080, 1920, 3), np.uint8)] * 2))
    assert (clip.width, clip.height) == (1920, 1080)
    assert clip.frames[0].rgb.shape == (540, 960, 3)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_rotation_of_a_phone_is_undone(tmp_path: Path, square_clip: Path, angle: int) -> None:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    turned = tmp_path / f"turned{angle}.mp4"
    subprocess.run(
        [ffmpeg, "-v", "error", "-display_rotation", str(angle), "-i", square_clip, "-c", "copy", turned], check=True
    )
    clip, plain = decode(turned), decode(square_clip)
    assert (clip.width, clip.height) == (plain.width, plain.height)[:: -1 if angle % 180 else 1]
    # ffmpeg's angle turns counter-clockwise, as numpy's does
    assert np.array_equal(clip.frames[5].rgb, np.rot90(plain.frames[5].rgb, angle // 90))
    assert clip.luma.shape == plain.luma.shape
    assert any("rotated" in note for note in clip.notes)


def test_variable_rate_keeps_the_times(tmp_path: Path) -> None:
    times = [0, 40, 80, 500, 540, 1500, 1510]
    clip = decode(write_video(tmp_path / "vfr.mp4", [written_square(i) for i in range(7)], times_ms=times))
    assert clip.times_s * 1000 == pytest.approx(times, abs=1.5)


@pytest.mark.parametrize("name", ["picture.jpg", "picture.png"])
def test_a_picture_is_a_still_clip(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    cv2.imwrite(str(path), cv2.cvtColor(written_square(0), cv2.COLOR_RGB2BGR))
    clip = decode(path)
    assert clip.is_still
    assert len(clip.frames) == len(clip.times_s) == 1
    assert clip.frames[0].rgb[100, 60].astype(int) == pytest.approx([230, 20, 20], abs=12)


def test_a_video_of_one_frame_is_a_still_clip(tmp_path: Path) -> None:
    clip = decode(write_video(tmp_path / "one.mp4", [written_square(0)]))
    assert clip.is_still
    assert clip.duration_s < 0.1


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "size"),
    [
        ("odd.gif", "gif", "rgb8", (17, 33)),
        ("odd.webm", "libvpx-vp9", "yuv420p", (35, 51)),
        ("ten_bit.mkv", "ffv1", "yuv420p10le", (36, 50)),
        ("rgb.avi", "ffv1", "bgr0", (36, 50)),
        ("444.mp4", "libx264", "yuv444p", (36, 50)),
    ],
)
def test_formats_and_odd_sizes(tmp_path: Path, name: str, codec: str, pixels: str, size: tuple[int, int]) -> None:
    pictures = [np.full((*size, 3), 40 + 40 * i, np.uint8) for i in range(5)]
    clip = decode(write_video(tmp_path / name, pictures, rate=10, codec=codec, pixels=pixels))
    assert (clip.height, clip.width) == size
    assert len(clip.frames) == 5
    assert clip.frames[4].rgb.mean() == pytest.approx(200, abs=25)
    assert np.all(np.diff(clip.luma.mean(axis=(1, 2))) > 15)


def test_a_cut_off_file_is_examined_as_far_as_it_goes(tmp_path: Path, square_clip: Path) -> None:
    whole = write_video(
        tmp_path / "whole.mp4", [written_square(i) for i in range(60)], options={"movflags": "faststart"}
    )
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.6)])
    clip = decode(cut)
    assert 10 < len(clip.times_s) < 60
    assert any("cut off or damaged" in note for note in clip.notes), clip.notes


def test_damage_in_the_middle_is_skipped_and_noted(tmp_path: Path, square_clip: Path) -> None:
    data = bytearray(square_clip.read_bytes())
    start, end = box(bytes(data), "mdat")
    middle = start + (end - start) // 3
    data[middle : middle + 3000] = bytes(np.random.default_rng(0).integers(0, 256, 3000, np.uint8))
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(data)
    clip = decode(damaged)
    assert len(clip.times_s) >= 30
    assert any("damaged" in note for note in clip.notes), clip.notes


def test_sound_that_starts_later_is_placed_in_time(tmp_path: Path, square_clip: Path) -> None:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    late = tmp_path / "late.mp4"
    subprocess.run(
        [ffmpeg, "-v", "error", "-i", square_clip, "-itsoffset", "1.0", "-i", square_clip, "-map", "0:v", "-map", "1:a",
         "-c", "copy", late],
        check=True,
    )  # fmt: skip
    audio = decode(late).audio
    assert audio is not None
    assert np.abs(audio[:15_000]).max() < 500
    assert np.abs(audio[18_000:20_000]).max() > 5_000


def test_only_the_first_part_is_examined(square_clip: Path) -> None:
    clip = decode(square_clip, ClipLimits(examine_s=1.0))
    assert clip.truncated
    assert len(clip.times_s) == 20
    assert clip.duration_s == pytest.approx(1.0)
    assert clip.audio is not None
    assert len(clip.audio) <= 16_000
    assert any("first 1 s" in note for note in clip.notes)


def _refused(path: Path, kind: type[ClipError], limits: ClipLimits | None = None) -> str:
    with pytest.raises(kind) as caught:
        decode(path, limits or ClipLimits())
    message = str(caught.value)
    assert "\n" not in message
    assert type(pickle.loads(pickle.dumps(caught.value))) is kind  # it crosses from worker to parent
    return message


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert _refused(path, ClipUnreadable) == "empty.mp4: is empty (0 bytes)"


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "none.mp4", ClipUnreadable)
    assert "not a file" in _refused(tmp_path, ClipUnreadable)


def test_sound_alone_is_refused_as_such(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "song.m4a", tone(0.5))
    assert _refused(path, ClipWithoutVideo) == "song.m4a: holds sound but no picture"


def test_text_renamed_to_mp4_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("This is no clip.\n" * 500)
    assert "is not a video" in _refused(path, ClipUnreadable)


@pytest.mark.parametrize("kind", ["hls", "concat"])
def test_a_playlist_cannot_make_the_decoder_open_other_files(tmp_path: Path, square_clip: Path, kind: str) -> None:
    """A clip from a stranger must not read our files or call addresses."""
    text = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{square_clip}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{square_clip}'\n",
    }[kind]
    path = tmp_path / "playlist.mp4"
    path.write_text(text)
    assert "is not a video" in _refused(path, ClipUnreadable)


def test_a_file_without_its_index_says_that_it_was_cut_off(tmp_path: Path, square_clip: Path) -> None:
    path = tmp_path / "no_moov.mp4"
    path.write_bytes(square_clip.read_bytes()[: int(square_clip.stat().st_size * 0.7)])
    assert "moov" in _refused(path, ClipUnreadable)


def test_four_declared_hours_with_one_frame_are_refused(tmp_path: Path) -> None:
    one = write_video(tmp_path / "one.mp4", [written_square(0)])
    path = declare_hours(tmp_path / "clip.mp4", one, 4)
    assert (
        _refused(path, ClipTooLarge) == "clip.mp4: the container declares 4 h, above the limit of 2 h (limits.duration)"
    )


def test_a_header_that_promises_too_much_still_gives_frames(tmp_path: Path) -> None:
    """The declared length must not thin out what is there: one hour is declared, two seconds follow."""
    whole = write_video(tmp_path / "w.mkv", [written_square(i) for i in range(40)], rate=20)
    data = bytearray(whole.read_bytes())
    at = data.index(b"\x44\x89\x88")  # Matroska: Duration, a float of eight bytes
    import struct

    data[at + 3 : at + 11] = struct.pack(">d", 3_600_000.0)
    path = tmp_path / "promise.mkv"
    path.write_bytes(data)
    clip = decode(path)
    assert clip.declared_s == pytest.approx(3600)
    assert len(clip.frames) == 40
    assert any("declares 1 h" in note for note in clip.notes)


def test_a_frame_of_16k_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    message = _refused(huge_png(tmp_path / "huge.png", 16_384), ClipTooLarge)
    assert "16384 x 16384" in message
    assert "limits.pixels" in message


def test_the_size_of_a_jpeg_is_checked_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    cv2.imwrite(str(path), written_square(0))
    assert "320 x 240" in _refused(path, ClipTooLarge, ClipLimits(max_pixels=50_000))


def test_a_video_frame_above_the_pixel_limit_is_refused(square_clip: Path) -> None:
    assert "320 x 240" in _refused(square_clip, ClipTooLarge, ClipLimits(max_pixels=50_000))


def test_limits_on_bytes_and_frames(square_clip: Path) -> None:
    assert "limits.file_size" in _refused(square_clip, ClipTooLarge, ClipLimits(max_bytes=1000))
    assert "limits.frames" in _refused(square_clip, ClipTooLarge, ClipLimits(max_frames=10))


def test_frames_are_counted_while_decoding_too(tmp_path: Path) -> None:
    """A container without an index cannot be counted beforehand."""
    path = write_video(tmp_path / "many.ts", [np.zeros((48, 64, 3), np.uint8)] * 30, rate=25, codec="mpeg2video")
    assert "at least 11 frames" in _refused(path, ClipTooLarge, ClipLimits(max_frames=10))


def test_a_hostile_name_stays_one_printable_line(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\x1b[31m.mp4"
    path.touch()
    assert _refused(path, ClipUnreadable) == "a?b?[31m.mp4: is empty (0 bytes)"


def test_damage_prints_nothing(tmp_path: Path, square_clip: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no_moov.mp4"
    path.write_bytes(square_clip.read_bytes()[:5000])
    _refused(path, ClipUnreadable)
    assert capfd.readouterr() == ("", "")
