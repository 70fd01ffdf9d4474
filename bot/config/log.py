"""The options of the log."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.config.delivery import one_of
from bot.config.section import Section
from bot.config.values import Count, Kind, LocalPath, Size
from bot.log.lines import Shape

MB = 1000**2
GB = 1000**3


class Log(Section):
    """What the watch says of its work."""

    file: LocalPath | None = Field(
        None,
        description=(
            "File for the log of `run`, `once`, `digest` and `deliver`, beside what they say on standard error. It "
            "holds addresses of accounts and names of files, never secrets, and is closed to other users."
        ),
        examples=["watch/log/doppelwatch.log"],
    )
    format: Annotated[str, BeforeValidator(one_of(*Shape)), Kind("text or json")] = Field(
        str(Shape.TEXT),
        description="How lines are written, in the file and on standard error: text for people, json for programs.",
    )
    size: Size = Field(
        10 * MB,
        ge=10_000,
        le=10 * GB,
        description="Size at which the file is put aside as doppelwatch.log.1 and a new one is begun.",
    )
    keep: Count = Field(5, ge=1, le=100, description="Files put aside that are kept; the oldest goes.")


__all__ = ["Log"]
