"""Where a key stands: file, line, and the path as people write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the root of the file, such as ("people", 0, "name")."""


def dotted(path: Sequence[str | int]) -> str:
    """The path as a message writes it: `people[0].name`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a configuration was read from, and the lines of its keys.

    Attributes:
        file: the file's name as the user gave it; empty for a configuration that was made in Python.
        keys: key path to the line of the key, counted from 1; for list items the line of the item.
        values: key path to the line where the value begins.
    """

    file: str = ""
    keys: Mapping[KeyPath, int] = field(default_factory=dict)
    values: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, path: Sequence[str | int], *, of_key: bool = False) -> int | None:
        """The line of a key or value, or of the nearest thing around it that stands in the file."""
        wanted = tuple(path)
        lines = self.keys if of_key else self.values
        while wanted:
            if wanted in lines:
                return lines[wanted]
            wanted = wanted[:-1]
            lines = self.keys
        return None

    def place(self, path: Sequence[str | int], *, of_key: bool = False) -> str:
        """File, line and key for the start of a message; what is not known is left out."""
        line = self.line(path, of_key=of_key)
        where = self.file if line is None else f"{self.file}:{line}"
        return ": ".join(part for part in (where if self.file else "", dotted(path)) if part)
