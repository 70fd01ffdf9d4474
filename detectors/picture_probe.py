"""What can be told of how a model of another maker takes pictures: its layout, and the ranges of values to try."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from detectors.errors import ModelError
from detectors.model_input import ImageInput, shapes

RANGES: tuple[tuple[str, ImageInput], ...] = (
    ("0 to 255", ImageInput("NCHW", (0, 0), scale=1.0)),
    ("0 to 1", ImageInput("NCHW", (0, 0))),
    ("-1 to 1", ImageInput("NCHW", (0, 0), scale=127.5, mean=(1.0, 1.0, 1.0))),
    ("ImageNet mean and std", ImageInput("NCHW", (0, 0), mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))),
)
"""The usual ranges of values, the ones first that nothing but themselves looks like."""

FREE_SIDE = 224
"""Height and width where a model leaves the size open."""


def layout_of(name: str, session: onnxruntime.InferenceSession, free: int = FREE_SIDE) -> tuple[str, tuple[int, int]]:
    """Layout, and height and width, of the one picture that a model takes; a side that it leaves open is `free`.

    Raises:
        ModelError: it takes no colour picture of 16 to 1024 pixels a side, in float32.
    """
    inputs = session.get_inputs()
    told = f"it takes {shapes(inputs)}"
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        raise ModelError(f"{name}: is not an image model: {told}")
    if inputs[0].type != "tensor(float)":
        raise ModelError(f"{name}: {told}, and only float32 pictures can be given; export it so")
    shape = [side if isinstance(side, int) and side > 0 else None for side in inputs[0].shape]
    if shape[1] == 3 and shape[3] != 3:
        layout, height, width = "NCHW", shape[2], shape[3]
    elif shape[3] == 3:
        layout, height, width = "NHWC", shape[1], shape[2]
    elif shape[1] is None and shape[3] is None:
        layout, height, width = "NCHW", shape[2], shape[3]
    else:
        raise ModelError(f"{name}: is no model of colour pictures: {told}")
    size = (height or free, width or free)
    if not all(16 <= side <= 1024 for side in size):
        raise ModelError(f"{name}: takes pictures of {size[0]} x {size[1]}; 16 to 1024 pixels a side can be given")
    return layout, size


def input_lines(taken: ImageInput) -> str:
    """[input] of a card."""
    return (
        f'\n[input]\nlayout = "{taken.layout}"\nsize = {list(taken.size)}\ncolours = "{taken.colours}"\n'
        f"scale = {taken.scale}\nmean = {list(taken.mean)}\nstd = {list(taken.std)}\n"
    )


def output_line(name: str) -> str:
    """[output] of a card with the name of an output, which a file may choose freely."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'\n[output]\nname = "{quoted}"\n'


def card_head(path: Path, digest: str) -> str:
    """The first lines of the card of a file, with its SHA-256."""
    quoted = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in path.stem)
    return f'name = "{quoted}"\nversion = "1"\nsha256 = "{digest}"\n'


__all__ = ["FREE_SIDE", "RANGES", "card_head", "input_lines", "layout_of", "output_line"]
