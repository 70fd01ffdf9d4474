"""How like looks are to photos: the mean over pairs, which stays on the scale of single pairs."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.likeness import likeness
from detectors.specimen import FaceReference, TrackLooks

EYE = np.eye(4, dtype=np.float32)


def looks(*rows: int, quality: tuple[float, ...] | None = None) -> TrackLooks:
    """Looks that are the axes of these numbers."""
    weights = np.array(quality or [1.0] * len(rows), np.float32)
    return TrackLooks(0, np.arange(len(rows), dtype=np.float64), EYE[list(rows)], weights)


def test_every_pair_counts_by_the_quality_of_its_look() -> None:
    found = likeness(looks(0, 1, quality=(0.75, 0.25)), FaceReference("A", EYE[[0, 2]], ""))
    assert found.cosine == pytest.approx((0.75 + 0) / 2)
    assert found.nearest == pytest.approx(0.75)
    assert found.by_look == pytest.approx([0.5, 0.0])


def test_unlike_photos_do_not_stretch_the_scale() -> None:
    """The cosine with the mean of two photos at right angles would be .71 where each pair says .5 on the mean."""
    assert likeness(looks(0), FaceReference("A", EYE[[0, 1]], "")).cosine == pytest.approx(0.5)


def test_looks_of_no_quality_count_alike() -> None:
    assert likeness(looks(0, 1, quality=(0.0, 0.0)), FaceReference("A", EYE[[0]], "")).cosine == pytest.approx(0.5)


@pytest.mark.parametrize("count", [(0, 1), (1, 0)])
def test_nothing_to_compare_is_an_error(count: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no looks, or no photos"):
        likeness(looks(*range(count[0])), FaceReference("A", EYE[: count[1]], ""))
