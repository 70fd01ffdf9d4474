"""Errors of the examination, documented as a tree.

::

    DetectorError                 base of everything below
    +-- ClipError(code)           the file cannot be examined; the message says why, in one line
    |   +-- ClipUnreadable        not a media file, truncated before the first frame, empty
    |   +-- ClipTooLarge          beyond a limit on bytes, duration, pixels or frames
    |   +-- ClipWithoutVideo      sound only
    +-- ModelError                a model file is missing, damaged, or does not fit its card

"Not applicable" is a value (see :class:`detectors.contract.Status`), never an exception.
"""

from __future__ import annotations


class DetectorError(Exception):
    """Base of all errors that this package raises on purpose."""


class ClipError(DetectorError):
    """The file cannot be examined. `code` is one word for scripts, the message one line for people."""

    code = "clip"


class ClipUnreadable(ClipError):
    """No picture can be decoded from the file."""

    code = "unreadable"


class ClipTooLarge(ClipError):
    """The file is beyond a limit on bytes, duration, pixels or frames."""

    code = "too_large"


class ClipWithoutVideo(ClipError):
    """The file holds sound but no picture."""

    code = "no_video"


class ModelError(DetectorError):
    """A model file is missing, damaged, or does not fit its card."""
