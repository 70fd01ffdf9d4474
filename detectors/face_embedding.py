"""From a face in a picture to a vector that says whose it is: aligned by five points, embedded, averaged over looks."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.embedding_input import SIDE, embedding_adapter
from detectors.model_files import Card, load_model

ARCFACE_TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Where right eye, left eye, nose and both corners of the mouth (of the person) lie in an aligned face of 112 px.

The template that face recognition models are trained on (Deng et al. 2019, ArcFace).
"""

_FINEST = 0.5  # a warp that shrinks further skips pixels


def align(rgb: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn, scale and move a face onto the template.

    The similarity transform is the one of least squares over all five points (Umeyama 1991). The usual robust
    estimate (least median of squares) trusts two points and lets the others be outliers; a detector's points have no
    outliers but errors of like size, which the mean over five evens out: on LFW people it lost 4.4 % of genuine pairs
    instead of 4.5 % with precise points, and 12.6 % instead of 13.5 % with coarse ones.

    Args:
        rgb: the picture, uint8 [height, width, 3].
        landmarks: the five points of :attr:`detectors.specimen.FaceSighting.landmarks`, float [5, 2], in pixels.

    Returns:
        The face, uint8 [112, 112, 3] RGB; what lies outside the picture repeats its border.

    Raises:
        ValueError: the points are no five points, or fall together.
    """
    matrix = similarity(landmarks, ARCFACE_TEMPLATE)
    shrink = float(np.hypot(matrix[0, 0], matrix[1, 0])) / _FINEST
    if shrink < 1:
        # a warp has no area filter: large faces are shrunk first, so that fine texture is averaged, not skipped
        corners = np.array([[0, 0, 1], [SIDE, 0, 1], [0, SIDE, 1], [SIDE, SIDE, 1]], np.float64)
        back = cv2.invertAffineTransform(matrix)
        spots = corners @ back.T
        height, width = rgb.shape[:2]
        left, top = (int(max(0, np.floor(low) - 2)) for low in spots.min(axis=0))
        right, bottom = (int(np.ceil(high) + 2) for high in spots.max(axis=0))
        part = rgb[top : min(bottom, height), left : min(right, width)]
        if part.size and min(part.shape[:2]) * shrink >= 1:
            rgb = np.asarray(cv2.resize(part, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
            # pixels are squares around their middles, so the middle of the first one moves, too
            moved = (np.asarray(landmarks, np.float64) - [left, top] + 0.5) * shrink - 0.5
            matrix = similarity(moved, ARCFACE_TEMPLATE)
    return np.asarray(cv2.warpAffine(rgb, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def similarity(points: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """The turn, scale and shift that brings points nearest to others in the sense of least squares (Umeyama 1991).

    In the plane and without mirroring it has a closed form: with both sets centred and read as complex numbers, the
    factor is the sum of conj(point) * target over the sum of |point|^2.

    Returns:
        float64 [2, 3], as OpenCV's warps take it.

    Raises:
        ValueError: the sets differ in shape, hold what is not a number, or the points fall together.
    """
    source, wanted = np.asarray(points, np.float64), np.asarray(target, np.float64)
    if source.shape != wanted.shape or not np.isfinite(source).all():
        raise ValueError(f"a face needs {len(wanted)} points (x, y) to be aligned")
    middle, goal = source.mean(axis=0), wanted.mean(axis=0)
    centred, there = source - middle, wanted - goal
    spread = float((centred**2).sum())
    if spread < 1e-6:
        raise ValueError("the points of the face fall together")
    real = float((centred * there).sum()) / spread
    turn = float((centred[:, 0] * there[:, 1] - centred[:, 1] * there[:, 0]).sum()) / spread
    if np.hypot(real, turn) < 1e-6:
        raise ValueError("the points of the face lie like those of no face")
    linear = np.array([[real, -turn], [turn, real]])
    return np.hstack([linear, (goal - linear @ middle)[:, None]])


class FaceEmbedder:
    """Embeds aligned faces with the `identity` model.

    Args:
        model: the .onnx file with its card, None for the shipped one.

    Raises:
        ModelError: the model cannot be loaded.
    """

    def __init__(self, model: Path | None = None) -> None:
        self._session, self._card = load_model("identity", model)
        self._adapter = embedding_adapter(self._card.name, self._card.raw, self._session)

    @property
    def card(self) -> Card:
        """The card of the model; its calibration is of the cosine of two embeddings."""
        return self._card

    def __call__(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Unit embeddings, float32 [n, d], of faces that :func:`align` made, uint8 [n, 112, 112, 3].

        The shipped model gives d = 128. The cosine of two is their scalar product; embeddings of different models
        cannot be compared.

        Raises:
            ValueError: the crops have another shape, or the model gave what is no embedding.
        """
        if crops.ndim != 4 or crops.shape[1:] != (SIDE, SIDE, 3):
            raise ValueError(f"aligned faces are [n, {SIDE}, {SIDE}, 3], not {list(crops.shape)}")
        if not len(crops):
            raise ValueError("there is no face to embed")
        return self._adapter.embed(self._session, crops)


def average(embeddings: NDArray[np.float32], weights: NDArray[np.floating] | None = None) -> NDArray[np.float32]:
    """The unit embedding of one face from several looks at it.

    The mean of unit vectors, brought to unit length, is the direction with the highest mean cosine to all of them
    (the maximum-likelihood mean direction of von Mises and Fisher; Mardia and Jupp 2000, section 10.3).

    Args:
        embeddings: unit vectors, float32 [n, d], of one person.
        weights: float [n], how much each look counts; None for all alike.

    Raises:
        ValueError: there are no looks, the weights do not fit, or the looks cancel each other out.
    """
    if embeddings.ndim != 2 or not len(embeddings):
        raise ValueError("there are no looks to average")
    share = np.ones(len(embeddings)) if weights is None else np.asarray(weights, np.float64)
    if share.shape != (len(embeddings),) or not np.isfinite(share).all() or (share < 0).any() or share.sum() <= 0:
        raise ValueError("each look needs a weight of at least 0, and one above 0")
    mean = share @ embeddings.astype(np.float64) / share.sum()
    length = float(np.linalg.norm(mean))
    if not length > 1e-6:
        raise ValueError("the looks cancel each other out: they are not of one face")
    return np.asarray(mean / length, np.float32)


__all__ = ["ARCFACE_TEMPLATE", "FaceEmbedder", "align", "average", "similarity"]
