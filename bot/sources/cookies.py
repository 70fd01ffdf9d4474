"""Cookies of a login as people have them: a Netscape cookie file, or the header that a browser shows."""

from __future__ import annotations

from bot.errors import SourceError

FIRST_LINE = "# Netscape HTTP Cookie File"
FIELDS = 7
"""Domain, subdomains, path, secure, expiry, name, value, separated by tabs."""

FOREVER = 2**31 - 1


def netscape(text: str, domain: str) -> str:
    """The text as a Netscape cookie file.

    Args:
        text: such a file, or `name=value; name=value`, which is then sent over TLS to `domain` alone.
        domain: with a leading dot, for the names below as well.

    Raises SourceError where it is neither; the message never holds a part of the text.
    """
    lines = [line for line in text.strip().splitlines() if line.strip()]
    rows = [line for line in lines if not line.startswith("#") or line.startswith("#HttpOnly_")]
    if rows and all(len(row.split("\t")) == FIELDS for row in rows):
        return "\n".join((FIRST_LINE, *rows, ""))
    if len(rows) == 1 and "\t" not in rows[0]:
        pairs = [part.strip().partition("=") for part in rows[0].split(";") if part.strip()]
        if pairs and all(name and equals for name, equals, _ in pairs):
            made = ("\t".join((domain, "TRUE", "/", "TRUE", str(FOREVER), name, value)) for name, _, value in pairs)
            return "\n".join((FIRST_LINE, *made, ""))
    raise SourceError(
        f"the cookies for {domain.lstrip('.')} cannot be read: give a Netscape cookie file, as browsers' export "
        "add-ons write it, or one line like name=value; name=value"
    )


__all__ = ["netscape"]
