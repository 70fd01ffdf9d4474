"""YuNet's twelve outputs as the three that the face finder reads.

Decoding after OpenCV's FaceDetectorYN (modules/objdetect/src/face_detect.cpp): at strides 8, 16 and 32 each cell gives
a class and an object score, a box as offset and log size, and five points as offsets, all in cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.model_input import Session

STRIDES = (8, 16, 32)
OUTPUTS = tuple(f"{head}_{stride}" for stride in STRIDES for head in ("cls", "obj", "bbox", "kps"))


class Yunet:
    """A YuNet session that is asked like a faces model of the house: RGB in, scores, boxes and landmarks out.

    Args:
        session: takes one BGR picture, 0 to 255, of a fixed size or of any with sides that are multiples of 32.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_inputs(self) -> Sequence[Any]:
        """The inputs of the file."""
        return self._session.get_inputs()

    def get_outputs(self) -> Sequence[Any]:
        """The outputs of the file."""
        return self._session.get_outputs()

    def run(self, _names: list[str], inputs: dict[str, Any]) -> Sequence[Any]:
        """Scores float32 [n], boxes [n, 4] (left, top, right, bottom) and landmarks [n, 5, 2] in input pixels.

        Raises:
            ValueError: the picture is larger than the size that the file has fixed.
        """
        image = np.asarray(inputs["image"], np.float32)[:, ::-1]
        taken = self._session.get_inputs()[0]
        fixed = [side if isinstance(side, int) else None for side in taken.shape[2:]]
        height, width = (side or given for side, given in zip(fixed, image.shape[2:], strict=True))
        if height < image.shape[2] or width < image.shape[3]:
            raise ValueError(f"this YuNet takes {width} x {height}, not {image.shape[3]} x {image.shape[2]}")
        padded = np.zeros((1, 3, height, width), np.float32)
        padded[:, :, : image.shape[2], : image.shape[3]] = image
        given = dict(zip(OUTPUTS, self._session.run(list(OUTPUTS), {taken.name: padded}), strict=True))
        parts = [_decoded(given, stride, height, width) for stride in STRIDES]
        return [np.concatenate([part[place] for part in parts]) for place in range(3)]


def serves(session: Session) -> bool:
    """Whether a session has YuNet's outputs and takes one colour picture of at least 320 pixels."""
    inputs = session.get_inputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or not set(OUTPUTS) <= {one.name for one in session.get_outputs()}:
        return False
    return inputs[0].shape[1] == 3 and all(not isinstance(side, int) or side >= 320 for side in inputs[0].shape[2:])


def _decoded(
    given: dict[str, Any], stride: int, height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What one stride gives, a row a cell."""
    rows, columns = height // stride, width // stride
    cells = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2).astype(np.float32)
    scores = [np.clip(np.asarray(given[f"{head}_{stride}"], np.float32).reshape(-1), 0, 1) for head in ("cls", "obj")]
    box = np.asarray(given[f"bbox_{stride}"], np.float32).reshape(-1, 4)
    points = np.asarray(given[f"kps_{stride}"], np.float32).reshape(-1, 5, 2)
    middle = (cells + box[:, :2]) * stride
    half = np.exp(np.minimum(box[:, 2:], 10)) * stride / 2  # beyond e^10 cells there is no picture
    corners = np.concatenate([middle - half, middle + half], 1)
    return np.sqrt(scores[0] * scores[1]), corners, (cells[:, None] + points) * stride


__all__ = ["OUTPUTS", "Yunet", "serves"]
