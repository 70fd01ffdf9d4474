"""The command line of the trainings."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path

import cv2

from training.settings import Settings

SUBJECTS = {
    "faces": "training.faces",
    "identity": "training.identity",
    "forgery": "training.forgery",
    "voice": "training.voice",
    "all": "training.every",
    "left-out": "training.left_out",
    "motion": "training.motion",
}
"""What can be asked for, and the module whose `train(settings)` does it."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train one of the shipped models, or all of them in one budget, and write ONNX files and cards. "
        "left-out measures what the forgery model makes of methods that it has never seen, motion whether the movement "
        "of faces tells them from genuine ones; both write a table into the work folder and no model.",
        epilog="Example: python -m training all --data ../shared/data --minutes 240 --loaders 8 --out models",
    )
    parser.add_argument("subject", choices=SUBJECTS)
    data = Path(os.environ.get("DOPPELWATCH_DATA", "../shared/data"))
    parser.add_argument("--data", type=Path, default=data, help="data folder (default: %(default)s)")
    parser.add_argument(
        "--teachers", type=Path, default=None, help="teachers' ONNX files (default: DATA/../models/teachers)"
    )
    parser.add_argument("--out", type=Path, default=Path("detectors/models"), help="where model and card go")
    parser.add_argument(
        "--work",
        type=Path,
        default=None,
        help="checkpoints and prepared data (default: .training/SUBJECT; left-out shares that of forgery)",
    )
    parser.add_argument("--minutes", type=float, default=30.0, help="time budget of the optimisation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="threads of the optimisation")
    parser.add_argument("--loaders", type=int, default=1, help="processes that prepare batches")
    parser.add_argument(
        "--start",
        type=Path,
        default=None,
        metavar="FILE",
        help="the ONNX file of an earlier model to go on from (default: train anew); forgery also takes an identity "
        "model or a checkpoint (default there: identity.onnx beside the output; without it, one is trained first)",
    )
    parser.add_argument("--fresh", action="store_true", help="ignore checkpoints in the work folder")
    forgery = parser.add_argument_group("forgery only")
    forgery.add_argument(
        "--beside",
        type=Path,
        default=None,
        metavar="FILE",
        help="an earlier forgery model: the new file answers with the mean of both",
    )
    forgery.add_argument(
        "--steps", type=int, default=None, help="length of the second phase in steps, where runs are to be compared"
    )
    forgery.add_argument(
        "--leave-out", default="", metavar="METHOD", help="a method or collection that is not trained on"
    )
    return parser


def main() -> None:
    """Run the training that was asked for."""
    given = _parser().parse_args()
    # before anything starts OpenCV's thread pool: loaders are forked, and a forked pool waits for ever
    cv2.setNumThreads(1)
    settings = Settings(
        data=given.data,
        teachers=given.teachers or given.data.parent / "models" / "teachers",
        out=given.out,
        work=given.work or Path(".training") / ("forgery" if given.subject == "left-out" else given.subject),
        minutes=given.minutes,
        seed=given.seed,
        threads=given.threads,
        loaders=given.loaders,
        resume=not given.fresh,
        start=given.start,
        leave_out=given.leave_out,
        steps=given.steps,
        beside=given.beside,
    )
    # imported late: one subject's training does not need what another's does
    importlib.import_module(SUBJECTS[given.subject]).train(settings)


if __name__ == "__main__":
    main()
