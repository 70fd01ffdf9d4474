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
class Fault:
    """One thing that is wrong in a configuration.

    Attributes:
        path: the key.
        message: what is wrong and what would be right; it follows the key in the line of the error.
        of_key: the key itself is wrong, not its value.
        line: the line where that is known better than by the path.
    """

    path: KeyPath
    message: str
    of_key: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a configuration was read from, and the lines of its keys, counted from 1.

    No part of what a configuration says: two that differ in it alone are equal.

    Attributes:
        file: the file's name as the user gave it; empty for a configuration that was made in Python.
        keys: key path to the line of the key; for list items the line of the item.
        values: key path to the line where the value begins.
    """

    file: str = field(default="", compare=False)
    keys: Mapping[KeyPath, int] = field(default_factory=dict, compare=False)
    values: Mapping[KeyPath, int] = field(default_factory=dict, compare=False)

    def line(self, path: Sequence[str | int], *, of_key: bool = False) -> int | None:
        """The line of a value or key, or of the nearest thing around it that stands in the file."""
        wanted = tuple(path)
        if wanted and not of_key and wanted in self.values:
            return self.values[wanted]
        while wanted and wanted not in self.keys:
            wanted = wanted[:-1]
        return self.keys.get(wanted)

    def place(self, path: Sequence[str | int], line: int | None = None) -> str:
        """File, line and key for a message, `config.yaml:12: people[0].name`; what is unknown is left out."""
        line = line if line is not None else self.line(path)
        where = self.file if line is None or not self.file else f"{self.file}:{line}"
        return ": ".join(part for part in (where, dotted(path)) if part)
