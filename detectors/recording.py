"""Listen to a reference recording: whether there is sound in it, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from numpy.typing import NDArray

from detectors.container import ClipLimits, check_file, open_container, shown_name, spoken
from detectors.errors import ClipTooLarge, ClipUnreadable
from detectors.sound import RATE, SoundKeeper

_LIMITS = ClipLimits(examine_s=600.0)
_SILENCE = round(32_768 * 10 ** (-60 / 20))  # -60 dB of full scale: quieter than the noise of any room


def seconds_of_sound(path: Path) -> float:
    """How many seconds of sound a recording holds; see :func:`sound_of`."""
    return sound_of(path).size / RATE


def sound_of(path: Path) -> NDArray[np.int16]:
    """The sound of a recording, a sound file or that of a video, int16 [n], 16 kHz mono; ten minutes at most.

    Raises:
        ClipUnreadable: the file is missing, holds no sound, none that can be decoded, or silence alone.
        ClipTooLarge: it is beyond a limit on bytes or duration.
    """
    name = shown_name(path)
    check_file(path, name, _LIMITS)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ClipUnreadable(f"{name}: cannot be read: {error.strerror}") from error
    keeper = SoundKeeper(_LIMITS.examine_s)
    with stream, open_container(stream, name, _LIMITS) as container:
        if not container.streams.audio:
            raise ClipUnreadable(f"{name}: holds no sound")
        declared = (container.duration or 0) / av.time_base
        if declared > _LIMITS.max_duration_s:
            raise ClipTooLarge(
                f"{name}: declares {spoken(declared)}, above the limit of {spoken(_LIMITS.max_duration_s)}"
            )
        for frame in _frames(container):
            keeper.take(frame, None)
            if keeper.full:
                break
    samples = keeper.samples()
    if samples is None:
        raise ClipUnreadable(f"{name}: its sound cannot be decoded; the file is cut off or damaged")
    if int(np.abs(samples.astype(np.int32)).max()) <= _SILENCE:
        raise ClipUnreadable(f"{name}: is silent from beginning to end")
    return samples


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    """Every frame of the first sound stream that can be decoded; ends where the file breaks off."""
    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
        except av.FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            if isinstance(error, EOFError):
                return
            frames = []
        yield from (frame for frame in frames if isinstance(frame, AudioFrame))


__all__ = ["seconds_of_sound"]
