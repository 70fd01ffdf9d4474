"""Open a media file that a stranger made: by its content alone, and refused before it can do harm.

A name proves nothing and a playlist renamed to .mp4 would make the demuxer open other files or
addresses. The file is therefore handed over as an open file object (no name, no protocol), and
only demuxers that read one self-contained file are admitted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import av.logging
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from detectors.errors import ClipTooLarge, ClipUnreadable, ClipWithoutVideo
from detectors.picture_headers import declared_size

av.logging.set_level(None)  # a damaged clip would print thousands of lines; what matters is counted in the notes

DEMUXERS = (
    "mov", "matroska", "webm", "avi", "mpegts", "mpeg", "flv", "asf", "ogg", "ivf", "h264", "hevc", "m4v", "mpegvideo",
    "gif", "apng", "jpeg_pipe", "png_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "jpegxl_pipe", "mjpeg",
    "mp3", "aac", "wav", "flac", "w64", "aiff", "au", "amr", "caf",
)  # fmt: skip
"""Demuxers of single self-contained files; sound formats are among them so that the refusal can say "sound only"."""

_READ_AHEAD = 1 << 18  # bytes a read; each call from the demuxer takes the interpreter lock


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What a clip may cost. The defaults suit one worker with about 1.5 GB.

    Attributes:
        max_bytes: size of the file (limits.file_size).
        max_duration_s: length that the container declares, in seconds (limits.duration).
        examine_s: how much from the start is examined, in seconds (limits.examine).
        max_pixels: width times height of one frame (limits.pixels); 8K is 33 million.
        max_frames: frames decoded within the examined part (limits.frames).
    """

    max_bytes: int = 500_000_000
    max_duration_s: float = 7_200.0
    examine_s: float = 300.0
    max_pixels: int = 36_000_000
    max_frames: int = 40_000


@dataclass(frozen=True, slots=True)
class OpenClip:
    """An open container with the streams to decode, checked against the limits as far as the header tells."""

    container: InputContainer
    video: VideoStream
    audio: AudioStream | None
    declared_s: float | None


def shown_name(path: Path) -> str:
    """The file's name for a message: one line, printable, at most 80 characters."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in path.name)
    return clean if len(clean) <= 80 else clean[:77] + "..."


class _Nameless:
    """An open file without its name: the demuxer would choose by suffix and expand patterns such as %03d."""

    def __init__(self, stream: BinaryIO) -> None:
        self.read = stream.read
        self.seek = stream.seek
        self.tell = stream.tell


@contextlib.contextmanager
def opened(path: Path, limits: ClipLimits) -> Iterator[OpenClip]:
    """Open a file and check its size, its kind and what its header declares.

    Raises:
        ClipUnreadable: missing, empty, cut off before its index, or no media file at all.
        ClipTooLarge: the size, the declared duration, the frame size or the frame count is above its limit.
        ClipWithoutVideo: there is sound but no picture.
    """
    name = shown_name(path)
    check_file(path, name, limits)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ClipUnreadable(f"{name}: cannot be read: {error.strerror}") from error
    with stream:
        size = declared_size(stream)
        if size is not None:
            check_pixels(name, *size, limits)
        stream.seek(0)
        container = open_container(stream, name, limits)
        with container:
            yield _checked(container, name, limits)


def check_file(path: Path, name: str, limits: ClipLimits) -> None:
    """Refuse what is no file, is empty, or is larger than the limit.

    Raises:
        ClipUnreadable: it is missing, a folder, or empty.
        ClipTooLarge: it is too large.
    """
    try:
        exists = path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise ClipUnreadable(f"{name}: cannot be read: {error.strerror}") from error
    if not exists:
        raise ClipUnreadable(f"{name}: there is no such file")
    if not path.is_file():
        raise ClipUnreadable(f"{name}: is not a file; name a single video, sound or picture file")
    size = path.stat().st_size
    if size == 0:
        raise ClipUnreadable(f"{name}: is empty (0 bytes)")
    if size > limits.max_bytes:
        raise ClipTooLarge(
            f"{name}: has {size / 1e6:,.0f} MB, above the limit of {limits.max_bytes / 1e6:,.0f} MB (limits.file_size)"
        )


def open_container(stream: BinaryIO, name: str, limits: ClipLimits) -> InputContainer:
    """Open an open file by its content alone, with the demuxers of self-contained files only.

    Raises:
        ClipUnreadable: none of them can read it.
    """
    options = {
        "format_whitelist": ",".join(DEMUXERS),
        "protocol_whitelist": "",
        "max_pixels": str(limits.max_pixels),  # looking for stream parameters decodes frames, too
    }
    try:
        container = av.open(_Nameless(stream), "r", options=options, buffer_size=_READ_AHEAD)
    except (av.FFmpegError, UnicodeDecodeError) as error:
        if isinstance(error, MemoryError):
            raise
        raise ClipUnreadable(_why_not(stream, name)) from error
    return container


def _why_not(stream: BinaryIO, name: str) -> str:
    """Why a file did not open, told from its own bytes: the demuxer says "invalid data" to everything."""
    boxes = _top_level_boxes(stream)
    if "ftyp" in boxes and "moov" not in boxes:
        return (
            f"{name}: its index (the moov box) is missing, so the file was cut off while it was saved; fetch it again"
        )
    if "moov" in boxes:
        return f"{name}: its index (the moov box) is damaged or cut off; fetch it again"
    return f"{name}: is not a video, sound or picture file that can be read"


def _top_level_boxes(stream: BinaryIO) -> tuple[str, ...]:
    """Names of the outer boxes of an ISO base media file (ISO/IEC 14496-12, 4.2), in order; empty for other files."""
    names: list[str] = []
    position = 0
    while len(names) < 64:
        stream.seek(position)
        head = stream.read(16)
        if len(head) < 8 or not head[4:8].isalnum():
            break
        names.append(head[4:8].decode("ascii"))
        size = int.from_bytes(head[:4])
        if size == 1:
            size = int.from_bytes(head[8:16])
        if size < 8 or (not position and names != ["ftyp"]):
            break
        position += size
    return tuple(names)


def _checked(container: InputContainer, name: str, limits: ClipLimits) -> OpenClip:
    # a cover picture does not make a song a video; a stream of a codec that nobody knows has no decoder at all
    pictures = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None
    ]
    if not pictures:
        if container.streams.audio:
            raise ClipWithoutVideo(f"{name}: holds sound but no picture")
        raise ClipUnreadable(f"{name}: holds no picture that can be decoded")
    best = container.streams.best("video")
    video = best if isinstance(best, VideoStream) and best in pictures else pictures[0]
    sounds = [stream for stream in container.streams.audio if stream.codec_context is not None]
    audio = sounds[0] if sounds else None

    declared = container.duration / av.time_base if container.duration and container.duration > 0 else None
    if declared is not None and declared > limits.max_duration_s:
        raise ClipTooLarge(
            f"{name}: the container declares {spoken(declared)}, "
            f"above the limit of {spoken(limits.max_duration_s)} (limits.duration)"
        )
    check_pixels(name, video.codec_context.width, video.codec_context.height, limits)
    if video.frames > limits.max_frames and (declared is None or declared <= limits.examine_s):
        raise _too_many(name, video.frames, limits)
    return OpenClip(container, video, audio, declared)


def check_pixels(name: str, width: int, height: int, limits: ClipLimits) -> None:
    """Refuse a frame size above the limit.

    Raises:
        ClipTooLarge: it is above.
    """
    if width * height > limits.max_pixels:
        raise ClipTooLarge(
            f"{name}: a frame of {width} x {height} is {width * height / 1e6:,.0f} million pixels, "
            f"above the limit of {limits.max_pixels / 1e6:,.0f} million (limits.pixels)"
        )


def check_frames(name: str, count: int, limits: ClipLimits) -> None:
    """Refuse a frame count above the limit.

    Raises:
        ClipTooLarge: it is above.
    """
    if count > limits.max_frames:
        raise _too_many(name, count, limits)


def _too_many(name: str, count: int, limits: ClipLimits) -> ClipTooLarge:
    return ClipTooLarge(
        f"{name}: has at least {count:,} frames in the part to examine, "
        f"above the limit of {limits.max_frames:,} (limits.frames)"
    )


def spoken(seconds: float) -> str:
    """A duration for people: "2 h", "4 h 5 min", "1 min 30 s", "7.5 s"."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    parts = ((whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60 if whole < 3600 else 0, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
