"""One streamed pass over a clip, for all detectors: no file is read twice, no memory grows with its length."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from detectors.container import ClipLimits, OpenClip, check_frames, check_pixels, opened, shown_name, spoken
from detectors.errors import ClipUnreadable
from detectors.pictures import LUMA_HEIGHT, LUMA_WIDTH, Converter, FrameSampler, low_luma, quarter_turns
from detectors.sound import SoundKeeper
from detectors.specimen import Clip
from detectors.steps import StepReader

DECODE_THREADS = 1
"""Threads of the video decoder: parallel work is for parallel clips."""


def decode(path: Path, limits: ClipLimits = ClipLimits(), *, steps: bool = True) -> Clip:  # noqa: B008 (a frozen value)
    """Decode the examined part of a clip once: timing and brightness of every frame, some colours, the sound.

    What can be decoded of a damaged file is examined, and the notes say what was odd.

    Args:
        path: the file.
        limits: what is examined of it at most.
        steps: also compare each frame with the one before, which costs about as much as decoding it.

    Raises:
        ClipUnreadable: no picture can be decoded.
        ClipTooLarge: the file is beyond a limit.
        ClipWithoutVideo: it holds sound but no picture.
    """
    with opened(path, limits) as source:
        return _Pass(shown_name(path), source, limits, StepReader() if steps else None).run()


def _expected_s(source: OpenClip, limits: ClipLimits) -> float | None:
    """Length of the part to examine, where the file's own index tells it.

    An index that lists the frames one by one and agrees with the duration is believed; a bare number in a
    header is not.
    """
    video = source.video
    if not video.duration or video.time_base is None or video.frames < 2 or not video.average_rate:
        return None
    length = float(video.duration * video.time_base)
    by_count = video.frames / float(video.average_rate)
    if not 0.8 < by_count / max(length, 1e-3) < 1.25:
        return None
    return min(length, limits.examine_s)


@dataclass
class _Pass:
    """The state of one pass; everything in it is bounded by the limits."""

    name: str
    source: OpenClip
    limits: ClipLimits
    steps: StepReader | None
    times: list[float] = field(default_factory=list)
    luma: list[NDArray[np.uint8]] = field(default_factory=list)
    origin_s: float | None = None
    last_step_s: float = 0.0
    size: tuple[int, int] = (0, 0)
    turns: int = 0
    damaged_packets: int = 0
    damaged_frames: int = 0
    truncated: bool = False
    broken_off: bool = False

    def __post_init__(self) -> None:
        self.convert = Converter()
        self.sampler = FrameSampler(_expected_s(self.source, self.limits))
        self.sound = SoundKeeper(self.limits.examine_s)
        self.early_sound: list[AudioFrame] = []

    def run(self) -> Clip:
        source = self.source
        source.video.codec_context.thread_count = DECODE_THREADS
        streams = [source.video] if source.audio is None else [source.video, source.audio]
        if source.video.start_time is not None and source.video.time_base is not None:
            self.origin_s = float(source.video.start_time * source.video.time_base)
        video_done, audio_done = False, source.audio is None
        packets = source.container.demux(*streams)
        while not (video_done and audio_done):
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                self.broken_off = True
                break
            if packet is None:
                break
            if packet.stream is source.video:
                if not video_done:
                    video_done = self._video(packet)
            elif not audio_done:
                self._audio(packet)
                audio_done = self.sound.full
        if self.broken_off and not video_done:
            self._flush()
        return self._clip()

    def _decoded(self, packet: Packet[Stream]) -> list[VideoFrame | AudioFrame]:
        try:
            return [frame for frame in packet.decode() if isinstance(frame, (VideoFrame, AudioFrame))]
        except av.FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            if not isinstance(error, EOFError):
                self.damaged_packets += 1
            return []

    def _flush(self) -> None:
        """Take the frames that the decoder still holds when the file breaks off."""
        try:
            for frame in self.source.video.codec_context.decode(None):
                self._picture(frame)
        except av.FFmpegError:
            self.damaged_packets += 1

    def _video(self, packet: Packet[Stream]) -> bool:
        """Decode one packet; True when the part to examine is over."""
        return any(self._picture(frame) for frame in self._decoded(packet) if isinstance(frame, VideoFrame))

    def _picture(self, frame: VideoFrame) -> bool:
        """Keep what is needed of one picture; True when it lies behind the part to examine."""
        time_s = self._time(frame)
        if time_s >= self.limits.examine_s:
            self.truncated = True
            return True
        check_frames(self.name, len(self.times) + 1, self.limits)
        if not self.times:
            self.turns = quarter_turns(frame)
            self.size = (frame.height, frame.width) if self.turns % 2 else (frame.width, frame.height)
        check_pixels(self.name, frame.width, frame.height, self.limits)
        self.damaged_frames += bool(frame.is_corrupt)
        self.times.append(time_s)
        brightness = self.convert.brightness(frame)
        self.luma.append(low_luma(brightness, self.turns))
        if self.steps is not None:
            self.steps.take(brightness)
        if frame.duration and frame.time_base is not None:
            self.last_step_s = float(frame.duration * frame.time_base)
        if self.sampler.wants(time_s):
            self.sampler.take(time_s, self.convert.colours(frame, self.turns))
        return False

    def _time(self, frame: VideoFrame) -> float:
        """Seconds from the first picture; where the container tells none, one step after the last."""
        stamp = None if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
        if not self.times:
            # The stream's declared start may be wrong; sound that came earlier waits for this.
            self.origin_s = stamp if stamp is not None else self.origin_s
            self._place_early_sound()
            return 0.0
        if stamp is None or self.origin_s is None:
            rate = self.source.video.average_rate
            return self.times[-1] + (self.last_step_s or (1 / float(rate) if rate else 0.04))
        return max(stamp - self.origin_s, self.times[-1])  # presentation order; a step back is a broken stamp

    def _audio(self, packet: Packet[Stream]) -> None:
        for frame in self._decoded(packet):
            if not isinstance(frame, AudioFrame):
                continue
            if self.times or len(self.early_sound) >= 500:  # about ten seconds of sound before the first picture
                self._hear(frame)
            else:
                self.early_sound.append(frame)

    def _place_early_sound(self) -> None:
        waiting, self.early_sound = self.early_sound, []
        for frame in waiting:
            self._hear(frame)

    def _hear(self, frame: AudioFrame) -> None:
        stamp = None if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
        self.sound.take(frame, None if stamp is None else stamp - (self.origin_s or 0.0))

    def _clip(self) -> Clip:
        if not self.times:
            reason = f": {self.damaged_packets} damaged packets" if self.damaged_packets else ""
            raise ClipUnreadable(f"{self.name}: no picture could be decoded{reason}; the file is cut off or damaged")
        self._place_early_sound()
        still = len(self.times) == 1
        step = self.last_step_s or (self.times[-1] - self.times[-2] if not still else 0.0)
        duration = min(self.times[-1] + step, self.limits.examine_s)
        if still and self.source.declared_s is None:
            duration = 0.0
        audio = self.sound.samples()
        return Clip(
            duration_s=duration,
            declared_s=self.source.declared_s,
            truncated=self.truncated,
            width=self.size[0],
            height=self.size[1],
            times_s=np.array(self.times, np.float64),
            luma=np.stack(self.luma).reshape(-1, LUMA_HEIGHT, LUMA_WIDTH),
            frames=self.sampler.frames(),
            audio=audio,
            is_still=still,
            notes=self._notes(duration),
            steps=None if self.steps is None else self.steps.steps(),
        )

    def _notes(self, duration: float) -> tuple[str, ...]:
        notes = []
        if self.turns:
            notes.append(f"rotated by {self.turns * 90 if self.turns < 3 else 90} degrees")
        if self.truncated:
            notes.append(f"only the first {spoken(self.limits.examine_s)} were examined")
        promised = self._promised_s()
        if not self.truncated and promised is not None and duration < min(promised * 0.95, promised - 0.5):
            notes.append(
                f"the picture ends at {spoken(duration)} although the file declares {spoken(promised)}: "
                "cut off or damaged"
            )
        elif self.broken_off:
            notes.append(f"the file breaks off after {spoken(duration)}")
        if self.damaged_packets:
            notes.append(f"{self.damaged_packets} damaged packets were skipped")
        if self.damaged_frames:
            notes.append(f"{self.damaged_frames} frames are damaged")
        if self.sound.damaged:
            notes.append(f"{self.sound.damaged} pieces of sound could not be read")
        return tuple(notes)

    def _promised_s(self) -> float | None:
        """Length of the picture as the file declares it: the stream's own where there is one (sound may go on)."""
        video = self.source.video
        if video.duration and video.time_base is not None:
            return float(video.duration * video.time_base)
        return self.source.declared_s


__all__ = ["ClipLimits", "decode"]
