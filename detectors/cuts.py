"""Where one shot ends and another begins, from the brightness of every frame."""

from __future__ import annotations

import numpy as np

from detectors.specimen import Clip

_LEAST_CHANGE = 12.0  # of 255, averaged over the picture: below that, not even a dark shot changes
_TIMES_USUAL = 4.0  # how much a cut stands out from the change between the frames around it
_WINDOW = 12  # frames on each side that tell what is usual there


def cut_times(clip: Clip) -> tuple[float, ...]:
    """Times in seconds of the first frame after each cut.

    A cut is a change between two neighbouring frames that is large and stands out from the changes around it;
    a moving camera or a shaking hand changes much, too, but in every frame.
    """
    if len(clip.luma) < 2:
        return ()
    changes = np.array(
        [float(np.abs(later.astype(np.int16) - earlier).mean()) for earlier, later in zip(clip.luma, clip.luma[1:])]  # noqa: B905
    )
    cuts = []
    for index in np.flatnonzero(changes >= _LEAST_CHANGE):
        around = np.concatenate((changes[max(0, index - _WINDOW) : index], changes[index + 1 : index + 1 + _WINDOW]))
        usual = float(np.median(around)) if around.size else 0.0
        if changes[index] >= _TIMES_USUAL * usual:
            cuts.append(float(clip.times_s[index + 1]))
    return tuple(cuts)
