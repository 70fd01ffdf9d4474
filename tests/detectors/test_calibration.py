"""What a score is worth changes with what is left to see of the face."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.calibration import Platt, QualityTerms, fit_platt, fit_platt_by_quality
from detectors.detail import detail
from detectors.errors import ModelError
from detectors.model_files import read_card

TERMS = QualityTerms(slope=0.2, offset=-0.3, low=-3.0, middle=-2.0, high=-1.0)


def test_slope_and_offset_move_with_quality() -> None:
    platt = Platt(0.5, 0.1, 0.7, quality=TERMS)
    assert platt.log10_lr(0.4, -2.0) == pytest.approx(0.3)
    assert platt.log10_lr(0.4, -1.5) == pytest.approx((0.5 + 0.1) * 0.4 + 0.1 - 0.15)
    assert platt.log10_lr(0.4, -9.0) == platt.log10_lr(0.4, -3.0)
    assert platt.log10_lr(0.4, 0.0) == platt.log10_lr(0.4, -1.0)


def test_unknown_quality_counts_as_middling_and_the_bound_holds() -> None:
    platt = Platt(0.5, 0.1, 0.7, quality=TERMS)
    assert platt.log10_lr(0.4) == platt.log10_lr(0.4, math.nan) == platt.log10_lr(0.4, -2.0)
    assert platt.log10_lr(100.0, -3.0) == 0.7


def test_a_plain_calibration_ignores_quality() -> None:
    assert Platt(0.5, 0.1, 0.7).log10_lr(0.4, -3.0) == pytest.approx(0.3)


@pytest.mark.parametrize(
    "numbers", [(math.nan, 0, 0, 0, 0), (0, 0, 1, 0, 2), (0, 0, -1, 0, -0.5), (0, math.inf, 0, 0, 0)]
)
def test_terms_that_cannot_be_are_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="low <= middle <= high"):
        QualityTerms(*numbers)


def test_a_shift_that_follows_quality_is_taken_out() -> None:
    random = np.random.default_rng(3)
    positive = np.arange(6000) % 2 == 1
    quality = random.uniform(-3, -1, 6000)
    scores = random.normal(0, 1, 6000) + 2.0 * positive + 1.5 * (quality + 2)
    weight = np.ones(6000)
    a, b, terms = fit_platt_by_quality(scores, quality, positive, weight, ridge=1e-9)
    by_quality, plain = Platt(a, b, 9, quality=terms), Platt(*fit_platt(scores, positive, weight), 9)
    poor = (quality < -2.7) & ~positive
    told = np.mean([by_quality.log10_lr(s, q) > 0 for s, q in zip(scores[poor], quality[poor], strict=True)])
    untold = np.mean([plain.log10_lr(s) > 0 for s in scores[poor]])
    # two unit normals two apart: sixteen of a hundred lie on the wrong side of the middle
    assert told == pytest.approx(0.16, abs=0.03)
    assert untold < 0.08
    assert terms.middle == pytest.approx(-2, abs=0.05)


def test_detail_falls_with_blur_and_compression_and_not_with_light() -> None:
    random = np.random.default_rng(0)
    coarse = cv2.resize(random.integers(0, 256, (14, 14, 3)).astype(np.uint8), (112, 112))
    face = np.clip(coarse * 0.7 + random.normal(0, 12, (112, 112, 1)) + 30, 0, 255).astype(np.uint8)
    soft = np.asarray(cv2.GaussianBlur(face, (0, 0), 1.5), np.uint8)
    _, data = cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, 10])
    squeezed = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    assert detail(soft) < detail(face) - 1
    assert detail(squeezed) < detail(face) - 0.2
    assert detail((face // 2).astype(np.uint8)) == pytest.approx(detail(face), abs=0.05)
    assert detail(np.zeros((112, 112, 3), np.uint8)) == pytest.approx(-2)


def _card(folder: Path, quality: str) -> Path:
    path = folder / "m.toml"
    path.write_text(
        'name = "m"\nversion = "1"\nsha256 = "00"\n'
        f'[calibration]\nmethod = "platt"\na = 1.0\nb = 0.0\nmax_abs_log10_lr = 0.7\n{quality}\n'
    )
    return path


def test_a_card_may_tell_how_quality_counts(tmp_path: Path) -> None:
    terms = "quality = { slope = 0.2, offset = -0.3, low = -3.0, middle = -2.0, high = -1.0 }"
    calibration = read_card(_card(tmp_path, terms)).calibration
    assert calibration is not None
    assert calibration.quality == TERMS


@pytest.mark.parametrize("terms", ["quality = 3", "quality = { slope = 0.2 }", 'quality = { slope = "much" }'])
def test_a_card_with_half_of_the_terms_is_refused(tmp_path: Path, terms: str) -> None:
    with pytest.raises(ModelError, match="calibration"):
        read_card(_card(tmp_path, terms))
