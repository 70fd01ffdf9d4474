"""What the name of a UTKFace picture says of the person: age_sex_ethnicity_..."""

from __future__ import annotations

from pathlib import PurePosixPath

AGES = ((0, 9), (10, 19), (20, 39), (40, 59), (60, 120))
SEXES = ("male", "female")
ETHNICITIES = ("White", "Black", "Asian", "Indian", "other")

ORDER = (*(f"age {least}-{most}" for least, most in AGES), *SEXES, *ETHNICITIES)
"""All groups, in the order in which they are told."""


def groups_of(file: str) -> tuple[str, str, str]:
    """Age group, sex and ethnicity of a picture, by its name.

    Raises:
        ValueError: the name says none, or one that the collection does not have.
    """
    try:
        age, sex, ethnicity = (int(part) for part in PurePosixPath(file).name.split("_")[:3])
        band = next(f"age {least}-{most}" for least, most in AGES if least <= age <= most)
        return band, SEXES[sex], ETHNICITIES[ethnicity]
    except (ValueError, IndexError, StopIteration) as error:
        raise ValueError(f'"{file}" is no name of a UTKFace picture (age_sex_ethnicity_...)') from error
