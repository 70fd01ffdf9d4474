"""Turn what pydantic found into lines for people: place, fault, remedy, and "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.options import keys_at, option_at, options
from bot.config.places import Fault, KeyPath, Origin
from bot.config.secrets import HOW, Cookies
from bot.config.values import shown
from bot.errors import ConfigError

MAX_LINES = 20
"""Faults that are told at once; a file with more has one cause, and its first lines show it."""


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like the given one, or None where none is."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, 1)
    return folded[near[0]] if near else None


def faults_of(error: ValidationError) -> list[Fault]:
    """What pydantic found, without the values that it saw beneath `secrets`."""
    return [_fault(details) for details in error.errors(include_url=False)]


def as_error(faults: Sequence[Fault], origin: Origin) -> ConfigError:
    """One error of all faults, a line each, in the order of the file."""
    placed = sorted(
        ((fault.line or origin.line(fault.path, of_key=fault.of_key), fault) for fault in faults),
        key=lambda pair: pair[0] or 0,
    )
    lines = [f"{origin.place(_safe(fault.path), line)}: {fault.message}" for line, fault in placed[:MAX_LINES]]
    if len(placed) > MAX_LINES:
        lines.append(f"{origin.file}: and {len(placed) - MAX_LINES} more")
    return ConfigError("\n".join(lines))


def _safe(path: KeyPath) -> KeyPath:
    """The path as far as it may be shown: beneath `secrets` an unknown word may be a secret in the wrong place."""
    if path[:1] != ("secrets",):
        return path
    allowed = (
        {"secrets"},
        {"cookies", "mail_password", "apprise"},
        {*Cookies.PLATFORMS, "env", "file"},
        {"env", "file"},
    )
    length = 0
    while length < min(len(path), len(allowed)) and path[length] in allowed[length]:
        length += 1
    return path[:length]


def _fault(details: ErrorDetails) -> Fault:
    path: KeyPath = tuple(details["loc"])
    match details["type"]:
        case "extra_forbidden":
            return Fault(path, _unknown_key(path), of_key=True)
        case "missing":
            option = option_at(path)
            example = f", such as {shown(option.example)}" if option is not None and option.example is not None else ""
            return Fault(path, f"is missing; write it{example}")
        case "value_error":
            return Fault(path, str(details["ctx"]["error"]))
    if path[:1] == ("secrets",):
        # what stands there may be a secret, so it is not quoted
        return Fault(path, f"must say where to read the secret: {HOW}" if len(path) > 2 else _shape(path))
    return Fault(path, _misfit(path, details))


def _misfit(path: KeyPath, details: ErrorDetails) -> str:
    """What must stand where something of another type or size stands."""
    kind, value = details["type"], details["input"]
    option = option_at(path)
    if kind in ("greater_than_equal", "less_than_equal") and option is not None:
        # pydantic hands over the text where the value is optional, else what was read from it
        written = shown(value).strip('"') if isinstance(value, str) else option.kind.write(value)
        return f"must be {option.bounds}, not {written}"
    if kind.startswith("int"):
        quotes = ", without quotes" if isinstance(value, str) and value.isdigit() else ""
        return f"must be a whole number{quotes}, not {shown(value)}"
    return f"{_shape(path)}, not {shown(value)}"


def _shape(path: KeyPath) -> str:
    """What must stand where something of another shape stands."""
    option = option_at(path)
    if option is not None and option.is_list and not isinstance(path[-1], int):
        return 'must be a list: one item a line, each after "- "'
    keys = keys_at(path)
    if keys:
        return f"must be a group of keys ({', '.join(keys)})"
    if option is None:
        return "is not written as it must be"
    article = "" if option.kind.name == "text" else "an " if option.kind.name[0] in "aeiou" else "a "
    return f"must be {article}{option.kind.name}"


def _unknown_key(path: KeyPath) -> str:
    """What to do about a key that is none: the one that was meant, the section where it belongs, or all there are."""
    word = str(path[-1])
    here = keys_at(path[:-1])
    near = meant(word, here)
    if near is not None:
        return f'is no key here; did you mean "{near}"?'
    if path[0] != "secrets":
        wanted = meant(word, {option.name for option in options()})
        elsewhere = " or ".join(option.key for option in options() if option.name == wanted)
        if elsewhere:
            return f"is no key here; did you mean {elsewhere}?"
    verb = "holds a key that is none here" if path[0] == "secrets" else "is no key here"
    return f"{verb}; keys here: {', '.join(here)}"
