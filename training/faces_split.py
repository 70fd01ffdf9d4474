"""Who is kept out of the face detector's training; by person and by clip group, see `training.data.held_out`."""

HELD_OUT = 0.25
"""Share of people and of clip groups that the detector never sees, and on which it is measured."""

TUNED = 0.30
"""Those between HELD_OUT and this share are neither trained on nor measured on: the threshold is chosen on them."""
