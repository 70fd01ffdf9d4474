"""All detectors, in the order in which their findings are shown. A new signal is one line here.

They come in two groups, because they are asked at different times. Detectors of the *clip* look at bytes that never
change, in a worker process, once. Detectors of the *context* look at what the watcher knows of the post besides its
bytes (words, reach, copies); that changes, so they are asked again whenever the post is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detectors.contract import Detector
from detectors.copies import Copies
from detectors.disclosure import Disclosure
from detectors.handle import Handle
from detectors.harm import Harm
from detectors.picture import Picture
from detectors.provenance_label import PlatformLabel
from detectors.spread import Spread

if TYPE_CHECKING:
    from detectors.model_files import ModelSet


def clip_detectors(models: ModelSet) -> tuple[Detector, ...]:
    """The detectors of the clip with these models; a model is loaded when its detector first needs it."""
    # imported here, because judging, which asks only the others, must not load decoder, image work and inference
    from detectors.drift import Drift
    from detectors.face_presence import FacePresence
    from detectors.forgery import Forgery
    from detectors.glitches import Glitches
    from detectors.identity import Identity
    from detectors.provenance import Provenance
    from detectors.screen_text import ScreenText
    from detectors.voice import Voice
    from detectors.voice_mismatch import VoiceMismatch

    return (
        FacePresence(),
        Forgery(models.forgery),
        Identity(models.identity),
        Drift(models.identity),
        Glitches(),
        Voice(models.voice),
        VoiceMismatch(models.voice, models.identity),
        Provenance(models.trust_list),
        ScreenText(),
    )


def context_detectors() -> tuple[Detector, ...]:
    """The detectors of what is known besides the bytes; they are cheap and load no library of the workers."""
    return (Handle(), Picture(), Disclosure(), Harm(), PlatformLabel(), Copies(), Spread())


def detectors(models: ModelSet) -> tuple[Detector, ...]:
    """All of them."""
    return (*clip_detectors(models), *context_detectors())
