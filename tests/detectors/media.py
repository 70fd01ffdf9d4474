"""Write small real media files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

SIZE = (240, 320)
"""Height and width of the usual picture."""

Picture = NDArray[np.uint8]


def square_at(index: int) -> tuple[int, int]:
    """Left and top of the red square in frame `index`."""
    return 20 + 3 * index, 60


def written_square(index: int, side: int = 80, shade: int = 90) -> Picture:
    """A gray picture with a red square that moves three pixels a frame, and a little texture."""
    picture = np.full((*SIZE, 3), shade, np.uint8)
    picture[::8] += 10
    left, top = square_at(index)
    cv2.rectangle(picture, (left, top), (left + side - 1, top + side - 1), (230, 20, 20), -1)
    return picture


def tone(seconds: float, hertz: float = 440.0, rate: int = 44_100) -> NDArray[np.int16]:
    """A sine as int16 samples."""
    return np.asarray(np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * hertz / rate) * 12_000, np.int16)


def write_video(
    path: Path,
    frames: Sequence[Picture],
    *,
    rate: int = 25,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    times_ms: Sequence[int] | None = None,
    sound: NDArray[np.int16] | None = None,
    options: dict[str, str] | None = None,
    group: int = 12,
) -> Path:
    """Encode RGB pictures, if wanted at given times and with 44.1 kHz mono sound; the suffix tells the format.

    Every so many frames, a `group`, libx264 begins anew.
    """
    with av.open(str(path), "w", options=options or {}) as container:
        video = container.add_stream(codec, rate=rate)
        assert isinstance(video, VideoStream)
        video.height, video.width = frames[0].shape[:2]
        video.pix_fmt = pixels
        if codec == "libx264":
            video.options = {"preset": "ultrafast", "crf": "20", "g": str(group)}
        if times_ms is not None:
            video.codec_context.time_base = Fraction(1, 1000)
        audio = None
        if sound is not None:
            audio = container.add_stream(
                "aac" if path.suffix == ".mp4" else "libopus", rate=44_100 if path.suffix == ".mp4" else 48_000
            )
            assert isinstance(audio, AudioStream)
            audio.layout = "mono"
        for index, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = index if times_ms is None else times_ms[index]
            frame.time_base = Fraction(1, rate) if times_ms is None else Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            _mux_sound(container, audio, sound)
    return path


def write_sound(path: Path, sound: NDArray[np.int16]) -> Path:
    """A file with sound only."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        _mux_sound(container, stream, sound)
    return path


def _mux_sound(container: av.container.OutputContainer, stream: AudioStream, sound: NDArray[np.int16]) -> None:
    resampler = av.AudioResampler(stream.format, stream.layout, stream.rate, frame_size=1024)
    frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = 44_100
    frame.pts = 0
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(part))
    container.mux(stream.encode(None))


def box(data: bytes | bytearray, path: str) -> tuple[int, int]:
    """Start and end of the content of a box such as "moov/trak/mdia/mdhd" in an ISO base media file."""
    start, end = 0, len(data)
    for name in path.split("/"):
        position = start
        while position < end:
            size = int.from_bytes(data[position : position + 4])
            if data[position + 4 : position + 8] == name.encode():
                start, end = position + 8, position + size
                break
            position += size
        else:
            raise KeyError(path)
    return start, end


def declare_hours(path: Path, source: Path, hours: float) -> Path:
    """A copy of an .mp4 of one frame whose every header says that it lasts for hours."""
    data = bytearray(source.read_bytes())
    movie, _ = box(data, "moov/mvhd")
    scale = int.from_bytes(data[movie + 12 : movie + 16])
    data[movie + 16 : movie + 20] = int(hours * 3600 * scale).to_bytes(4)
    track, _ = box(data, "moov/trak/tkhd")
    data[track + 20 : track + 24] = int(hours * 3600 * scale).to_bytes(4)
    edits, _ = box(data, "moov/trak/edts/elst")
    data[edits + 8 : edits + 12] = int(hours * 3600 * 1000).to_bytes(4)
    medium, _ = box(data, "moov/trak/mdia/mdhd")
    scale = int.from_bytes(data[medium + 12 : medium + 16])
    data[medium + 16 : medium + 20] = int(hours * 3600 * scale).to_bytes(4)
    times, _ = box(data, "moov/trak/mdia/minf/stbl/stts")
    data[times + 12 : times + 16] = int(hours * 3600 * scale).to_bytes(4)
    path.write_bytes(data)
    return path


def huge_png(path: Path, side: int) -> Path:
    """A black picture of one bit a pixel: a few kilobytes that want hundreds of megabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    row = b"\0" * (1 + side // 8)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
    return path
