"""Ask the detectors of the context: what the watcher knows of a post besides its bytes.

Words, reach and copies change after the clip was examined, so this is cheap, runs in the watcher's own process and is
repeated whenever the post is judged. Nothing here loads a decoder or a model.
"""

from __future__ import annotations

from detectors.asking import ask
from detectors.contract import Finding
from detectors.registry import context_detectors
from detectors.specimen import Specimen


def consider(specimen: Specimen) -> tuple[Finding, ...]:
    """Ask every detector of the context; one that breaks gives a *failed* finding with the reason.

    Args:
        specimen: what is known of account and post; its clip is not looked at.
    """
    return tuple(ask(detector, specimen) for detector in context_detectors())
