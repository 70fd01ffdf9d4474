"""Make the stand-in models: `python tests/detectors/stand_ins/make.py` (needs the `onnx` package).

`faces.onnx` finds a red square (its mean and spread give the box), `forgery.onnx` scores brightness, `identity.onnx`
tells rough patterns of light apart, `voice.onnx` tells colours of sound apart. All keep the input and output that the
real models have, so that a test knows the right answer without a trained weight.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent


def constant(name: str, value: object, kind: type = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(value, kind), name)


def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, [output], **attributes)


def faces() -> onnx.ModelProto:
    """Redness r = relu(R - max(G, B) - 60); a square of half width h has a standard deviation of h / sqrt(3)."""
    nodes = [
        helper.make_node("Split", ["image"], ["red", "green", "blue"], axis=1, num_outputs=3),
        node("Max", ["green", "blue"], "other"),
        node("Sub", ["red", "other"], "difference"),
        node("Sub", ["difference", "sixty"], "above"),
        node("Relu", ["above"], "redness"),
        node("ReduceSum", ["redness"], "sum", keepdims=0),
        node("Max", ["sum", "tiny"], "total"),
        node("Shape", ["image"], "shape"),
        node("Gather", ["shape", "two"], "height", axis=0),
        node("Gather", ["shape", "three"], "width", axis=0),
        node("Range", ["zero_i", "height", "one_i"], "rows_i"),
        node("Range", ["zero_i", "width", "one_i"], "columns_i"),
        node("Cast", ["rows_i"], "rows_f", to=TensorProto.FLOAT),
        node("Cast", ["columns_i"], "columns", to=TensorProto.FLOAT),
        node("Unsqueeze", ["rows_f", "axis_one"], "rows"),
    ]
    for axis, grid in (("x", "columns"), ("y", "rows")):
        nodes += [
            node("Mul", ["redness", grid], f"{axis}_weighted"),
            node("ReduceSum", [f"{axis}_weighted"], f"{axis}_sum", keepdims=0),
            node("Div", [f"{axis}_sum", "total"], f"{axis}_mean"),
            node("Sub", [grid, f"{axis}_mean"], f"{axis}_off"),
            node("Mul", [f"{axis}_off", f"{axis}_off"], f"{axis}_square"),
            node("Mul", ["redness", f"{axis}_square"], f"{axis}_moment"),
            node("ReduceSum", [f"{axis}_moment"], f"{axis}_moments", keepdims=0),
            node("Div", [f"{axis}_moments", "total"], f"{axis}_variance"),
            node("Mul", [f"{axis}_variance", "three_f"], f"{axis}_half_square"),
            node("Sqrt", [f"{axis}_half_square"], f"{axis}_half"),
            node("Sub", [f"{axis}_mean", f"{axis}_half"], f"{axis}_low"),
            node("Add", [f"{axis}_mean", f"{axis}_half"], f"{axis}_high"),
        ]
        nodes += [node("Reshape", [f"{axis}_{end}", "one_long"], f"{axis}_{end}_1") for end in ("low", "high", "mean")]
    nodes += [
        node("Concat", ["x_low_1", "y_low_1", "x_high_1", "y_high_1"], "box", axis=0),
        node("Unsqueeze", ["box", "axis_zero"], "boxes"),
        node("Concat", ["x_mean_1", "y_mean_1"], "middle", axis=0),
        node("Reshape", ["x_half", "one_long"], "x_half_1"),
        node("Reshape", ["y_half", "one_long"], "y_half_1"),
        node("Concat", ["x_half_1", "y_half_1"], "half", axis=0),
        node("Mul", ["half", "places"], "away"),
        node("Add", ["away", "middle"], "points"),
        node("Unsqueeze", ["points", "axis_zero"], "landmarks"),
        node("Div", ["total", "enough"], "much"),
        node("Min", ["much", "one_f"], "certain"),
        node("Reshape", ["certain", "one_long"], "scores"),
    ]
    values = [
        constant("sixty", 60), constant("tiny", 1e-6), constant("three_f", 3), constant("one_f", 1),
        constant("enough", 20_000), constant("two", 2, np.int64), constant("three", 3, np.int64),
        constant("zero_i", 0, np.int64), constant("one_i", 1, np.int64), constant("axis_one", [1], np.int64),
        constant("axis_zero", [0], np.int64), constant("one_long", [1], np.int64),
        constant("places", [[-0.4, -0.3], [0.4, -0.3], [0, 0], [-0.3, 0.4], [0.3, 0.4]]),
    ]  # fmt: skip
    return model(
        nodes, values,
        [("image", [1, 3, "H", "W"])],
        [("scores", ["N"]), ("boxes", ["N", 4]), ("landmarks", ["N", 5, 2])],
    )  # fmt: skip


def forgery() -> onnx.ModelProto:
    """Logit = (mean brightness - 128) / 32: bright is "synthetic"."""
    nodes = [
        node("ReduceMean", ["crop", "axes"], "brightness", keepdims=0),
        node("Sub", ["brightness", "middle"], "centred"),
        node("Div", ["centred", "scale"], "logit"),
    ]
    values = [constant("axes", [1, 2, 3], np.int64), constant("middle", 128), constant("scale", 32)]
    return model(nodes, values, [("crop", ["B", 3, 112, 112])], [("logit", ["B"])])


def identity() -> onnx.ModelProto:
    """Means of 8 x 16 blocks and of their mirror image, less the mean of all, at unit length: 128 values."""
    nodes = [
        node("Reshape", ["crop", "blocks"], "parts"),
        node("ReduceMean", ["parts", "within"], "means", keepdims=0),
        node("Gather", ["means", "backwards"], "mirrored", axis=2),
        node("Add", ["means", "mirrored"], "both"),
        node("Reshape", ["both", "flat"], "vector"),
        node("ReduceMean", ["vector", "across"], "middle", keepdims=1),
        node("Sub", ["vector", "middle"], "centred"),
        node("ReduceL2", ["centred", "across"], "length", keepdims=1),
        node("Div", ["centred", "length"], "embedding"),
    ]
    values = [
        constant("blocks", [-1, 3, 8, 14, 16, 7], np.int64), constant("within", [1, 3, 5], np.int64),
        constant("backwards", list(range(15, -1, -1)), np.int64), constant("flat", [-1, 128], np.int64),
        constant("across", [1], np.int64),
    ]  # fmt: skip
    return model(nodes, values, [("crop", ["B", 3, 112, 112])], [("embedding", ["B", 128])])


def voice() -> onnx.ModelProto:
    """Means of the bands over time, less the mean of all, at unit length: the colour of a sound in 40 values."""
    nodes = [
        node("ReduceMean", ["log_mels", "one"], "colour", keepdims=0),
        node("ReduceMean", ["colour", "one"], "loudness", keepdims=1),
        node("Sub", ["colour", "loudness"], "centred"),
        node("ReduceL2", ["centred", "one"], "length", keepdims=1),
        node("Max", ["length", "tiny"], "some"),
        node("Div", ["centred", "some"], "embedding"),
    ]
    values = [constant("one", [1], np.int64), constant("tiny", 1e-6)]
    return model(nodes, values, [("log_mels", ["B", "T", 40])], [("embedding", ["B", 40])])


Named = list[tuple[str, list[Any]]]


def described(values: Named) -> list[Any]:
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values]


def model(nodes: list[Any], values: list[Any], inputs: Named, outputs: Named) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "stand_in", described(inputs), described(outputs), values)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    made.ir_version = 9
    onnx.checker.check_model(made)
    return made


def write(role: str, made: onnx.ModelProto, more: str = "") -> None:
    data = made.SerializeToString()
    (FOLDER / f"{role}.onnx").write_bytes(data)
    (FOLDER / f"{role}.toml").write_text(
        f'name = "{role}"\nversion = "stand-in"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\n'
        f'bytes = {len(data)}\nlicence = "Apache-2.0"\n{more}',
        encoding="utf-8",
    )


if __name__ == "__main__":
    write("faces", faces())
    write(
        "forgery", forgery(),
        '\n[calibration]\nmethod = "platt"\na = 0.4\nb = 0.0\nmax_abs_log10_lr = 0.7\nsamples = 100\n',
    )  # fmt: skip
    write(
        "identity", identity(),
        '\n[calibration]\nmethod = "platt"\na = 8.0\nb = -4.0\nmax_abs_log10_lr = 1.5\nsamples = 100\n',
    )  # fmt: skip
    write(
        "voice", voice(),
        '\n[calibration]\nmethod = "logistic over cosine, speech and noise"\n'
        "slope = 10.0\nslope_s = 1.0\nslope_n = 0.0\noffset = -5.0\noffset_s = 0.0\noffset_n = 0.5\n"
        "max_abs_log10_lr = 1.0\nmismatch_below = -0.5\nleast_speech_s = 2.0\nsamples = 200\nspeakers = 20\n",
    )  # fmt: skip
