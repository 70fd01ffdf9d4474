"""Other people's models, used as teachers only: their answers are learned, their weights are not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.face_embedding import ARCFACE_TEMPLATE
from training.data import Image

YUNET, EMBEDDER = "face_detection_yunet_2023mar.onnx", "mobilefacenet_dyn.onnx"
"""Their files."""


class YuNet:
    """The face detector that labels pictures: boxes, five points, scores."""

    def __init__(self, teachers: Path, threshold: float = 0.3) -> None:
        path = teachers / YUNET
        if not path.is_file():
            raise SystemExit(f"{path}: the teacher is missing; name its folder with --teachers")
        self._net = cv2.FaceDetectorYN.create(str(path), "", (320, 320), threshold, 0.3, 5000)

    def __call__(self, rgb: Image) -> NDArray[np.float32]:
        """Return float32 [n, 15]: x, y, width, height, five points (x, y), score; pixels of the picture."""
        height, width = rgb.shape[:2]
        self._net.setInputSize((width, height))
        _, found = self._net.detect(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        return np.zeros((0, 15), np.float32) if found is None else np.asarray(found, np.float32)


MEAN, STD = (np.array(three, np.float32) * 255 for three in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
"""How the embedding's maker fed it. On LFW people, 2.9 % of genuine pairs are lost at a false match rate of 1e-3;
with (pixel - 127.5) / 128, which is usual for such models and close enough not to be noticed, 4.4 %."""


def fed(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Aligned RGB crops uint8 [n, 112, 112, 3] as the embedding takes them, float32 [n, 3, 112, 112]."""
    return np.ascontiguousarray(((crops.astype(np.float32) - MEAN) / STD).transpose(0, 3, 1, 2))


class Embedder:
    """The face embedding whose answers the trunk learns first."""

    def __init__(self, teachers: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        path = teachers / EMBEDDER
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def __call__(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return unit embeddings float32 [n, 128] of aligned RGB crops uint8 [n, 112, 112, 3]."""
        values = np.asarray(self._session.run(None, {self._input: fed(crops)})[0], np.float32)
        return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), np.float32)


__all__ = ["ARCFACE_TEMPLATE", "EMBEDDER", "YUNET", "Embedder", "YuNet", "fed"]
