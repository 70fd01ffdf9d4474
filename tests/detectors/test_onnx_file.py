"""What is no ONNX model, or would open other files, is refused in one sentence that says what it is."""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import ModelError
from detectors.onnx_file import check_onnx, read_onnx
from tests.detectors.onnx_bytes import brightness, message, model, node, number, tensor, with_external_weights


def test_a_model_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(brightness())
    assert read_onnx(path) == brightness()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"these are words\n", "is a text file, not an ONNX model"),
        (pickle.dumps({"weights": [1.0]}), "is a Python pickle, which can run anything"),
        (b"\x89HDF\r\n\x1a\n" + bytes(40), r"is a Keras \(HDF5\) file"),
        (b"\x18\0\0\0TFL3" + bytes(40), "is a TensorFlow Lite file"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "is a picture"),
        (brightness()[:-60], "was cut off or damaged"),
        (os.urandom(8) + b"\xff" * 200, "no ONNX model"),
        (number(1, 9), "it holds no graph"),
    ],
)
def test_what_else_it_is(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=message) as caught:
        read_onnx(path)
    assert str(caught.value).startswith("model.onnx: ")
    assert "\n" not in str(caught.value)


def test_a_checkpoint_is_named_and_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"cos\nsystem\n(S'touch opened'\ntR.")
    with pytest.raises(ModelError, match="is a PyTorch checkpoint"):
        read_onnx(path)


def test_weights_in_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="keeps its weights in other files, which is refused; save it as one file"):
        read_onnx(with_external_weights(tmp_path / "model.onnx"))


def test_weights_in_other_files_are_found_within_nodes() -> None:
    outside = tensor("weight", [1.0], extra=number(14, 1))
    inner = message(1, "value") + message(5, outside) + number(20, 4)
    constant = node("Constant", [], "weight") + message(5, inner)
    data = model([constant], [], ("input", (1,)), [("output", (1,))])
    with pytest.raises(ModelError, match="other files"):
        check_onnx("model", data)


def test_what_cannot_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        read_onnx(tmp_path / "none.onnx")
    with pytest.raises(ModelError, match="is a folder"):
        read_onnx(tmp_path)
    os.mkfifo(tmp_path / "pipe.onnx")
    with pytest.raises(ModelError, match="not a plain file"):
        read_onnx(tmp_path / "pipe.onnx")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for content in (data, brightness()[:60] + data):
        try:
            check_onnx("model", content)
        except ModelError as error:
            assert str(error).startswith("model: ")  # noqa: PT017  (most bytes are refused; none may do anything else)
