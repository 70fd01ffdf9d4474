"""Flicker of a face against its surroundings, from the brightness of every frame.

A face that is made frame by frame gets its colours matched frame by frame, and the match trembles: the whole face turns
brighter and darker again from one frame to the next while hair, neck and room do not. Lamps and exposure change both;
a turning head changes the face, but does not change it back one frame later. So what is counted are *pulses*: the
face changes against its surroundings in one step and back in the next.

On the clips of FaceForensics++ that were looked at (16 synthetic, 18 genuine ones with others), the autoencoder swaps
reached 0.64 to 1.01 gray levels, the other methods 0.10 to 0.22, genuine clips 0.04 to 0.40, the highest with a room
that changed five times as much. Jumps of the border of a face mask were looked for in the same way (the band around the
face's outline against inside and outside); they told nothing about these clips beyond what freezes do, so that they
are told only where they are gross.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, overlap
from detectors.specimen import Clip, FaceTrack

FLICKERS_FROM = 0.5
"""Root mean square of the pulses in gray levels of 255 from which on a face flickers: midway between the highest
genuine clip and the lowest autoencoder swap, see the module."""

TIMES_SURROUNDINGS = 1.5
"""Least size of the pulses against the root mean square change of the surroundings, which flicker in a flickering
light; genuine clips reached 1.2, autoencoder swaps began at 2.2."""

BORDER_TIMES, BORDER_LEVELS = 4.0, 3.0
"""How far a change of the border stands out from those before and after, and how large it is in gray levels."""

LEAST_STEPS = 25
"""Fewest pairs of frames in which the face is followed: a second of video."""

_STANDS = 0.02  # change in gray levels below which a frame repeats the one before
_FOLLOWED = 0.5  # overlap of two sightings between which the box may be interpolated
_LONGEST_GAP_S = 4.0  # sightings of a clip of five minutes lie three seconds apart


@dataclass(frozen=True, slots=True)
class FaceFlicker:
    """How much one face flickers.

    Attributes:
        level: root mean square of its pulses, in gray levels of 255.
        times_surroundings: the same as a multiple of the change of the surroundings.
        pulses: (time in seconds, size in gray levels) of every step, in order of time.
        border_jumps: times at which only the outline of the face changes, and much.
    """

    level: float
    times_surroundings: float
    pulses: tuple[tuple[float, float], ...]
    border_jumps: tuple[float, ...]

    @property
    def flickers(self) -> bool:
        """Whether it flickers more than genuine faces were seen to."""
        return self.level >= FLICKERS_FROM and self.times_surroundings >= TIMES_SURROUNDINGS


def face_flicker(clip: Clip, track: FaceTrack, cuts: tuple[float, ...]) -> FaceFlicker | None:
    """Measure one face over the frames between its sightings; None where they are too few or the face is too small.

    Args:
        clip: with luma of every frame.
        track: sightings in the clip's sampled frames.
        cuts: times of the first frame after each cut; no pair of frames across one is compared.
    """
    if not clip.frames:
        return None
    followed = _followed(clip, track)
    followed &= ~np.isin(clip.times_s[1:], np.array(cuts))
    steps = np.flatnonzero(followed)
    measured = [one for one in (_step(clip, track, int(step)) for step in steps) if one is not None]
    if len(measured) < LEAST_STEPS:
        return None
    face, around, inside, border, outside, at = np.array(measured).T
    relative = face - around
    back = (relative[:-1] * relative[1:] < 0) & (np.diff(at) < 3 * np.median(np.diff(at)))
    pulses = np.where(back, np.minimum(np.abs(relative[:-1]), np.abs(relative[1:])), 0.0)
    level = float(np.sqrt((pulses**2).mean()))
    surroundings = float(np.sqrt((around**2).mean() + 0.01))
    return FaceFlicker(
        level,
        level / surroundings,
        tuple(zip(at[:-1].tolist(), pulses.tolist(), strict=True)),
        tuple(float(at[index]) for index in _border_jumps(inside, border, outside)),
    )


def _followed(clip: Clip, track: FaceTrack) -> NDArray[np.bool_]:
    """bool [frames - 1]: which pairs of frames lie between two sightings that are close to each other."""
    start = clip.times_s[:-1]
    held = np.zeros(len(start), bool)
    for one, two in zip(track.sightings, track.sightings[1:]):  # noqa: B905  (neighbours)
        if two.time_s - one.time_s <= _LONGEST_GAP_S and overlap(one.box, two.box) >= _FOLLOWED:
            held |= (start >= one.time_s) & (start < two.time_s)
    return held


def _step(clip: Clip, track: FaceTrack, step: int) -> tuple[float, float, float, float, float, float] | None:
    """Mean change of face and surroundings, mean absolute change inside, at the border, outside, and the time.

    None where one frame repeats the other, or a part covers no cell.
    """
    after, before = clip.luma[step + 1].astype(np.float32), clip.luma[step].astype(np.float32)
    change = after - before
    size = np.abs(change)
    if float(size.mean()) < _STANDS:
        return None
    distance = _distance(_box(clip, track, float(clip.times_s[step])), change.shape)
    inside, border = distance < 0.75, (distance >= 0.75) & (distance < 1.2)
    outside = (distance > 1.4) & (distance < 2.2)
    if min(int(inside.sum()), int(border.sum()), int(outside.sum())) < 4:
        return None
    return (
        float(change[inside].mean()),
        float(change[outside].mean()),
        float(size[inside].mean()),
        float(size[border].mean()),
        float(size[outside].mean()),
        float(clip.times_s[step + 1]),
    )


def _box(clip: Clip, track: FaceTrack, time_s: float) -> Box:
    """The face's box at a time, as shares of the picture, between the sightings before and after."""
    times = [one.time_s for one in track.sightings]
    after = min(max(int(np.searchsorted(times, time_s, side="right")), 1), len(times) - 1)
    one, two = track.sightings[after - 1], track.sightings[after]
    share = (time_s - one.time_s) / max(two.time_s - one.time_s, 1e-6)
    height, width = clip.frames[one.frame].rgb.shape[:2]
    left, top, wide, high = (a + share * (b - a) for a, b in zip(one.box, two.box, strict=True))
    return (left / width, top / height, wide / width, high / height)


def _distance(box: Box, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """How far each cell lies from the middle of the face, 1 on the ellipse that the box encloses."""
    rows, columns = (np.arange(shape[0]) + 0.5) / shape[0], (np.arange(shape[1]) + 0.5) / shape[1]
    left, top, width, height = box
    across = (columns - left - width / 2) / max(width / 2, 1e-6)
    down = (rows - top - height / 2) / max(height / 2, 1e-6)
    return np.asarray(np.sqrt(across[None, :] ** 2 + down[:, None] ** 2))


def _border_jumps(inside: NDArray[np.float64], border: NDArray[np.float64], outside: NDArray[np.float64]) -> list[int]:
    """Steps at which the border changes more than inside and outside, and more than before and after."""
    found = []
    for index in range(2, len(border) - 2):
        beside = max(border[index - 2 : index].max(), border[index + 1 : index + 3].max())
        alone = border[index] > 1.5 * max(inside[index], outside[index])
        if alone and border[index] >= BORDER_LEVELS and border[index] >= BORDER_TIMES * beside:
            found.append(index)
    return found


__all__ = ["FaceFlicker", "face_flicker"]
