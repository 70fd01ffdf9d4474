"""Find faces with five landmarks in one picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.geometry import Box, inside, overlap, overlaps
from detectors.model_files import Card
from detectors.specimen import FaceSighting

LONG_SIDE = 320
"""Pictures are searched at this size: a face of a tenth of the picture is 32 pixels there."""

_STRIDE = 32  # both sides of the model's input must be multiples of it
_MIN_SCORE = 0.6
_MAX_OVERLAP = 0.4  # boxes of one face overlap more than that; faces side by side do not
_MAX_INSIDE = 0.7  # a weaker find that lies further within a stronger one is an eye or a mouth of it
_MAX_CANDIDATES = 400
_VOTES_FROM = 0.6  # boxes that overlap a find at least so much have a say in where it lies,
_LEAST_VOTE = 0.05  # if the model gives them this score,
_VOTE_POWER = 3  # with the weight of their score to this power


class FaceFinder:
    """Finds faces with the `faces` model.

    Args:
        session: the loaded model (see the card for its input and outputs).
        card: its card; `score_threshold` under [output] replaces the default of 0.6.
    """

    def __init__(self, session: onnxruntime.InferenceSession, card: Card) -> None:
        self._session = session
        self._min_score = float(card.raw.get("output", {}).get("score_threshold", _MIN_SCORE))

    def find(self, rgb: NDArray[np.uint8], *, frame: int = 0, time_s: float = 0.0) -> list[FaceSighting]:
        """Faces in one picture, most certain first.

        Args:
            rgb: uint8 [height, width, 3].
            frame, time_s: passed on into the sightings.

        Returns:
            Sightings with box and landmarks in pixels of `rgb`, clipped to nothing: a face at the border may reach out.
            Where a face lies is the weighted mean of all answers about it (box voting, Gidaris and Komodakis 2015), as
            their errors are not all the same: against the best answer alone it takes a tenth off the error of the
            points. The score is the best answer's.
        """
        image, scale = letterbox(rgb)
        outputs: list[Any] = self._session.run(["scores", "boxes", "landmarks"], {"image": image})
        scores, boxes, landmarks = (np.asarray(output, np.float32) for output in outputs)
        landmarks = landmarks.reshape(-1, 10)
        numbers = np.isfinite(boxes).all(1) & np.isfinite(landmarks).all(1)
        heard = np.flatnonzero(numbers & (scores >= min(_LEAST_VOTE, self._min_score)))
        heard = heard[(boxes[heard, 2:] - boxes[heard, :2] >= scale).all(1)]  # a pixel of the picture
        order = heard[np.argsort(-scores[heard], kind="stable")][:_MAX_CANDIDATES]
        scores, boxes, landmarks = scores[order], boxes[order] / scale, landmarks[order] / scale
        boxes[:, 2:] -= boxes[:, :2]
        kept: list[tuple[Box, int]] = []
        for index in np.flatnonzero(scores >= self._min_score).tolist():
            box = _box(boxes[index])
            if not any(_same_face(box, other) for other, _ in kept):
                kept.append((box, index))
        found = []
        for _, index in kept:
            near = overlaps(boxes[index : index + 1], boxes)[0] >= _VOTES_FROM
            weights = np.where(near, scores, 0) ** _VOTE_POWER
            shares = weights / weights.sum()
            points = np.asarray(shares @ landmarks, np.float32).reshape(5, 2)
            found.append(FaceSighting(frame, time_s, _box(shares @ boxes), points, float(scores[index])))
        return found


def _box(row: NDArray[np.float32]) -> Box:
    x, y, width, height = row.tolist()
    return x, y, width, height


def _same_face(box: Box, stronger: Box) -> bool:
    return overlap(box, stronger) > _MAX_OVERLAP or inside(box, stronger) > _MAX_INSIDE


def letterbox(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
    """A picture as the model's input: float32 [1, 3, H, W], long side 320, black at the right and below.

    Returns:
        The input, and the factor from pixels of the picture to pixels of the input.
    """
    height, width = rgb.shape[:2]
    scale = LONG_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    padded = np.zeros((_up(size[1]), _up(size[0]), 3), np.float32)
    padded[: size[1], : size[0]] = small
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None]), scale


def _up(length: int) -> int:
    """The next multiple of the stride."""
    return -(-length // _STRIDE) * _STRIDE
