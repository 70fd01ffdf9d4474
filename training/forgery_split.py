"""Which groups the forgery model is never trained on: one rule for training, its measurement and the benchmarks.

It needs no torch, so that what was kept out can be told and measured wherever the product runs.
"""

from __future__ import annotations

from training.data import held_out

HELD_OUT = {"dfdc": 0.12, "faceforensics": 0.5, "openforensics": 0.1}
"""Share of groups that is never trained on; half of the FaceForensics++ pairs, so that clips can be measured."""


def kept_out(collection: str, group: str) -> bool:
    """Tell whether a group (original clip, identity pair or picture) of a collection is never trained on."""
    return held_out(group, HELD_OUT[collection], "forgery")


def clip_kept_out(group: str) -> bool:
    """The same for a whole clip of the data folder: those of FaceForensics++ pairs follow that collection's split.

    All others are of people and methods that no collection holds.
    """
    return not group.startswith("ffpp") or kept_out("faceforensics", group)


def genuine_kept_out(group: str) -> bool:
    """The same for `lfw:Person` and `utkface:FILE`; many of the latter, which measure false alarms by age and sex."""
    return held_out(group, 0.4 if group.startswith("utkface:") else 0.1, "forgery")
