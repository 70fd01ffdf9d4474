"""A mirrored network answers with the mean over a crop and its mirror image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx belongs to the training extra")

import onnxruntime  # noqa: E402 - only after onnx is known to be there

from training.forgery_join import LOGIT, logits  # noqa: E402
from training.mirror import mirror  # noqa: E402


def _slanted(path: Path) -> Path:
    """A network that cares where the light is: the mean of the picture times a weight that grows to the right."""
    helper = onnx.helper
    weight = np.broadcast_to(np.linspace(0, 0.1, 112, dtype=np.float32), (1, 3, 112, 112)).copy()
    nodes = [
        helper.make_node("Mul", ["crop", "weight"], ["weighed"]),
        helper.make_node("ReduceMean", ["weighed"], ["logit"], axes=[1, 2, 3], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("crop", onnx.TensorProto.FLOAT, ["batch", 3, 112, 112])],
        [helper.make_tensor_value_info("logit", onnx.TensorProto.FLOAT, ["batch"])],
        [onnx.numpy_helper.from_array(weight, "weight")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


def test_the_answer_is_the_mean_of_both_sides(tmp_path: Path) -> None:
    crops = np.random.default_rng(0).integers(0, 256, (40, 112, 112, 3), np.uint8)
    crops[:, :, 56:] //= 4
    path = _slanted(tmp_path / "one.onnx")
    one, other = logits(path, crops), logits(path, np.ascontiguousarray(crops[:, :, ::-1]))
    assert np.abs(one - other).min() > 1
    mirror(path, LOGIT)
    assert logits(path, crops) == pytest.approx((one + other) / 2, abs=1e-3)
    assert logits(path, np.ascontiguousarray(crops[:, :, ::-1])) == pytest.approx(logits(path, crops), abs=1e-3)


def _embedder(path: Path) -> Path:
    """A network that embeds the light of the four quarters of the width, at length one."""
    helper = onnx.helper
    nodes = [
        helper.make_node("AveragePool", ["crop"], ["quarters"], kernel_shape=[112, 28], strides=[112, 28]),
        helper.make_node("ReduceMean", ["quarters"], ["values"], axes=[1, 2], keepdims=0),
        helper.make_node("LpNormalization", ["values"], ["embedding"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("crop", onnx.TensorProto.FLOAT, ["batch", 3, 112, 112])],
        [helper.make_tensor_value_info("embedding", onnx.TensorProto.FLOAT, ["batch", 4])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


def test_of_embeddings_the_mean_has_length_one_again(tmp_path: Path) -> None:
    crops = np.random.default_rng(1).integers(0, 256, (5, 3, 112, 112)).astype(np.float32)
    crops[..., 56:] /= 4
    path = _embedder(tmp_path / "one.onnx")

    def embed(given: np.ndarray) -> np.ndarray:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return np.asarray(session.run(["embedding"], {"crop": given})[0])

    both = embed(crops) + embed(np.ascontiguousarray(crops[..., ::-1]))
    before = embed(crops)
    mirror(path, "embedding", 4)
    assert embed(crops) == pytest.approx(both / np.linalg.norm(both, axis=1, keepdims=True), abs=1e-6)
    assert np.abs(embed(crops) - before).max() > 0.1


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "faces.onnx"
    path.write_bytes(Path("detectors/models/faces.onnx").read_bytes())
    with pytest.raises(SystemExit, match="and not crop and logit"):
        mirror(path, LOGIT)
    assert path.read_bytes() == Path("detectors/models/faces.onnx").read_bytes()
