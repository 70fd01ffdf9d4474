"""The face embedding with a view inside, for a student that would need far more pictures to find its way alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from training.teachers import EMBEDDER, fed

INNER = {
    "/features/features.4/Add_output_0": (64, 28),
    "/features/features.11/Add_output_0": (128, 14),
    "/conv2/conv2.2/Clip_output_0": (512, 7),
}
"""Inner maps of the teacher that a student is shown besides the answers: their names, channels and side."""

_AT_ONCE = 8
"""Faces; the maps of more do not stay in a core's cache, which costs a quarter of the time."""


class InnerEmbedder:
    """The face embedding, which also tells what it has worked out on the way (hints, Romero et al. 2015)."""

    def __init__(self, teachers: Path, threads: int = 1) -> None:
        model = onnx.load(str(teachers / EMBEDDER))
        known = {name for node in model.graph.node for name in node.output}
        if lacking := sorted(set(INNER) - known):
            raise SystemExit(f"{teachers / EMBEDDER}: is another model than the one known here; it lacks {lacking[0]}")
        model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in INNER)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, crops: NDArray[np.uint8]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Return the unit embeddings, as :class:`training.teachers.Embedder` does, and the maps of :data:`INNER`."""
        given = fed(crops)
        parts = [
            self._session.run(None, {self._input: given[first : first + _AT_ONCE]})
            for first in range(0, len(given), _AT_ONCE)
        ]
        values, *maps = (
            np.concatenate([np.asarray(one, np.float32) for one in told]) for told in zip(*parts, strict=True)
        )
        return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), np.float32), maps
