"""Ask one detector with care: one that breaks gives a *failed* finding with the reason, and the others go on."""

from __future__ import annotations

import logging

from detectors.contract import Detector, Finding, Reason, Status
from detectors.errors import DetectorError, ModelError
from detectors.specimen import Specimen

_log = logging.getLogger(__name__)


def ask(detector: Detector, specimen: Specimen) -> Finding:
    """The detector's finding, or a *failed* one that says why there is none.

    Raises:
        MemoryError: the worker has reached its limit; its parent says so.
    """
    try:
        return detector.examine(specimen)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (kept in the finding: one broken signal must not hide the others)
        # our own errors say all there is to say; a trace belongs to what nobody expected
        _log.warning(
            "the %s detector failed: %s", detector.name, one_line(error), exc_info=not isinstance(error, DetectorError)
        )
        return failed(detector, error)


def failed(detector: Detector, error: Exception) -> Finding:
    """The finding of a detector that this error kept from looking."""
    return Finding(
        detector.name,
        detector.version,
        detector.question,
        Status.FAILED,
        f"The {detector.name} detector failed: {one_line(error)}",
        Reason.NO_MODEL if isinstance(error, ModelError) else Reason.DETECTOR_ERROR,
    )


def one_line(error: Exception) -> str:
    """An error as one bounded line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
