"""The media of the demo: small, whole, playable, documented, and what the story says they are."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.demo.story import CAST, Clip, configuration, media_folder
from detectors.faces import FaceFinder
from detectors.model_files import load_model

MEDIA = media_folder()
CLIPS = {clip.file: clip for role in CAST for clip in role.clips}
AVATARS = {role.avatar for role in CAST if role.avatar is not None}
CONFIGURATION: Any = configuration(Path("store"), Path("digests"))
REFERENCES = {Path(path).name for key in ("photos", "recordings") for path in CONFIGURATION["people"][0][key]}

STILL = 0.1
"""Mean change of luma between two frames below which the picture stands: a head that moves gives 0.13 and more."""

LARGEST_CLIP = 250_000
LARGEST_FOLDER = 3_000_000
SMALLEST_FACE = 60
"""Pixels: what a detector needs to say something about a face."""


@cache
def frames(name: str) -> tuple[NDArray[np.uint8], ...]:
    """Every frame of a clip, RGB."""
    with av.open(str(MEDIA / name)) as container:
        return tuple(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0))


def held_frames(name: str) -> int:
    """The longest run of frames in which nothing moves: the picture stands although the clip goes on."""
    luma = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.int16) for frame in frames(name)]
    still = [bool(np.abs(after - before).mean() < STILL) for before, after in pairwise(luma)]
    longest = run = 0
    for one in still:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(*load_model("faces", None))


def test_every_file_of_the_story_is_there_and_no_other() -> None:
    there = {path.name for path in MEDIA.iterdir()}
    assert there == {*CLIPS, *AVATARS, *REFERENCES, "README.md"}


def test_every_file_is_documented_and_the_page_says_that_nobody_exists() -> None:
    page = (MEDIA / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9]+\.(?:mp4|jpg|ogg))`", page))
    assert named == {*CLIPS, *AVATARS, *REFERENCES}
    assert page.startswith("# Nobody in here exists")
    assert "python -m demo_media" in page


def test_the_files_are_small() -> None:
    assert sum(path.stat().st_size for path in MEDIA.iterdir()) <= LARGEST_FOLDER
    assert max((MEDIA / name).stat().st_size for name in CLIPS) <= LARGEST_CLIP


@pytest.mark.parametrize("clip", CLIPS.values(), ids=lambda clip: clip.file)
def test_a_clip_is_vertical_plays_everywhere_and_is_as_long_as_the_platform_says(clip: Clip) -> None:
    with av.open(str(MEDIA / clip.file)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.codec_context.width, video.codec_context.height) == (360, 640)
        assert video.codec_context.pix_fmt == "yuv420p"
        assert video.average_rate == 25
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
        seconds = len(sound) / audio.codec_context.sample_rate
    assert 5 <= seconds <= 10
    assert abs(seconds - clip.seconds) <= 0.6
    assert len(frames(clip.file)) == pytest.approx(seconds * 25, abs=3)
    assert float(np.abs(sound).max()) > 0.2  # somebody speaks
    assert float(np.abs(sound).max()) < 1.0


@pytest.mark.parametrize("name", CLIPS)
def test_our_detector_sees_one_face_in_nearly_every_frame(name: str, finder: FaceFinder) -> None:
    looked = frames(name)[::5]
    good = 0
    for frame in looked:
        found = finder.find(frame)
        height, width = frame.shape[:2]
        good += len(found) == 1 and min(found[0].box[2] * width, found[0].box[3] * height) >= SMALLEST_FACE
    assert good / len(looked) > 0.9


@pytest.mark.parametrize("name", sorted(name for name in REFERENCES if name.endswith(".jpg")))
def test_a_reference_photo_shows_one_face(name: str, finder: FaceFinder) -> None:
    picture = cv2.imread(str(MEDIA / name))
    assert picture is not None
    (face,) = finder.find(np.asarray(picture[..., ::-1], np.uint8))
    assert face.box[2] * picture.shape[1] >= 100


@pytest.mark.parametrize("name", sorted(AVATARS))
def test_an_avatar_is_a_small_square(name: str) -> None:
    picture = cv2.imread(str(MEDIA / name))
    assert picture is not None
    assert picture.shape == (200, 200, 3)


def test_the_recording_holds_half_a_minute_of_speech() -> None:
    with av.open(str(MEDIA / "reference_voice.ogg")) as container:
        pieces = [np.abs(frame.to_ndarray()[0]).max() for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].codec_context.sample_rate
    assert rate == 48_000
    assert len(pieces) * 0.02 == pytest.approx(30, abs=1)
    assert np.mean(np.array(pieces) > 0.05) > 0.5


def test_the_swapped_clips_freeze_and_the_genuine_ones_do_not() -> None:
    held = {name: held_frames(name) for name in CLIPS}
    for name, longest in held.items():
        if name.startswith(("deep_", "parody_")):
            assert longest >= 4, (name, held)
        else:
            assert longest == 0, (name, held)
