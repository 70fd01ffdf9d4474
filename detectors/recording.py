"""Listen to a reference recording: whether there is sound in it, how much, and how much of it may be speech."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from numpy.typing import NDArray

from detectors.container import ClipLimits, check_file, open_container, shown_name, spoken
from detectors.errors import ClipTooLarge, ClipUnreadable
from detectors.log_mel import power_spectra
from detectors.sound import RATE, SoundKeeper
from detectors.speech import find_speech

_LIMITS = ClipLimits(examine_s=600.0)
_SILENCE = round(32_768 * 10 ** (-60 / 20))  # -60 dB of full scale: quieter than the noise of any room


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording holds.

    Attributes:
        sound_s: seconds of sound, ten minutes at most.
        speech_s: seconds of it that may be speech, by energy alone: music counts as well.
    """

    sound_s: float
    speech_s: float


def listen_to(path: Path) -> Recorded:
    """How much a recording holds; raises as :func:`sound_of` does."""
    samples = sound_of(path)
    spectra = power_spectra(samples.astype(np.float32) / np.float32(32768))
    return Recorded(samples.size / RATE, find_speech(spectra).seconds)


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


__all__ = ["Recorded", "listen_to", "sound_of"]
