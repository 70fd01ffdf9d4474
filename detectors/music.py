"""Whether a window of sound is music without a voice above it: by how steady its tones are and how seldom it pauses.

Speech glides and pauses: its spectrum 100 ms later is another one, and half of its frames lie well below its mean
power. Music holds its tones and rarely falls silent. Both halves of the idea are old (a low share of quiet frames:
Saunders 1996, Scheirer and Slaney 1997; tones that stay: Seyerlehner et al. 2007); the line between was drawn here.

Measured on windows of three seconds; the line was not fitted on them but chosen with them in view, so that new music
may fare worse. Called music: 80 % of the windows and 15 of 18 clips of public-domain scores, rendered with sampled
instruments, half of them over drums; 90 % of music as :func:`training.voice_sounds.music` makes it. Called so by
mistake: none of 218 windows of read and synthetic speech, none over noise at 10 dB, at most 1.4 % over music at 10 dB
and 5.5 % at 5 dB. What is missed is plucked or struck (a guitar or a drum alone). Singing was not measured: a voice
that sings over a band may be called either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detectors.log_mel import BINS, Spectra

LONGEST_PAUSES = 0.7
"""How much more steadiness is asked for a window that is quiet all the time than for one that never is."""

STEADIEST_VOICE = 0.25
"""Steadiness of a window without pauses from which on it is music."""

LEAST_FRAMES = 100
"""Frames, 1 s, below which nothing is said."""

_APART = 10
"""Frames between the two spectra that are compared: 100 ms, about a syllable's half."""

_BAND = slice(2, 101)  # 80 to 4000 Hz, where tones have their fundamentals and strongest harmonics
_SMOOTH = 9
"""Frequencies over which a spectrum is levelled, 360 Hz: what is left are single tones, not the colour of the sound."""

_FLOOR = 1e-7


def is_music(spectra: Spectra) -> bool:
    """Judge one window of power spectra, float32 [frames, 201] of :func:`detectors.log_mel.power_spectra`.

    Music is where `steadiness - 0.7 * pauses > 0.25`; silence and less than a second are not called music.

    Raises:
        ValueError: the spectra have another number of frequencies.
    """
    if spectra.ndim != 2 or spectra.shape[1] != BINS:
        raise ValueError(f"power spectra have {BINS} frequencies, not the shape {spectra.shape}")
    if len(spectra) < LEAST_FRAMES or float(spectra.max()) <= _FLOOR:
        return False
    return steadiness(spectra) - LONGEST_PAUSES * pauses(spectra) > STEADIEST_VOICE


def pauses(spectra: Spectra) -> float:
    """Share of frames with less than half of the mean power, 0 to 1: about 0.6 in speech, 0.2 in music."""
    power = spectra.sum(axis=1)
    return float((power < 0.5 * power.mean()).mean())


def steadiness(spectra: Spectra) -> float:
    """How alike the tones of a frame and of one 100 ms later are, -1 to 1: about 0.1 in speech, 0.6 and more in music.

    The median cosine of two levelled logarithmic spectra, over pairs of frames that are not quiet; 0 without ten of
    them.
    """
    logs = np.log(spectra[:, _BAND] + np.float32(_FLOOR))
    tones = logs - _levelled(logs)
    power = spectra.sum(axis=1)
    loud = power > 0.1 * np.median(power[power >= np.percentile(power, 20)])
    both = loud[:-_APART] & loud[_APART:]
    if int(both.sum()) < 10:
        return 0.0
    now, then = tones[:-_APART][both], tones[_APART:][both]
    lengths = np.sqrt((now * now).sum(axis=1) * (then * then).sum(axis=1) + 1e-9)
    return float(np.median((now * then).sum(axis=1) / lengths))


def _levelled(logs: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean over the neighbouring frequencies, with the border repeated."""
    padded = np.pad(logs, ((0, 0), (_SMOOTH // 2, _SMOOTH // 2)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, _SMOOTH, axis=1).mean(axis=-1), np.float32)


__all__ = ["is_music", "pauses", "steadiness"]
