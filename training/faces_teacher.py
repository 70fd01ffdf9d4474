"""YuNet for labelling scenes by the ten thousand: the answers of OpenCV's detector in a third of the time."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from detectors.yunet import Yunet
from training.data import Image
from training.teachers import YUNET

_MAX_OVERLAP = 0.3  # as `training.teachers.YuNet` asks of OpenCV
_STRIDE = 32


class SceneTeacher:
    """Answers as `training.teachers.YuNet` does, through ONNX Runtime at the size of the picture."""

    def __init__(self, teachers: Path, threshold: float) -> None:
        path = teachers / YUNET
        if not path.is_file():
            raise SystemExit(f"{path}: the teacher is missing; name its folder with --teachers")
        model = onnx.load(str(path))
        for side, name in ((2, "height"), (3, "width")):  # fixed to 640 in the file, and no node needs that
            model.graph.input[0].type.tensor_type.shape.dim[side].dim_param = name
        for output in model.graph.output:
            output.type.tensor_type.shape.dim[1].dim_param = f"cells_{output.name}"
        del model.graph.value_info[:]  # sizes of what lies between, as for 640
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self._net = Yunet(session)
        self._threshold = threshold

    def __call__(self, rgb: Image) -> NDArray[np.float32]:
        """Return float32 [n, 15]: x, y, width, height, five points (x, y), score; pixels of the picture."""
        height, width = rgb.shape[:2]
        padded = np.zeros((-(-height // _STRIDE) * _STRIDE, -(-width // _STRIDE) * _STRIDE, 3), np.float32)
        padded[:height, :width] = rgb
        answers = self._net.run([], {"image": padded.transpose(2, 0, 1)[None]})
        scores, boxes, points = (np.asarray(answer) for answer in answers)
        likely = np.flatnonzero(scores >= self._threshold)
        scores, boxes, points = scores[likely], boxes[likely], points[likely]
        extents = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)
        kept = np.asarray(cv2.dnn.NMSBoxes(extents.tolist(), scores.tolist(), self._threshold, _MAX_OVERLAP), int)
        kept = kept.reshape(-1)
        told = np.concatenate([extents[kept], points[kept].reshape(-1, 10), scores[kept, None]], 1)
        return np.asarray(told, np.float32).reshape(-1, 15)
