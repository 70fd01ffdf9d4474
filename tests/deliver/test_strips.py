"""The pictures of a card side by side: which, in which order, how large."""

from __future__ import annotations

import cv2
import numpy as np

from bot.deliver.strips import HEIGHT, WIDEST, strip
from bot.digest.model import Picture
from detectors.exhibits import jpeg

BLUE, GREEN, RED = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def plain(colour: tuple[int, int, int], width: int, height: int) -> Picture:
    """A picture of one colour (blue, green, red)."""
    return Picture(jpeg(np.full((height, width, 3), colour[::-1], np.uint8)), width, height, "a label", at_s=1.0)


def columns(picture: bytes | None) -> tuple[list[tuple[int, int, int]], tuple[int, int]]:
    """The colours from left to right, each once, without what lies between; width and height."""
    assert picture is not None
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    middle = decoded[decoded.shape[0] // 2].astype(int)
    seen: list[tuple[int, int, int]] = []
    for pixel in middle:
        for colour in (BLUE, GREEN, RED):
            if np.abs(pixel - colour).max() < 60 and seen[-1:] != [colour]:
                seen.append(colour)
    return seen, (decoded.shape[1], decoded.shape[0])


def test_the_reference_photo_stands_before_the_frames() -> None:
    found, (width, height) = columns(strip([plain(GREEN, 180, 320)], plain(BLUE, 224, 224)))
    assert found == [BLUE, GREEN]
    assert (width, height) == (220 + 4 + 124, HEIGHT)


def test_a_wide_frame_is_never_lost_to_the_reference_photo() -> None:
    found, (width, height) = columns(strip([plain(GREEN, 640, 360)], plain(BLUE, 224, 224)))
    assert found == [BLUE, GREEN]
    assert width == WIDEST
    assert height < HEIGHT


def test_the_compared_face_and_two_upright_frames_find_room_beside_it() -> None:
    shown = [plain(RED, 224, 224), plain(GREEN, 360, 640), plain(RED, 360, 640), plain(GREEN, 360, 640)]
    found, (width, _) = columns(strip(shown, plain(BLUE, 224, 224)))
    assert found == [BLUE, RED, GREEN, RED]
    assert width <= WIDEST


def test_without_a_frame_there_is_no_strip() -> None:
    assert strip([], plain(BLUE, 224, 224)) is None
