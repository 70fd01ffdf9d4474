"""Published forgery models beside ours, fed as their makers did; none of them is part of this project.

MesoInception (Afchar et al. 2018, trained on Face2Face) and ClassNSeg (Nguyen et al. 2019) judge single faces. LRNet
(Sun et al. 2021, trained on FaceForensics++) judges how 68 points of the face move over 30 neighbouring frames, so it
can be asked about whole clips only. Its makers found the points with a network that is not here and smoothed them by
optical flow; here they come from PFLD and are not smoothed, so its figures are those of the model, not of its authors'
whole program.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.faces import FaceFinder
from detectors.forgery import look
from detectors.geometry import Box, cut, inner
from detectors.model_input import Adapter, Described, ImageInput, Native, ScoreOutput
from detectors.specimen import Clip, FaceTrack

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

PEERS = {
    "MesoInception_F2F": Described(
        ImageInput("NCHW", (256, 256)), ScoreOutput("output", "probability", 0, positive="real")
    ),
    "classnseg_full": Described(
        ImageInput("NCHW", (256, 256), mean=IMAGENET_MEAN, std=IMAGENET_STD),
        ScoreOutput("activation", "logits", 0, positive="fake"),
    ),
}
"""File name without suffix to how the model is fed and read, as its maker did."""

LRNET, PFLD = "lrnet_ffpp", "PFLD_GhostOne_112_1_opt_sim"
BLOCK = 30
BLOCKS = 4
"""Blocks of a clip that LRNet is asked about, from its start: four seconds and more of video."""

FIND_EVERY = 5
"""Frames between two searches for the face; its points are found in every frame."""

OF_98 = [*range(0, 33, 2), *range(33, 38), *range(42, 47), *range(51, 60)]
OF_98 += [60, 61, 63, 64, 65, 67, 68, 69, 71, 72, 73, 75, *range(76, 96)]
"""Which of PFLD's 98 points (the order of the WFLW set) are the 68 of the 300-W set that LRNet was trained with."""

MARGIN = 1.2
"""LRNet's square is so many times the longer side of the points, PFLD's so many times that of the face box."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A model that scores faces one by one; positive is synthetic."""

    session: onnxruntime.InferenceSession
    adapter: Adapter

    def squares(self, squares: NDArray[np.uint8]) -> float:
        """Mean logit of tight crops, uint8 [n, 160, 160, 3]; ours sees their inner part, as in training."""
        if isinstance(self.adapter, Native):
            return float(self.adapter.scores(self.session, np.stack([inner(one) for one in squares])).mean())
        height, width = self.adapter.input.size
        shown = [cv2.resize(one, (width, height), interpolation=cv2.INTER_LINEAR) for one in squares]
        return float(self.adapter.scores(self.session, np.asarray(shown, np.uint8)).mean())

    def clip(self, clip: Clip, tracks: tuple[FaceTrack, ...]) -> float:
        """Mean logit over the looks that the product takes.

        Raises:
            ValueError: no face is large and long enough.
        """
        return look(clip, tracks, self.session, self.adapter).score


def session_of(path: Path) -> onnxruntime.InferenceSession:
    """A session with one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def face_peers(models: Path) -> tuple[dict[str, Judge], dict[str, str]]:
    """The peers that judge faces, and why the others cannot be asked.

    Args:
        models: the folder that holds `peers` and `teachers`.
    """
    found, missing = {}, {}
    for name, adapter in PEERS.items():
        path = models / "peers" / f"{name}.onnx"
        if path.is_file():
            found[name] = Judge(session_of(path), adapter)
        else:
            missing[name] = f"there is no {path}"
    return found, missing


class Sequences:
    """LRNet over whole clips.

    Args:
        models: the folder that holds `peers` and `teachers`.
        finder: finds the face whose points are followed.

    Raises:
        FileNotFoundError: LRNet or PFLD is not there.
    """

    def __init__(self, models: Path, finder: FaceFinder) -> None:
        paths = (models / "peers" / f"{LRNET}.onnx", models / "teachers" / f"{PFLD}.onnx")
        missing = [str(path) for path in paths if not path.is_file()]
        if missing:
            raise FileNotFoundError(f"there is no {' nor '.join(missing)}")
        self._lrnet, self._pfld = (session_of(path) for path in paths)
        self._finder = finder

    def clip(self, path: Path) -> float | None:
        """Mean logit over up to four blocks of 30 neighbouring frames; None for a clip with fewer that show a face."""
        points = self._followed(path)
        blocks = [points[start : start + BLOCK] for start in range(0, len(points) - BLOCK + 1, BLOCK)]
        if not blocks:
            return None
        (shares,) = self._lrnet.run(["prob"], {"landmarks": np.stack([normalised(block) for block in blocks])})
        fake = np.clip(np.asarray(shares, np.float64)[:, 1], 1e-6, 1 - 1e-6)
        return float(np.log(fake / (1 - fake)).mean())

    def _followed(self, path: Path) -> NDArray[np.float64]:
        """The 68 points of the largest face in neighbouring frames from the first one that shows it, [n, 68, 2]."""
        points: list[NDArray[np.float64]] = []
        box: Box | None = None
        with av.open(str(path)) as container:
            for number, frame in enumerate(container.decode(video=0)):
                if len(points) == BLOCK * BLOCKS:
                    break
                rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                if box is None or number % FIND_EVERY == 0:
                    found = self._finder.find(rgb)
                    box = max((one.box for one in found), key=lambda one: one[2], default=box)
                if box is not None:
                    points.append(self._points(rgb, box))
        return np.array(points)

    def _points(self, rgb: NDArray[np.uint8], box: Box) -> NDArray[np.float64]:
        side = MARGIN * max(box[2], box[3])
        left, top = box[0] + box[2] / 2 - side / 2, box[1] + box[3] / 2 - side / 2
        face = cut(rgb, (left, top, side, side), (112, 112))[..., ::-1]
        batch = np.ascontiguousarray(face.transpose(2, 0, 1)[None], np.float32) / 255
        shares = np.asarray(self._pfld.run(None, {"input": batch})[0], np.float64).reshape(98, 2)
        return np.asarray(shares[OF_98] * side + (left, top), np.float64)


def normalised(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Points [frames, 68, 2] as LRNet takes them, float32 [frames, 136]: each frame's square is -1 to 1.

    The square has one size in all frames and lies around the middle of each frame's points.
    """
    low, high = points.min(axis=1), points.max(axis=1)
    side = MARGIN * float((high - low).max(axis=1).mean())
    middle = (low + high) / 2
    return np.asarray((points - middle[:, None]) / (side / 2), np.float32).reshape(len(points), -1)


__all__ = ["BLOCK", "LRNET", "PEERS", "Judge", "Sequences", "face_peers", "normalised", "session_of"]
