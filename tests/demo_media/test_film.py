"""Files of the demo: the same bytes each time, and faults where they were ordered."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from demo_media.film import camera, faulty, write_clip, write_photo, write_recording
from demo_media.motion import FPS
from demo_media.voice import RATE
from demo_media.warp import Picture


def moving(count: int) -> list[Picture]:
    random = np.random.default_rng(3)
    base = np.kron(random.random((8, 6, 3)), np.ones((16, 16, 1))).astype(np.float32)
    return [camera(np.roll(base, 2 * number, axis=1), random) for number in range(count)]


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    frames, sound = moving(40), np.sin(np.arange(2 * RATE, dtype=np.float32) / 20) * np.float32(0.3)
    for name in ("one", "two"):
        write_clip(tmp_path / f"{name}.mp4", frames, sound, 25)
        write_recording(tmp_path / f"{name}.ogg", sound)
        write_photo(tmp_path / f"{name}.jpg", frames[0])
    for suffix in (".mp4", ".ogg", ".jpg"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


def test_a_clip_holds_all_its_frames_and_its_sound(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mp4", moving(30), np.zeros(RATE, np.float32), 25)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert container.streams.video[0].average_rate == FPS
        assert abs(sum(frame.samples for frame in container.decode(audio=0)) - RATE) <= 2048


def test_a_freeze_holds_one_frame_and_time_goes_on() -> None:
    order = faulty(50, freezes=((1.0, 6),), staggers=())
    assert order[:25] == list(range(25))
    assert order[25:31] == [25] * 6
    assert order[31:] == list(range(31, 50))


def test_a_stagger_shows_every_third_frame_only() -> None:
    order = faulty(50, freezes=(), staggers=((0.4, 0.36),))
    assert order[10:19] == [10, 10, 10, 13, 13, 13, 16, 16, 16]
    assert order[19:] == list(range(19, 50))


def test_faults_beyond_the_end_change_nothing() -> None:
    assert faulty(20, freezes=((5.0, 4),), staggers=((3.0, 1.0),)) == list(range(20))
