"""What happens to a voice on its way into a clip: rooms, noise, music, other talkers, narrow bands and codecs.

Waveforms are float32 [n], 16 kHz mono, about -1 to 1.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import av
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from detectors.sound import RATE

Sound = NDArray[np.float32]

CODECS: tuple[tuple[str, str, int, int, float], ...] = (
    ("adts", "aac", RATE, 48_000, 0.35),
    ("adts", "aac", RATE, 64_000, 0.25),
    ("adts", "aac", RATE, 32_000, 0.1),
    ("ogg", "libopus", RATE, 24_000, 0.15),
    ("mp3", "libmp3lame", RATE, 32_000, 0.15),
)
"""Container, encoder, rate, bits a second, and how often each is drawn."""


def coded(sound: Sound, container: str, encoder: str, rate: int, bits: int) -> Sound:
    """Encode and decode; the result has the length of the sound, the delay of the encoder stays."""
    held = io.BytesIO()
    with av.open(held, "w", format=container) as out:
        stream = out.add_stream(encoder, rate=rate, layout="mono")
        if not isinstance(stream, av.AudioStream):
            raise TypeError(f"{encoder} is no encoder of sound")
        stream.bit_rate = bits
        frame = av.AudioFrame.from_ndarray(_pcm(sound)[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        kind = stream.codec_context.format
        for part in av.AudioResampler(kind.name if kind is not None else "fltp", "mono", rate).resample(frame):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    held.seek(0)
    return fitted(decoded(held), len(sound))


def decoded(source: io.BytesIO) -> Sound:
    """Decode the sound of a file to 16 kHz mono."""
    parts = []
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(source, "r") as container:
        for frame in container.decode(audio=0):
            parts += [piece.to_ndarray().reshape(-1) for piece in resampler.resample(frame)]
    parts += [piece.to_ndarray().reshape(-1) for piece in resampler.resample(None)]
    pcm = np.concatenate(parts) if parts else np.zeros(0, np.int16)
    return np.asarray(pcm.astype(np.float32) / np.float32(32768), np.float32)


def fitted(sound: Sound, length: int) -> Sound:
    """Cut or fill with silence to a length."""
    return np.pad(sound[:length], (0, max(0, length - len(sound))))


def levelled(sound: Sound, decibels: float) -> Sound:
    """Bring the root mean square to a level in dB below full scale; silence stays silence."""
    now = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0
    return sound if now < 1e-6 else np.asarray(sound * (10 ** (decibels / 20) / now), np.float32)


def mixed(voice: Sound, other: Sound, ratio_db: float) -> Sound:
    """Add another sound, repeated or cut to the length, at a signal-to-noise ratio in dB."""
    level = 10 * float(np.log10(np.mean(np.square(voice, dtype=np.float64)) + 1e-12))
    return np.asarray(voice + levelled(np.resize(other, len(voice)), level - ratio_db), np.float32)


def room(voice: Sound, random: Generator) -> Sound:
    """Reverberation: exponentially decaying noise after Moorer (1979), 0.15 to 0.8 s, direct sound in front."""
    seconds = random.uniform(0.15, 0.8)
    length = int(seconds * RATE)
    tail = random.normal(0, 1, length) * np.exp(-6.9 * np.arange(length) / length)
    tail[: int(random.uniform(0.002, 0.02) * RATE)] = 0
    tail *= 10 ** (random.uniform(-12, 2) / 20) / (np.sqrt(np.square(tail).sum()) + 1e-9)
    tail[0] = 1
    return filtered(voice, tail.astype(np.float32))


def filtered(voice: Sound, response: Sound) -> Sound:
    """Convolve with an impulse response, by Fourier transform; the length stays."""
    size = 1 << (len(voice) + len(response) - 1).bit_length()
    spectrum = np.fft.rfft(voice, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(spectrum, size)[: len(voice)], np.float32)


def narrowed(voice: Sound, lowest_hz: float, highest_hz: float) -> Sound:
    """Keep a band, with slopes of an octave's tenth, as telephones and small loudspeakers do."""
    spectrum = np.fft.rfft(voice)
    hz = np.fft.rfftfreq(len(voice), 1 / RATE)
    gain = np.clip((hz - 0.9 * lowest_hz) / (0.1 * lowest_hz + 1), 0, 1) * np.clip(
        (1.1 * highest_hz - hz) / (0.1 * highest_hz), 0, 1
    )
    return np.asarray(np.fft.irfft(spectrum * gain, len(voice)), np.float32)


def coloured_noise(length: int, slope: float, random: Generator) -> Sound:
    """Noise whose power falls with frequency to the power of `slope`: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(random.normal(0, 1, length))
    hz = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20.0)
    return levelled(np.asarray(np.fft.irfft(spectrum * hz ** (-slope / 2), length), np.float32), -20)


def music(length: int, random: Generator) -> Sound:
    """Something like music: chords of harmonic tones over a bass, with a beat of short noises."""
    out = np.zeros(length)
    beat = int(RATE * random.uniform(0.25, 0.6))
    root = random.uniform(80, 220)
    steps = np.array([0, 2, 4, 5, 7, 9, 11] if random.random() < 0.5 else [0, 2, 3, 5, 7, 8, 10])
    drums = random.random() < 0.7
    for start in range(0, length, beat):
        span = min(length - start, int(beat * random.uniform(1, 3)))
        time = np.arange(span) / RATE
        fade = np.exp(-time * random.uniform(0.5, 6)) * np.minimum(1, time * 200)
        for note in random.choice(steps, int(random.integers(1, 5)), replace=False):
            hz = root * 2 ** (note / 12 + random.integers(0, 3))
            for harmonic in range(1, int(random.integers(2, 9))):
                if hz * harmonic < RATE / 2:
                    loud = random.uniform(0.3, 1) / harmonic
                    out[start : start + span] += loud * fade * np.sin(2 * np.pi * hz * harmonic * time)
        if drums:
            out[start : start + span] += random.uniform(0.5, 3) * random.normal(0, 1, span) * np.exp(-time * 40)
    return levelled(out.astype(np.float32), -20)


def babble(voices: Sequence[Sound], random: Generator) -> Sound:
    """Three to seven other talkers at once."""
    length = 8 * RATE
    chosen = [voices[int(row)] for row in random.integers(0, len(voices), int(random.integers(3, 8)))]
    total = sum((levelled(np.resize(voice, length), -25) for voice in chosen), start=np.zeros(length, np.float32))
    return levelled(np.asarray(total, np.float32), -20)


def disturbances(voices: Sequence[Sound], count: int, random: Generator) -> list[Sound]:
    """So many sounds of eight seconds that may lie under a voice: music, noise and babble."""
    length = 8 * RATE
    makers: tuple[Callable[[], Sound], ...] = (
        lambda: music(length, random),
        lambda: music(length, random),
        lambda: coloured_noise(length, random.uniform(0, 2), random),
        lambda: babble(voices, random),
    )
    return [makers[number % len(makers)]() for number in range(count)]


def degraded(voice: Sound, under: Sequence[Sound], random: Generator) -> Sound:
    """One random way into a clip: perhaps a room, a sound under the voice, a narrow band; nearly always a codec."""
    out = voice
    if random.random() < 0.35:
        out = room(out, random)
    if random.random() < 0.5:
        out = mixed(out, under[int(random.integers(len(under)))], random.uniform(5, 25))
    if random.random() < 0.25:
        out = narrowed(out, random.uniform(40, 350), random.uniform(3000, 7500))
    out = levelled(out, random.uniform(-32, -16))
    if random.random() < 0.9:
        chances = np.array([row[4] for row in CODECS])
        container, encoder, rate, bits, _ = CODECS[int(random.choice(len(CODECS), p=chances / chances.sum()))]
        out = coded(out, container, encoder, rate, bits)
    return out


def swayed(voice: Sound, amount: float, random: Generator) -> Sound:
    """Change speed and pitch along a smooth random curve, by up to `amount` either way, as an excited voice does.

    An approximation of emotion only: formants move along, and nothing else of an emotion is there.
    """
    steps = max(4, int(len(voice) / RATE * 2))
    curve = np.interp(np.linspace(0, steps - 1, len(voice)), np.arange(steps), random.uniform(-1, 1, steps))
    curve += random.uniform(-0.5, 0.5)
    place = np.cumsum(1 + amount * np.clip(curve, -1, 1))
    return np.interp(place[place < len(voice) - 1], np.arange(len(voice)), voice).astype(np.float32)


def _pcm(sound: Sound) -> NDArray[np.int16]:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16)
