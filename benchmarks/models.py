"""What `doppelwatch models check` says of foreign files: all in the folder of shared models, and three broken ones.

Every file is offered for every role, as a user may offer it, and once without a role. Whether it can serve is known
beforehand (:data:`SERVES`); what is said of it stands in the figures, to be read.
"""

from __future__ import annotations

import pickle
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.model_files import ROLES
from detectors.model_probe import Probe, probe
from training.data import read_index

AIM = {"judged_rightly": 1.0, "longest_sentence": 300, "slowest_s": 60}
"""At least: the share of offers that are taken or refused as :data:`SERVES` says. At most: letters of a refusal, and
seconds for one file."""

SERVES = {
    "Meso4_DF": {"forgery"},
    "Meso4_F2F": {"forgery"},
    "MesoInception_DF": {"forgery"},
    "MesoInception_F2F": {"forgery"},
    "meso4_nhwc": {"forgery"},
    "classnseg_full": {"forgery"},
    "face_antispoof_int8": {"forgery"},
    "mobilefacenet_dyn": {"identity"},
    "face_detection_yunet_2023mar": {"faces"},
    "yunet_n_dynamic": {"faces"},
    "yunet_s_dynamic": {"faces"},
    "AASIST-L": set[str](),
    "lrnet_ffpp": set[str](),
    "silero_vad_16k_op15": set[str](),
    "squeezenet1_1_features": set[str](),
    "PFLD_GhostOne_112_1_opt_sim": set[str](),
    "cut off": set[str](),
    "with another's card": set[str](),
    "checkpoint": set[str](),
}
"""File name without suffix to the roles that it can serve; the last three are made here. The anti-spoofing model gives
two classes of a face, so it is taken for `forgery`: that its classes mean something else no file can tell."""

LABELLED = 40
"""Faces a class that show which way a score runs."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One file offered for one role, and what came of it.

    Attributes:
        file: its name without suffix.
        role: what it was offered for; None to go by what it gives.
        taken: as which role it can serve; None where it was refused.
        said: the refusal, or the facts that were found.
        right: whether that is what is known of it; None for a file that is not known.
        seconds: what it took.
    """

    file: str
    role: str | None
    taken: str | None
    said: str
    right: bool | None
    seconds: float


def run(options: Options) -> Figures:
    """Offer them all.

    Figures: `aim` and `measured` (see :data:`AIM`), `offers` (each with `file`, `role`, `taken`, `said`, `right`,
    `seconds`; see :class:`Offer`), `files`, `unknown` (files in the folder that nothing is known of), `quick`. With
    `--quick` every file is offered once, without a role and without labelled faces.

    Raises:
        CannotRun: the folder of shared models is missing.
    """
    cv2.setNumThreads(1)
    folder = options.data.parent / "models"
    files = sorted(path for kind in ("peers", "teachers") for path in (folder / kind).glob("*.onnx"))
    if not files:
        raise CannotRun(f"there are no models in {folder}; name the folder of shared data with --data")
    roles: tuple[str | None, ...] = (None,) if options.quick else (None, *ROLES)
    with tempfile.TemporaryDirectory() as made:
        every = [*files, *_broken(files[0], Path(made))]
        crops = options.data / "forgery" / "faceforensics.zip"
        labelled = _labelled(crops, Path(made) / "labelled") if crops.is_file() and not options.quick else None
        task = options.progress.add_task("models", total=len(every) * len(roles))
        offers = []
        for path in every:
            for role in roles:
                offers.append(_offered(path, role, labelled))
                options.progress.advance(task)
    known = [one for one in offers if one.right is not None]
    refused = [one for one in offers if one.taken is None]
    return {
        "aim": AIM,
        "measured": {
            "judged_rightly": round(sum(one.right is True for one in known) / len(known), 4) if known else None,
            "longest_sentence": max((len(one.said) for one in refused), default=0),
            "slowest_s": max(one.seconds for one in offers),
        },
        "offers": [_told(one) for one in offers],
        "files": len(every),
        "unknown": sorted({one.file for one in offers if one.right is None}),
        "quick": options.quick,
    }


def _offered(path: Path, role: str | None, labelled: Path | None) -> Offer:
    started = time.monotonic()
    try:
        found: Probe | None = probe(path, role, clips=labelled)
        assert found is not None
        said, taken = _facts(found), found.role
    except DetectorError as error:
        said, taken = str(error), None
    serves = SERVES.get(path.stem)
    wanted = None if serves is None else serves if role is None else serves & {role}
    right = None if wanted is None else (taken in wanted if taken is not None else not wanted)
    return Offer(path.stem, role, taken, said, right, round(time.monotonic() - started, 2))


def _facts(found: Probe) -> str:
    return "; ".join(found.facts)


def _told(offer: Offer) -> dict[str, Any]:
    return {
        "file": offer.file,
        "role": offer.role,
        "taken": offer.taken,
        "said": offer.said,
        "right": offer.right,
        "seconds": offer.seconds,
    }


def _broken(model: Path, folder: Path) -> Iterator[Path]:
    """A file that was cut off, one beside a card of another file, and a checkpoint of PyTorch under a wrong name."""
    data = model.read_bytes()
    short = folder / "cut off.onnx"
    short.write_bytes(data[: len(data) // 2])
    yield short
    other = folder / "with another's card.onnx"
    other.write_bytes(data)
    other.with_suffix(".toml").write_text(f'name = "other"\nversion = "1"\nsha256 = "{"0" * 64}"\n', encoding="utf-8")
    yield other
    checkpoint = folder / "checkpoint.onnx"
    checkpoint.write_bytes(pickle.dumps({"weights": [0.0] * 100}))
    yield checkpoint


def _labelled(zipped: Path, folder: Path) -> Path:
    """Crops with labels as files, one of each clip before a second of any."""
    rows = sorted(read_index(zipped), key=lambda row: row.frame)
    with zipfile.ZipFile(zipped) as archive:
        for side, fake in (("real", False), ("fake", True)):
            (folder / side).mkdir(parents=True)
            for number, row in enumerate([one for one in rows if one.fake is fake][:LABELLED]):
                (folder / side / f"{number:03}.webp").write_bytes(archive.read(row.file))
    return folder
