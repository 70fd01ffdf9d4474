"""How much fine detail a picture of a face still holds: what compression, blur and enlargement take away."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def detail(rgb: NDArray[np.uint8]) -> float:
    """Fine detail as a share of all there is, as log10: about -1 for a sharp face, -3 for a ruined one.

    The variance of what a Gaussian of one pixel takes away from the luma, over the variance of the luma. Contrast
    and brightness cancel out.

    Args:
        rgb: one face crop, uint8 [height, width, 3]; crops of one size can be compared.
    """
    luma = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 1.0)
    # one grey level of noise at the least: a black picture has no detail, and no logarithm of it
    return float(np.log10((fine.var() + 0.01) / (luma.var() + 1.0)))
