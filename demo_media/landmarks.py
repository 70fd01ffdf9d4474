"""Faces and their 98 landmarks (the WFLW scheme), found by two research models that stay outside the repository."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from demo_media.warp import Picture, Points

CONTOUR = slice(0, 33)
"""From the left ear over the chin to the right ear, left as the viewer sees it."""
LEFT_BROW, RIGHT_BROW = slice(33, 42), slice(42, 51)
NOSE = slice(51, 60)
LEFT_EYE, RIGHT_EYE = slice(60, 68), slice(68, 76)
MOUTH = slice(76, 96)
UPPER_INNER, LOWER_INNER = (88, 89, 90, 91, 92), (92, 93, 94, 95, 88)
"""The edges of the two lips that meet when the mouth is closed."""

_PAIRS = (
    *((index, 32 - index) for index in range(16)),
    *((33, 46), (34, 45), (35, 44), (36, 43), (37, 42), (38, 50), (39, 49), (40, 48), (41, 47)),
    *((55, 59), (56, 58), (60, 72), (61, 71), (62, 70), (63, 69), (64, 68), (65, 75), (66, 74), (67, 73)),
    *((76, 82), (77, 81), (78, 80), (87, 83), (86, 84), (88, 92), (89, 91), (95, 93), (96, 97)),
)


def _mirror() -> NDArray[np.int64]:
    order = np.arange(98)
    for one, other in _PAIRS:
        order[one], order[other] = other, one
    return order


MIRROR = _mirror()
"""Which landmark takes the place of which when a picture is mirrored."""

ARCFACE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Where five points lie in the 112 px crop of face recognition models (Deng et al., ArcFace)."""


def eight_bit(picture: Picture) -> NDArray[np.uint8]:
    """A picture as bytes."""
    return np.asarray(np.clip(picture * 255 + 0.5, 0, 255), np.uint8)


class Finder:
    """Finds the largest face with its landmarks, and embeds it.

    Args:
        teachers: the folder with YuNet, PFLD and MobileFaceNet.
    """

    def __init__(self, teachers: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._faces = cv2.FaceDetectorYN.create(
            str(teachers / "face_detection_yunet_2023mar.onnx"), "", (320, 320), 0.6, 0.3, 50
        )
        self._landmarks = onnxruntime.InferenceSession(
            str(teachers / "PFLD_GhostOne_112_1_opt_sim.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._embedding = onnxruntime.InferenceSession(
            str(teachers / "mobilefacenet_dyn.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def faces(self, picture: Picture) -> NDArray[np.float32]:
        """All faces as YuNet gives them: x, y, width, height, five points, score; float32 [n, 15]."""
        self._faces.setInputSize((picture.shape[1], picture.shape[0]))
        found = self._faces.detect(eight_bit(picture[..., ::-1]))[1]
        return np.zeros((0, 15), np.float32) if found is None else np.asarray(found, np.float32)

    def _largest(self, picture: Picture) -> NDArray[np.float32]:
        found = self.faces(picture)
        if not len(found):
            raise SystemExit("no face in a picture that must have one; look at it")
        return np.asarray(found[np.argmax(found[:, 2] * found[:, 3])], np.float32)

    def landmarks(self, picture: Picture) -> Points:
        """The 98 landmarks of the largest face, in pixels."""
        x, y, width, height = (float(value) for value in self._largest(picture)[:4])
        side = max(width, height) * 1.2
        left, top, scale = x + width / 2 - side / 2, y + height / 2 - side / 2, 112 / side
        place = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
        crop = cv2.warpAffine(
            picture[..., ::-1], place, (112, 112), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        )
        answer = self._landmarks.run(None, {"input": np.ascontiguousarray(crop.transpose(2, 0, 1)[None], np.float32)})
        return np.asarray(np.asarray(answer[0], np.float64).reshape(98, 2) * side + (left, top))

    def embedding(self, picture: Picture) -> NDArray[np.float32]:
        """The unit embedding of the largest face, float32 [128]: cosine of two tells whether they are one person."""
        five = self._largest(picture)[4:14].reshape(5, 2)
        place = cv2.estimateAffinePartial2D(five, ARCFACE, method=cv2.LMEDS)[0]
        crop = cv2.warpAffine(picture, place, (112, 112), borderMode=cv2.BORDER_REPLICATE)
        batch = ((crop * 255 - 127.5) / 128).transpose(2, 0, 1)[None].astype(np.float32)
        values = np.asarray(self._embedding.run(None, {self._embedding.get_inputs()[0].name: batch})[0][0])
        return np.asarray(values / np.linalg.norm(values), np.float32)
