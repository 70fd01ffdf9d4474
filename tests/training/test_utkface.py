"""What the name of a UTKFace picture says."""

from __future__ import annotations

import pytest

from training.utkface import ORDER, groups_of


@pytest.mark.parametrize(
    ("file", "groups"),
    [
        ("36_0_3_20170119201742501.jpg.chip.webp", ("age 20-39", "male", "Indian")),
        ("some/folder/9_1_0_x.webp", ("age 0-9", "female", "White")),
        ("116_1_4_x.webp", ("age 60-120", "female", "other")),
    ],
)
def test_a_name_tells_three_groups(file: str, groups: tuple[str, str, str]) -> None:
    assert groups_of(file) == groups
    assert set(groups) <= set(ORDER)


@pytest.mark.parametrize("file", ["portrait.webp", "36_2_0_x.webp", "36_0_9_x.webp", "36_0.webp", "-1_0_0_x.webp"])
def test_another_name_is_refused(file: str) -> None:
    with pytest.raises(ValueError, match="is no name of a UTKFace picture"):
        groups_of(file)
