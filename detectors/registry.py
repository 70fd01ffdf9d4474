"""All detectors, in the order in which their findings are shown. A new signal is one line here."""

from __future__ import annotations

from detectors.contract import Detector
from detectors.disclosure import Disclosure
from detectors.face_presence import FacePresence
from detectors.forgery import Forgery
from detectors.handle import Handle
from detectors.model_files import ModelSet


def detectors(models: ModelSet) -> tuple[Detector, ...]:
    """The detectors with these models; a model is loaded when its detector first needs it."""
    return (FacePresence(), Forgery(models.forgery), Handle(), Disclosure())
