"""A group of keys: what all sections of the table of options have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator


class Section(BaseModel):
    """A group of keys. Unknown keys are errors; a key without a value counts as not written."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: object) -> object:
        """Drop known keys that have no value, and open sections that were left out.

        Sections are validated even then, so that their default paths start at the configuration file's folder.
        """
        if not isinstance(data, dict):
            return data
        known = {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
        absent: dict[str, object] = {
            name: {}
            for name, field in cls.model_fields.items()
            if name not in known and isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        }
        return {**known, **absent}
