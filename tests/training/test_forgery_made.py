"""Fakes made from genuine faces change what they say they change; the compressed copy keeps rows and loses detail."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.detail import detail
from training.data import Image
from training.forgery_blend import exchange, face_mask, mouth_mask, re_render, self_blend
from training.forgery_codec import compressed, crops_through_h264
from training.forgery_data import Collection

POINTS = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.75], [0.65, 0.75]], np.float32)


def _picture(seed: int) -> Image:
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 216, (10, 10, 3)).astype(np.uint8)
    smooth = cv2.resize(coarse, (160, 160), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return np.clip(smooth + random.normal(0, 6, (160, 160, 1)), 0, 255).astype(np.uint8)


def test_a_self_blend_changes_the_face_more_than_its_surroundings() -> None:
    face = _picture(0)
    inside, outside = [], []
    for seed in range(12):
        apart = np.abs(self_blend(face, POINTS, np.random.default_rng(seed)).astype(int) - face).mean(2)
        inside.append(apart[60:110, 60:100].mean())
        outside.append(apart[:12].mean())
    assert np.mean(inside) > np.mean(outside) + 2
    assert min(outside) < 0.5


def test_an_exchange_brings_the_other_face_in_the_colours_of_this_one() -> None:
    face = np.full((160, 160, 3), 120, np.uint8)
    face[::2] = 130
    other = _picture(1)
    out = exchange(face, POINTS, other, POINTS, np.random.default_rng(4)).astype(int)
    assert np.array_equal(out[:8], face[:8])
    middle = out[70:100, 60:100]
    assert np.abs(middle - face[70:100, 60:100]).mean() > 2
    assert abs(middle.mean() - 125) < 25


def test_re_rendering_spares_the_eyes_when_only_the_mouth_is_meant() -> None:
    face, other = np.zeros((160, 160, 3), np.uint8), np.full((160, 160, 3), 200, np.uint8)
    kinds = set()
    for seed in range(60):
        out = re_render(face, POINTS, other, np.random.default_rng(seed))
        mouth, forehead = out[110:130, 70:90].mean() > 20, out[:6].mean() > 20
        eyes = out[60:68, 44:52].mean() > 20
        kinds.add((bool(forehead), bool(eyes), bool(mouth)))
    assert {(True, True, True), (False, True, True), (False, False, True)} <= kinds


@pytest.mark.parametrize("mask_of", [face_mask, mouth_mask])
def test_masks_are_soft_and_leave_the_border_alone(mask_of: object) -> None:
    assert callable(mask_of)
    mask = mask_of(160, POINTS, np.random.default_rng(0))
    assert mask.shape == (160, 160)
    assert 0.4 < mask.max() <= 1.0
    assert mask[:4].max() == 0
    assert ((mask > 0.05) & (mask < 0.9 * mask.max())).any()


def test_a_low_rate_takes_detail_away_and_keeps_the_picture() -> None:
    faces = [_picture(seed) for seed in range(5)]
    fine, coarse = (list(crops_through_h264(faces, 160, rate, np.random.default_rng(0))) for rate in (18, 38))
    assert len(fine) == len(coarse) == 5
    for face, good, poor in zip(faces, fine, coarse, strict=True):
        assert np.abs(good.astype(int) - face).mean() < np.abs(poor.astype(int) - face).mean() < 25
        assert detail(poor) < detail(good) < detail(face) + 0.05


def test_the_compressed_copy_has_the_rows_of_the_original_and_is_made_once(tmp_path: Path) -> None:
    pixels = np.stack([np.full((160, 160, 3), 20 * number, np.uint8) for number in range(12)])
    nothing = np.full((12, 5, 2), np.nan, np.float32)
    collection = Collection(
        "some", pixels, np.arange(12) % 2 == 0, ["g"] * 12, [""] * 12, nothing, np.zeros(12, np.bool_)
    )
    copy = compressed(collection, tmp_path, 0)
    assert np.abs(copy.astype(int).mean((1, 2, 3)) - 20 * np.arange(12)).max() < 6
    made = (tmp_path / "some-compressed.npy").stat().st_mtime_ns
    assert np.array_equal(compressed(collection, tmp_path, 5), copy)
    assert (tmp_path / "some-compressed.npy").stat().st_mtime_ns == made
