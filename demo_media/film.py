"""Frames and sound into small files: H.264 and AAC in MP4, Opus in Ogg, JPEG."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.landmarks import eight_bit
from demo_media.motion import FPS
from demo_media.voice import RATE, Sound
from demo_media.warp import Picture

_EXACT = {"fflags": "+bitexact"}  # no date and no version in the file


def camera(frame: Picture, random: np.random.Generator, grain: float = 0.010) -> Picture:
    """A sensor's noise: stronger in the dark."""
    wide = random.standard_normal((*frame.shape[:2], 1)).astype(np.float32)
    colour = random.standard_normal(frame.shape).astype(np.float32)
    return np.asarray(np.clip(frame + grain * (1.3 - 0.6 * frame) * (wide + 0.35 * colour), 0, 1), np.float32)


def faulty(count: int, freezes: Sequence[tuple[float, int]], staggers: Sequence[tuple[float, float]]) -> list[int]:
    """Which frame is shown at each time: a freeze holds one for so many frames, a stagger shows every third only."""
    order = list(range(count))
    for second, length in freezes:
        first = int(second * FPS)
        order[first : first + length] = [first] * len(order[first : first + length])
    for second, seconds in staggers:
        first = int(second * FPS)
        for index in range(first, min(first + int(seconds * FPS), count)):
            order[index] = first + (index - first) // 3 * 3
    return order


def write_clip(path: Path, frames: Sequence[Picture], sound: Sound, crf: int) -> None:
    """Write an MP4 file that a browser plays: H.264 in 4:2:0, AAC mono, index in front."""
    height, width = frames[0].shape[:2]
    with av.open(str(path), "w", format="mp4", options=_EXACT | {"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        # one thread and plain C: with threads, or with the hand-written assembly, the same frames give other bytes
        video.codec_context.thread_count = 1
        video.options = {"crf": str(crf), "preset": "slow", "profile": "high", "x264-params": "keyint=75:asm=0"}
        video.time_base = Fraction(1, FPS)
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate = 40_000
        for stream in (video, audio):
            stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(eight_bit(picture), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for piece in _pieces(sound, RATE, "fltp", 1024):
            container.mux(audio.encode(piece))
        container.mux(audio.encode(None))


def write_recording(path: Path, sound: Sound) -> None:
    """Write speech as Opus in an Ogg file."""
    with av.open(str(path), "w", format="ogg", options=_EXACT) as container:
        audio = container.add_stream("libopus", rate=48_000, layout="mono")
        audio.bit_rate = 24_000
        audio.codec_context.flags |= av.codec.context.Flags.bitexact
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
        for piece in _pieces(sound, RATE, "fltp", 4096):
            for ready in resampler.resample(piece):
                container.mux(audio.encode(ready))
        for ready in resampler.resample(None):
            container.mux(audio.encode(ready))
        container.mux(audio.encode(None))


def _pieces(sound: Sound, rate: int, form: str, size: int) -> list[av.AudioFrame]:
    """The sound cut into frames."""
    pieces = []
    for start in range(0, len(sound), size):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None, start : start + size]), form, "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        pieces.append(frame)
    return pieces


def write_photo(path: Path, picture: Picture, quality: int = 88) -> None:
    """Write a JPEG file."""
    done, data = cv2.imencode(".jpg", eight_bit(picture[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    path.write_bytes(bytes(np.asarray(data, np.uint8)))


def around_face(picture: Picture, middle: NDArray[np.float64], side: float, pixels: int) -> Picture:
    """A square around a place, `side` pixels wide, as a picture of `pixels`."""
    left = int(np.clip(middle[0] - side / 2, 0, picture.shape[1] - side))
    top = int(np.clip(middle[1] - side * 0.5, 0, picture.shape[0] - side))
    cut = picture[top : top + int(side), left : left + int(side)]
    return np.asarray(cv2.resize(cut, (pixels, pixels), interpolation=cv2.INTER_AREA), np.float32)
