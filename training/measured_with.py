"""Which faces model stands behind the measurements of the others."""

from __future__ import annotations

import sys
from pathlib import Path

from detectors.faces import FaceFinder
from detectors.model_files import load_model

LEAST_FOUND = 0.8
"""Share of held-out faces that a faces model must find before another model is measured through it."""


def face_finder(out: Path) -> FaceFinder:
    """The finder of the faces model beside the output, as they will be used together.

    Where its card says that it finds few faces, as that of a very short run does, the bundled one serves: what another
    model does on faces that are not found cannot be measured.
    """
    beside = out / "faces.onnx"
    if beside.is_file():
        session, card = load_model("faces", beside)
        found = card.raw.get("quality", {}).get("pictures", {}).get("found_share", 1.0)
        if found >= LEAST_FOUND:
            return FaceFinder(session, card)
        print(f"{beside}: finds {found:.0%} of faces, so the bundled model is measured with", file=sys.stderr)
    return FaceFinder(*load_model("faces"))
