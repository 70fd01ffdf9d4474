"""Who the identity model is never trained on: one rule for training, its measurement and the benchmarks.

It needs no torch, so that what was kept out can be told and measured wherever the product runs.
"""

from __future__ import annotations

from training.data import held_out
from training.forgery_split import HELD_OUT as FORGERY_COLLECTIONS
from training.forgery_split import clip_kept_out as forgery_clip_kept_out
from training.forgery_split import kept_out as forgery_kept_out

HELD_OUT = {"lfw": 0.3, "utkface": 0.3}
"""Share of people (LFW) and of pictures (UTKFace, which names nobody) that is never trained on."""

_SALT = "identity"


def kept_out(name: str) -> bool:
    """Tell whether faces of this name are never trained on, not even as unlabelled pictures for the teacher.

    The forgery model starts from the trunk of this one, so what is kept out there is kept out here, too.

    Args:
        name: `lfw:Person_Name` (not the file), `utkface:FILE` (without folders), `COLLECTION:GROUP` of a forgery
            collection, or `clips:GROUP` of a whole clip.

    Raises:
        ValueError: there is no rule for such a name.
    """
    source, colon, own = name.partition(":")
    if not colon or not own:
        raise ValueError(f'"{name}" must be SOURCE:NAME')
    if "/" in own and source in HELD_OUT:
        raise ValueError(f'"{name}" holds a folder; give the person of an LFW picture, the file of a UTKFace picture')
    if source in HELD_OUT:
        return held_out(own, HELD_OUT[source], _SALT)
    if source in FORGERY_COLLECTIONS:
        return forgery_kept_out(source, own)
    if source == "clips":
        return forgery_clip_kept_out(own)
    raise ValueError(f'"{name}": there is no rule for {source}; write one, or nothing of it is ever measured')


def half_of(person: str) -> int:
    """Which half of what was kept out a person or picture belongs to: 0 is measured, 1 fits the calibration."""
    return int(held_out(person, 0.5, f"{_SALT}-half"))
