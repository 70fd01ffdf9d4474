"""What a file that claims to be an ONNX model really is, by its bytes alone, before any runtime sees it.

ONNX is a Protocol Buffers message (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Only the fields that
lead to tensors are followed here, because a tensor may name another file as the place of its values, and a model from
a stranger must not make anybody open other files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from detectors.container import shown_name
from detectors.errors import ModelError

MAX_BYTES = 1_000_000_000
"""Largest model file; with its weights in memory twice it must fit a worker."""

_CHILDREN: Mapping[str, Mapping[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
"""Field numbers of onnx.proto that lead from one message to another on the way to tensors."""

_EXTERNAL_DATA, _DATA_LOCATION, _EXTERNAL = 13, 14, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DEEPEST = 40  # graphs within graphs; real ones have two or three

_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89HDF\r\n", "a Keras (HDF5) file"),
    (4, b"TFL3", "a TensorFlow Lite file"),
    (0, b"\x89PNG", "a picture"),
    (0, b"\xff\xd8\xff", "a picture"),
    (0, b"GIF8", "a picture"),
    (0, b"%PDF", "a PDF"),
    (0, b"\x1f\x8b", "a compressed archive"),
    (0, b"ORTM", "an ONNX Runtime (.ort) file"),
)
_EXPORT = "export the model to one .onnx file"


def read_onnx(path: Path) -> bytes:
    """Read a model file whole.

    Raises:
        ModelError: it is missing, no plain file, empty, too large, something other than ONNX, or keeps weights in
            other files.
    """
    name = shown_name(path)
    try:
        if path.is_dir():
            raise ModelError(f"{name}: is a folder; name the .onnx file in it")
        if not path.exists():
            raise ModelError(f"{name}: there is no such file")
        if not path.is_file():
            raise ModelError(f"{name}: is not a plain file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ModelError(f"{name}: has {size:,} bytes, more than the {MAX_BYTES:,} that a model may have")
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{name}: cannot be read ({error.strerror})") from error
    check_onnx(name, data)
    return data


def check_onnx(name: str, data: bytes) -> None:
    """Refuse bytes that are no self-contained ONNX model; `name` stands in the message.

    Raises:
        ModelError: what the file is instead, in one sentence.
    """
    if not data:
        raise ModelError(f"{name}: is empty; fetch it again")
    other = _other_kind(data)
    if other is not None:
        raise ModelError(f"{name}: is {other}, not an ONNX model; {_EXPORT}")
    try:
        fields = {number for number, _, _ in _fields(memoryview(data))}
        external = _keeps_weights_elsewhere(memoryview(data), "model", 0)
    except _Malformed as error:
        raise ModelError(f"{name}: is no ONNX model, or was cut off or damaged; fetch it again") from error
    if 7 not in fields:
        raise ModelError(f"{name}: is no ONNX model: it holds no graph")
    if external:
        raise ModelError(
            f"{name}: keeps its weights in other files, which is refused; save it as one file "
            "(onnx.save_model with save_as_external_data=False)"
        )


def _other_kind(data: bytes) -> str | None:
    """What the file is by its first bytes, or None where it may be ONNX."""
    for offset, magic, kind in _OTHERS:
        if data.startswith(magic, offset):
            return kind
    if data.startswith(b"\x80") and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "a Python pickle, which can run anything and is never opened"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    head = data[:512]
    if all(byte in b"\t\n\r\f" or 32 <= byte < 127 for byte in head):
        return "a text file"
    return None


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return "a damaged zip archive"
    if any(name.endswith("data.pkl") for name in names):
        return "a PyTorch checkpoint (a pickle, which can run anything and is never opened)"
    return "a zip archive"


class _Malformed(Exception):
    """The bytes are no Protocol Buffers message."""


def _fields(data: memoryview) -> Iterator[tuple[int, int, memoryview | int]]:
    """Number, wire type and value of each field of a message; fixed-width values are given as 0."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise _Malformed
        value: memoryview | int = 0
        if kind == _VARINT:
            value, at = _varint(data, at)
        elif kind == _BYTES:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise _Malformed
        if at > end:
            raise _Malformed
        yield number, kind, value


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at >= len(data):
            raise _Malformed
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at
    raise _Malformed


def _keeps_weights_elsewhere(data: memoryview, message: str, depth: int) -> bool:
    """Whether any tensor below a message names another file as the place of its values."""
    if depth > _DEEPEST:
        raise _Malformed
    for number, kind, value in _fields(data):
        if message == "tensor":
            if number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value == _EXTERNAL):
                return True
            continue
        child = _CHILDREN[message].get(number)
        if (
            child is not None
            and kind == _BYTES
            and isinstance(value, memoryview)
            and _keeps_weights_elsewhere(value, child, depth + 1)
        ):
            return True
    return False


__all__ = ["MAX_BYTES", "check_onnx", "read_onnx"]
