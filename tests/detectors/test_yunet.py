"""YuNet's heads are read as OpenCV reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.runner import default_data
from detectors.clip import decode
from detectors.faces import FaceFinder, letterbox
from detectors.model_files import load_model
from detectors.model_probe import probe
from detectors.yunet import OUTPUTS, Yunet, serves

TEACHERS = default_data().parent / "models" / "teachers"
MEDIA = Path(__file__).parents[2] / "bot" / "demo" / "media"


class _OneCell:
    """A session that sees one face: in row 2, column 3 of stride 16."""

    def __init__(self, shape: list[Any]) -> None:
        self.shape = shape
        self.seen: Any = None

    def get_inputs(self) -> Sequence[Any]:
        return [SimpleNamespace(name="input", type="tensor(float)", shape=self.shape)]

    def get_outputs(self) -> Sequence[Any]:
        return [SimpleNamespace(name=name) for name in OUTPUTS]

    def run(self, names: list[str], inputs: dict[str, Any]) -> Sequence[Any]:
        self.seen = inputs["input"]
        height, width = self.seen.shape[2:]
        answers = []
        for name in names:
            head, stride = name.split("_")
            cells = (height // int(stride)) * (width // int(stride))
            values = np.zeros((1, cells, {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}[head]), np.float32)
            if stride == "16":
                place = 2 * (width // 16) + 3
                values[0, place] = {
                    "cls": [0.81],
                    "obj": [1.0],
                    "bbox": [0.5, 0.25, np.log(4), np.log(2)],
                    "kps": list(range(10)),
                }[head]
            answers.append(values)
        return answers


@pytest.mark.parametrize("shape", [[1, 3, "H", "W"], [1, 3, 640, 640]])
def test_a_cell_becomes_a_box_in_pixels(shape: list[Any]) -> None:
    session = _OneCell(shape)
    assert serves(session)
    image = np.zeros((1, 3, 192, 320), np.float32)
    image[:, 0] = 255
    scores, boxes, landmarks = Yunet(session).run(["scores", "boxes", "landmarks"], {"image": image})
    best = int(scores.argmax())
    assert scores[best] == pytest.approx(0.9)
    # middle at (3.5, 2.25) cells, 4 x 2 cells large
    assert boxes[best] == pytest.approx([24, 20, 88, 52])
    assert landmarks[best, 0] == pytest.approx([48, 48])
    assert landmarks[best, 4] == pytest.approx([(3 + 8) * 16, (2 + 9) * 16])
    assert session.seen[0, :, 0, 0] == pytest.approx([0, 0, 255]), "BGR"
    assert session.seen[0, :, -1, -1] == pytest.approx([0, 0, 255] if shape[2] == "H" else [0, 0, 0])


def test_what_is_no_yunet() -> None:
    assert not serves(_OneCell([1, 3, 160, 160]))
    assert not serves(_OneCell([1, 1, "H", "W"]))
    with pytest.raises(ValueError, match="takes 320 x 320, not 352 x 320"):
        Yunet(_OneCell([1, 3, 320, 320])).run([], {"image": np.zeros((1, 3, 320, 352), np.float32)})


@pytest.mark.parametrize("name", ["yunet_n_dynamic", "face_detection_yunet_2023mar"])
def test_the_same_faces_as_opencv_finds(tmp_path: Path, name: str) -> None:
    source = TEACHERS / f"{name}.onnx"
    if not source.is_file():
        pytest.skip("the published models for comparison are not on this machine")
    path = tmp_path / "yunet.onnx"
    path.write_bytes(source.read_bytes())
    card = f'name = "yunet"\nversion = "1"\nsha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"\n'
    path.with_suffix(".toml").write_text(card)
    assert probe(path, "faces").carded
    rgb = decode(MEDIA / "official_1.mp4").frames[0].rgb
    session, read = load_model("faces", path)
    found = FaceFinder(session, read).find(rgb)
    picture, scale = letterbox(rgb)
    scores, boxes, points = session.run(["scores", "boxes", "landmarks"], {"image": picture})
    small = cv2.resize(rgb[..., ::-1], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    by_opencv = cv2.FaceDetectorYN.create(str(source), "", (small.shape[1], small.shape[0]), 0.6, 0.3)
    _, rows = by_opencv.detect(small)
    assert len(rows) == len(found)
    # the finder goes by all answers about a face, OpenCV by the best
    best, own = max(rows, key=lambda row: row[-1]), int(np.argmax(scores))
    assert np.r_[boxes[own][:2], boxes[own][2:] - boxes[own][:2]] == pytest.approx(best[:4], abs=2.5)
    assert points[own].reshape(-1) == pytest.approx(best[4:14], abs=2.5)
