"""The options of time stamps by an authority outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from bot.config.section import Section
from bot.config.values import Duration, Kind, LocalPath, one_line, shown


def authority_address(value: object) -> str:
    """Read the address of a time-stamping authority.

    Raises:
        ValueError: it is none, or holds a login, which must not stand in this file.
    """
    text = one_line(value)
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text and text.isascii()
    except ValueError:
        whole = False
    if not whole or "@" in parts.netloc:
        raise ValueError(f"{shown(text)} is no address of an authority; write it like https://tsa.example.org/tsr")
    return text


class Timestamps(Section):
    """Time stamps (RFC 3161) over the custody log, by which others see that it existed then."""

    authority: Annotated[str, BeforeValidator(authority_address), Kind("address")] | None = Field(
        None,
        description=(
            "Address of a time-stamping authority (RFC 3161). It gets the hash of the log's latest line, and nothing "
            "else; its stamp covers all lines before. Needs the extra timestamps."
        ),
        examples=["https://freetsa.org/tsr"],
    )
    certificates: LocalPath | None = Field(
        None,
        description=(
            "PEM file with the authority's own certificates, as it publishes them: its stamps are checked by these, at "
            "once and by `doppelwatch verify`, and exported with the cases."
        ),
        examples=["secrets/timestamp-authority.pem"],
    )
    pause: Duration = Field(
        timedelta(hours=6),
        ge=timedelta(minutes=5),
        le=timedelta(days=30),
        description="Least time between two stamps; what is sealed meanwhile shares the next one.",
    )


__all__ = ["Timestamps"]
