"""What is kept of a profile's picture: hashes by which it is found again, within bounds, and a small one for people."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.errors import ClipError
from detectors.pdq import SAME_PICTURE, distance, picture_hash
from detectors.profile_picture import LIMITS, SHOWN_SIDE, photo_hashes, profile_picture
from tests.detectors.test_pdq import scene


def written(path: Path, picture: NDArray[np.uint8]) -> Path:
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return path


def test_a_picture_has_the_hashes_of_the_whole_its_mirror_image_and_its_middle(tmp_path: Path) -> None:
    picture = scene(1, 300, 200)
    made = profile_picture(written(tmp_path / "a.png", picture)).hashes
    assert made.whole is not None
    assert made.mirrored is not None
    assert made.square is not None
    assert distance(made.whole, picture_hash(picture).bits) <= 4
    assert distance(made.mirrored, picture_hash(picture).mirrored) <= 4
    assert distance(made.square, picture_hash(np.ascontiguousarray(picture[:, 50:250])).bits) <= 4
    assert distance(made.square, made.whole) > SAME_PICTURE
    assert photo_hashes(tmp_path / "a.png") == made


def test_what_people_see_is_small_and_made_here(tmp_path: Path) -> None:
    path = written(tmp_path / "a.png", scene(2, 900, 600))
    path.write_bytes(path.read_bytes() + b"<script>")
    jpeg = profile_picture(path).jpeg
    assert b"<script>" not in jpeg
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert max(shown.shape[:2]) == SHOWN_SIDE


def test_a_plain_picture_has_no_hashes(tmp_path: Path) -> None:
    made = profile_picture(written(tmp_path / "a.png", np.full((90, 90, 3), 90, np.uint8)))
    assert (made.hashes.whole, made.hashes.mirrored, made.hashes.square) == (None, None, None)
    assert made.jpeg


def test_more_pixels_than_a_profile_has_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    wide = written(tmp_path / "a.png", np.zeros((4000, LIMITS.max_pixels // 4000 + 1, 3), np.uint8))
    with pytest.raises(ClipError, match="pixels"):
        profile_picture(wide)
