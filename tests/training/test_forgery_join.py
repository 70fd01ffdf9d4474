"""Two networks in one file answer as the mean of both, each brought to the same spread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx belongs to the training extra")

from training.forgery_join import join, logits, parts  # noqa: E402 - only after onnx is known to be there
from training.mirror import mirror  # noqa: E402


def _network(path: Path, channel: int, loudness: float) -> Path:
    """The mean of one channel, so many times."""
    helper = onnx.helper
    weight = np.zeros((1, 3, 1, 1), np.float32)
    weight[0, channel] = loudness
    nodes = [
        helper.make_node("Mul", ["crop", "weight"], ["weighed"]),
        helper.make_node("ReduceMean", ["weighed"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("ReduceSum", ["mean", "axes"], ["logit"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("crop", onnx.TensorProto.FLOAT, ["batch", 3, 112, 112])],
        [helper.make_tensor_value_info("logit", onnx.TensorProto.FLOAT, ["batch"])],
        [
            onnx.numpy_helper.from_array(weight, "weight"),
            onnx.numpy_helper.from_array(np.array([1], np.int64), "axes"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
    return path


@pytest.fixture(scope="module")
def crops() -> np.ndarray:
    levels = np.random.default_rng(0).integers(0, 256, (40, 1, 1, 3))
    return np.asarray(np.broadcast_to(levels, (40, 112, 112, 3)), np.uint8)


def test_a_loud_network_weighs_no_more_than_a_quiet_one(tmp_path: Path, crops: np.ndarray) -> None:
    quiet, loud = _network(tmp_path / "a.onnx", 0, 0.01), _network(tmp_path / "b.onnx", 1, 5.0)
    weights = join([quiet, loud], crops, tmp_path / "both.onnx")
    said = logits(tmp_path / "both.onnx", crops)
    first, second = logits(quiet, crops), logits(loud, crops)
    assert np.allclose(said, weights[0] * first + weights[1] * second, atol=1e-4)
    assert weights[0] == pytest.approx(0.5)
    assert weights[1] * second.std() == pytest.approx(0.5 * first.std(), rel=1e-5)


def test_the_joined_file_may_take_the_place_of_one_of_its_parts(tmp_path: Path, crops: np.ndarray) -> None:
    one, other = _network(tmp_path / "a.onnx", 0, 1.0), _network(tmp_path / "b.onnx", 2, 1.0)
    before = other.read_bytes()
    join([one, other], crops, one)
    assert other.read_bytes() == before
    assert logits(one, crops).shape == (40,)


def test_the_networks_of_a_joined_file_come_out_of_it_as_they_went_in(tmp_path: Path, crops: np.ndarray) -> None:
    went_in = [_network(tmp_path / "a.onnx", 0, 1.0), _network(tmp_path / "b.onnx", 2, 3.0)]
    joined = tmp_path / "both.onnx"
    join(went_in, crops, joined)
    mirror(joined, "logit")
    came_out = parts(onnx.load(str(joined)))
    assert len(came_out) == 2
    for before, after in zip(went_in, came_out, strict=True):
        onnx.save(after, str(tmp_path / "out.onnx"))
        assert np.array_equal(logits(tmp_path / "out.onnx", crops), logits(before, crops))
    assert parts(came_out[0]) == [came_out[0]]


def test_a_file_of_another_kind_is_refused(tmp_path: Path, crops: np.ndarray) -> None:
    one = _network(tmp_path / "a.onnx", 0, 1.0)
    with pytest.raises(SystemExit, match="and not crop and logit"):
        join([one, Path("detectors/models/faces.onnx")], crops, tmp_path / "both.onnx")
