"""Pictures through H.264 and back, in memory, on one thread."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np

from training.data import Image


def through_h264(pictures: Iterable[Image], rate: int, **options: str) -> list[Image]:
    """Encode pictures as the frames of one stream, and decode it.

    Args:
        pictures: uint8 [height, width, 3] RGB, all of one size with even sides; at least one.
        rate: constant rate factor, 0 to 51.
        options: further ones of libx264.

    Returns:
        As many pictures of the same size.
    """
    encoder = av.CodecContext.create("libx264", "w")
    encoder.pix_fmt, encoder.time_base, encoder.thread_count = "yuv420p", Fraction(1, 25), 1
    encoder.options = {"crf": str(rate), **options}
    packets = []
    for picture in pictures:
        if not encoder.is_open:
            encoder.height, encoder.width = picture.shape[:2]
        packets += encoder.encode(av.VideoFrame.from_ndarray(picture, format="rgb24"))
    packets += encoder.encode(None)
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
    return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in frames]
